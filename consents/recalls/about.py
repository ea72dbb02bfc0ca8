"""What a recall is about: one recipient, one disclosure, one item, or everything. Pure: no SQL."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

SEPARATOR = ":"


class AboutKind(StrEnum):
    RECIPIENT = "recipient"
    DISCLOSURE = "disclosure"
    ITEM = "item"
    EVERYTHING = "everything"


CODED = (AboutKind.RECIPIENT, AboutKind.ITEM)
CODE = re.compile(r"[a-z0-9-]{1,60}")


@dataclass(frozen=True)
class About:
    """``code``: of the recipient or item, or the disclosure's id; empty for everything."""

    kind: AboutKind
    code: str = ""

    @property
    def value(self) -> str:
        """The same as text, as it stands in forms and addresses."""
        return f"{self.kind}{SEPARATOR}{self.code}"

    @property
    def stored(self) -> dict[str, str]:
        return {self.kind.value: self.code} if self.code else {}


EVERYTHING = About(AboutKind.EVERYTHING)


def about_in(value: str) -> About | None:
    """Read what a recall is about from text; None if it is nothing that can be recalled."""
    kind, _separator, code = value.partition(SEPARATOR)
    if kind not in set(AboutKind) or bool(code) != (kind != AboutKind.EVERYTHING):
        return None
    if kind == AboutKind.DISCLOSURE and not is_uuid(code):
        return None
    if kind in CODED and not CODE.fullmatch(code):
        return None
    return About(AboutKind(kind), code)


def is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def about_of(stored: Mapping[str, str]) -> About:
    """Return what a recall's row says that it is about."""
    return next((About(AboutKind(kind), code) for kind, code in stored.items()), EVERYTHING)
