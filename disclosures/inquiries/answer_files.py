"""Files of prepared answers: a YAML list, as ``starter_answers.yaml`` beside this module."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

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
    found = TypeAdapter(list[Entry]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    return [entry.model_dump() for entry in found]
