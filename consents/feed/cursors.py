"""Cursors of the decision feed: the epoch and the number of the last entry that was read."""

from dataclasses import dataclass

# Eight hexadecimal digits and a full stop, left out in the first epoch; then the number. Empty: from the beginning.
PATTERN = r"^(([0-9a-f]{8}\.)?[0-9]{1,18})?$"


@dataclass(frozen=True)
class Cursor:
    epoch: str
    number: int

    def __str__(self) -> str:
        return f"{self.epoch}.{self.number}" if self.epoch else str(self.number)


def cursor_in(text: str, current: str) -> Cursor:
    """Return the cursor in a text that has the pattern. An empty one is the beginning of the current epoch."""
    if text in ("", "0"):
        return Cursor(current, 0)
    epoch, _stop, number = text.rpartition(".")
    return Cursor(epoch, int(number))
