"""Schemas in the OpenAPI document under their names, each once, so that generated clients have a class for each."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
PLACE = "#/components/schemas/"


def name_inlined(document: Json) -> None:
    """Move each object that stands inside another schema, with a title, to the components, and refer to it.

    One that differs from the component of its name stays where it is: two languages of a site make no second text.
    """
    schemas = document["components"]["schemas"]
    for path in document["paths"].values():
        for operation in path.values():
            for media in operation.get("requestBody", {}).get("content", {}).values():
                media["schema"] = referring(media["schema"], schemas)
    for name in list(schemas):
        schemas[name] = inside(schemas[name], schemas)


def referring(schema: Any, schemas: Json) -> Any:
    """Return the schema, or a reference to it if it is an object with a title. Adds it to ``schemas``."""
    schema = inside(schema, schemas)
    name = schema.get("title", "") if isinstance(schema, dict) else ""
    if not name or schema.get("type") != "object" or "properties" not in schema:
        return schema
    if schemas.setdefault(name, schema) != schema:
        return schema
    return {"$ref": PLACE + name}


def inside(schema: Any, schemas: Json) -> Any:
    """Return the schema with all objects inside it by reference."""
    if isinstance(schema, list):
        return [referring(one, schemas) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {}
    for key, value in schema.items():
        if key == "properties":
            kept[key] = {name: referring(one, schemas) for name, one in value.items()}
        elif key in ("items", "anyOf", "oneOf", "allOf", "additionalProperties"):
            kept[key] = referring(value, schemas)
        elif key != "default" or value is not None:
            # That null is the default of what may be left out says nothing, and one maker of schemas writes it.
            kept[key] = value
    return kept


def tell_apart(document: Json) -> None:
    """Say of each choice between events which member tells them apart: their ``type`` is a constant."""
    schemas = document["components"]["schemas"]
    for schema in everywhere(document):
        options = [one.get("$ref", "").removeprefix(PLACE) for one in schema.get("oneOf", ())]
        types = {schemas.get(name, {}).get("properties", {}).get("type", {}).get("const"): name for name in options}
        if options and None not in types and len(types) == len(options):
            mapping = {type: PLACE + name for type, name in types.items()}
            schema["discriminator"] = {"propertyName": "type", "mapping": mapping}


def drop_unused(document: Json) -> None:
    """Take out the schemas that nothing refers to, such as those of calls that are left out."""
    schemas = document["components"].pop("schemas")
    used: Json = {}
    waiting = [*references(document)]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used[name] = schemas[name]
            waiting += references(schemas[name])
    document["components"]["schemas"] = {name: used[name] for name in schemas if name in used}


def references(part: Any) -> Iterator[str]:
    """Yield the names of the schemas that a part of the document refers to."""
    for one in everywhere(part):
        for target in (one.get("$ref"), *(one.get("discriminator") or {}).get("mapping", {}).values()):
            if isinstance(target, str) and target.startswith(PLACE):
                yield target.removeprefix(PLACE)


def everywhere(part: Any) -> Iterator[Json]:
    """Yield every object of the document."""
    if isinstance(part, dict):
        yield part
    for one in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from everywhere(one)
