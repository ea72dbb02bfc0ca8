"""Files of prepared answers: a YAML list, as ``starter_answers.yaml`` beside this module."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from privacycenter.text.plain_yaml import read_yaml

STARTER = Path(__file__).parent / "starter_answers.yaml"


class Entry(BaseModel):
    """``kind``: a code of a kind of request; empty for all kinds. ``titles``, ``texts``: language → text."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    kind: str = ""
    titles: dict[str, str]
    texts: dict[str, str]


def read_answers(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a file. Raises OSError, YAMLError, UnicodeDecodeError and pydantic's ValidationError."""
    found = TypeAdapter(list[Entry]).validate_python(read_yaml(path))
    return [entry.model_dump() for entry in found]
