"""manage.py again and again, each time as if it were started, from one process that has read its libraries already.

For commands that end before they have read the whole project: of such a start the libraries take nearly all the time.
The process that is divided has read nothing of the project; it has no settings, no thread and no connection.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from subprocess import CompletedProcess

from tests.support.content import ROOT

PARENT = """
import json, os, runpy, sys, tempfile
import csp.constants, django.core.management, django.core.validators, django.db.models, django_stubs_ext, environs
import joserfc.jwk, structlog

for line in sys.stdin:
    arguments, environment = json.loads(line)
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(said.fileno(), 1)
            os.dup2(complained.fileno(), 2)
            os.environ.clear()
            os.environ.update(environment)
            sys.argv[:] = ["manage.py", *arguments]
            runpy.run_path("manage.py", run_name="__main__")
            sys.exit()
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = [os.pread(file.fileno(), 1_000_000, 0).decode() for file in (said, complained)]
    print(json.dumps([status, *texts]), flush=True)
"""

Run = Callable[[list[str], Mapping[str, str]], CompletedProcess[str]]


@contextmanager
def forked_commands() -> Iterator[Run]:
    """Yield a function of the arguments and of the whole environment, which returns how the command ended."""
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:

        def run(arguments: list[str], environment: Mapping[str, str]) -> CompletedProcess[str]:
            print(json.dumps([arguments, dict(environment)]), file=parent.stdin, flush=True)
            status, said, complained = json.loads(parent.stdout.readline())
            return CompletedProcess(arguments, status, said, complained)

        yield run
        parent.stdin.close()
