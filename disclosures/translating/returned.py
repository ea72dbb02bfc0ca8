"""What a file from a translator holds, whatever its format, and what is wrong with it."""

from dataclasses import dataclass, field

# Larger than all texts of a large site in one language.
LARGEST_FILE = 5 * 1024 * 1024
LARGEST_TOLD = "5 MiB"
MOST_UNITS = 20_000


@dataclass(frozen=True)
class Problem:
    """One fault. ``where``: a line of the file, empty for the whole; ``unit``: the text's name, empty for none."""

    where: str
    unit: str
    reason: str


@dataclass(frozen=True)
class ReturnedUnit:
    """One translation. ``where``: its line or place in the file.

    The hashes are those of the Japanese text and of the translation when the file was made; empty if it says none.
    """

    id: str
    where: str
    source: str
    target: str
    source_sha256: str = ""
    target_sha256: str = ""


@dataclass
class Returned:
    """A whole file. ``language``: what its translations are in, as the file says."""

    language: str = ""
    units: list[ReturnedUnit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why, in the language of the interface."""
