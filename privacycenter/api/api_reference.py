"""The API reference page, made from the OpenAPI document, so that the two never differ."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
DEEPEST = 5


@dataclass(frozen=True)
class Member:
    """One member of a body or an answer, or one parameter. ``path``: ``items[].code``."""

    path: str
    kind: str
    is_required: bool
    meaning: str


@dataclass(frozen=True)
class Example:
    name: str
    text: str


@dataclass(frozen=True)
class Content:
    """A body in one content type."""

    media: str
    members: list[Member]
    examples: list[Example]


@dataclass(frozen=True)
class DescribedAnswer:
    status: str
    meaning: str
    headers: list[str]
    contents: list[Content]


@dataclass(frozen=True)
class Call:
    anchor: str
    method: str
    path: str
    summary: str
    meaning: str
    scope: str
    parameters: list[Member]
    bodies: list[Content]
    answers: list[DescribedAnswer]


@dataclass(frozen=True)
class ApiReference:
    title: str
    version: str
    introduction: str
    scopes: dict[str, str]
    calls: list[Call]


def reference(document: Json) -> ApiReference:
    """Return the whole reference, call by call, in the order of the document."""
    flow = document["components"]["securitySchemes"]["OAuth2"]["flows"]["clientCredentials"]
    return ApiReference(
        title=document["info"]["title"],
        version=document["info"]["version"],
        introduction=document["info"]["description"].strip(),
        scopes=flow["scopes"],
        calls=[
            call(document, path, method, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ],
    )


def call(document: Json, path: str, method: str, operation: Json) -> Call:
    scopes = [scope for needed in operation.get("security", ()) for scope in needed["OAuth2"]]
    return Call(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        meaning=operation.get("description", ""),
        scope=scopes[0] if scopes else "",
        parameters=[
            Member(
                f"{one['name']} ({one['in']})",
                kind_of(document, one["schema"]),
                one.get("required", False),
                meaning_of(one["schema"]),
            )
            for one in operation.get("parameters", ())
        ],
        bodies=contents(document, operation.get("requestBody", {})),
        answers=[answer(document, status, found) for status, found in operation["responses"].items()],
    )


def answer(document: Json, status: object, found: Json) -> DescribedAnswer:
    return DescribedAnswer(str(status), found["description"], list(found.get("headers", ())), contents(document, found))


def contents(document: Json, found: Json) -> list[Content]:
    return [
        Content(media, list(members(document, about.get("schema", {}))), examples(document, about))
        for media, about in found.get("content", {}).items()
    ]


def examples(document: Json, about: Json) -> list[Example]:
    schema = resolved(document, about.get("schema", {}))
    named = {name: one["value"] for name, one in about.get("examples", {}).items()}
    if "example" in about:
        named["example"] = about["example"]
    named |= {
        f"example {number}": value for number, value in enumerate(schema.get("examples", ()) if not named else (), 1)
    }
    return [Example(name, json.dumps(value, ensure_ascii=False, indent=2)) for name, value in named.items()]


def members(document: Json, schema: Json, prefix: str = "", depth: int = 0) -> Iterator[Member]:
    """Yield each member with its path; nested members follow the one that holds them."""
    schema = resolved(document, schema)
    if schema.get("type") == "array" and not prefix:
        yield from members(document, schema["items"], "[].", depth)
        return
    for name, about in schema.get("properties", {}).items():
        path, required = f"{prefix}{name}", name in schema.get("required", ())
        yield Member(path, kind_of(document, about), required, meaning_of(resolved(document, about)))
        if depth < DEEPEST:
            yield from inside(document, about, path, depth + 1)


def inside(document: Json, schema: Json, path: str, depth: int) -> Iterator[Member]:
    schema = resolved(document, schema)
    for option in schema.get("anyOf", ()):
        yield from inside(document, option, path, depth)
    if schema.get("type") == "array":
        yield from inside(document, schema["items"], f"{path}[]", depth)
    elif "properties" in schema:
        yield from members(document, schema, f"{path}.", depth)


def resolved(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def kind_of(document: Json, schema: Json) -> str:
    """Return the type of a value in a few words: ``string``, ``list of strings``, ``one of: open, allowed``."""
    schema = resolved(document, schema)
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return "one of: " + ", ".join(map(str, schema["enum"]))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(document, option) for option in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {kind_of(document, schema['items'])}"
    return "time (RFC 3339)" if schema.get("format") == "date-time" else str(schema.get("type", "any"))


LIMITS = {
    "minLength": "at least {} characters", "maxLength": "at most {} characters", "minimum": "from {}",
    "maximum": "to {}", "minItems": "at least {} entries", "maxItems": "at most {} entries",
    "pattern": "pattern {}", "default": "default: {}",
}  # fmt: skip


def meaning_of(schema: Json) -> str:
    limits = [text.format(schema[name]) for name, text in LIMITS.items() if schema.get(name) not in (None, "")]
    return " ".join([schema.get("description", ""), "; ".join(limits)]).strip()
