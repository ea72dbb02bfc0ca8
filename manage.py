#!/usr/bin/env python
"""Every command of the privacy center: ``manage.py help`` lists them."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privacycenter.settings")
    if sys.argv[1:2] == ["init_site"]:
        from privacycenter.operation.new_environment import begin_environment

        begin_environment(sys.argv[2:])
    from django.core.management import execute_from_command_line

    from privacycenter.sandbox.commands import go_by_its_clock

    go_by_its_clock()
    execute_from_command_line(sys.argv)
