"""YAML from people's files: refused if it is larger, deeper or more cunning than any such file needs to be."""

from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

MIB = 1024 * 1024
# Bytes of one file.
LARGEST_FILE = 20 * MIB
# Levels of a file; those of a content pack have about ten.
DEEPEST = 50
# What reading raises for a file that cannot be read as YAML. OSError besides, for one that cannot be read at all.
UNREADABLE = (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError)


class PlainLoader(yaml.SafeLoader):
    """YAML loader that refuses aliases, because a few bytes of them can expand to gigabytes, and what is too deep:
    each level costs time before Python's own limit ends it.
    """

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            told = _("an alias (*%(name)s) is used. Write the value out.")
            raise yaml.YAMLError(told % {"name": self.peek_event().anchor})  # type: ignore[no-untyped-call]
        if self.depth >= DEEPEST:
            raise yaml.YAMLError(_("it is nested too deeply."))
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def read_yaml(path: Path, *, most_bytes: int = LARGEST_FILE) -> Any:
    """Return what the file says. Raises OSError, or one of ``UNREADABLE`` with a reason in the active language."""
    with path.open("rb") as file:
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise yaml.YAMLError(_("it is larger than %(most)s KiB.") % {"most": most_bytes // 1024})
    return yaml.load(content.decode("utf-8"), PlainLoader)  # noqa: S506  a SafeLoader
