"""Explanations of what is wrong in a content pack, in plain words and the active language."""

from collections.abc import Mapping
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from disclosures.packs.schema import CODE, COUNTRY_CODE, FILE_NAME, GROUND_CODE

# pydantic's error type → what to do about it.
BY_TYPE = {
    "extra_forbidden": gettext_noop("There is no such key. Is it misspelt?"),
    "missing": gettext_noop("This is missing."),
    "string_too_short": gettext_noop("This text is empty. Leave the key out instead."),
    "string_too_long": gettext_noop("This is longer than %(max_length)s characters."),
    "string_type": gettext_noop("This must be text. Put a number, yes or no between quotation marks."),
    "list_type": gettext_noop("This must be a list: each entry on a line of its own that begins with “- ”."),
    "dict_type": gettext_noop("This must be keys with their values: “key: value”."),
    "date_type": gettext_noop("This must be a date such as 2026-04-01."),
    "datetime_type": gettext_noop("This must be a day and a time such as 2026-04-01T09:00+09:00."),
    "int_type": gettext_noop("This must be a whole number."),
    "greater_than_equal": gettext_noop("This must be %(ge)s or more."),
    "less_than_equal": gettext_noop("This must be %(le)s or less."),
    "greater_than": gettext_noop("This must be more than 0."),
    "bool_type": gettext_noop("This must be true or false."),
}
# Error types that mean the same to the author of a pack.
ALIKE = {
    "model_type": "dict_type",
    "model_attributes_type": "dict_type",
    "date_parsing": "date_type",
    "date_from_datetime_parsing": "date_type",
    "date_from_datetime_inexact": "date_type",
    "bool_parsing": "bool_type",
    "int_parsing": "int_type",
    "int_from_float": "int_type",
    "int_parsing_size": "int_type",
    "datetime_parsing": "datetime_type",
    "datetime_from_date_parsing": "datetime_type",
    "datetime_object_invalid": "datetime_type",
    "timezone_aware": "datetime_type",
}
BY_PATTERN = {
    CODE: gettext_noop("“%(input)s” is not a code: lower-case letters, digits and hyphens."),
    COUNTRY_CODE: gettext_noop("“%(input)s” is not the code of a country: two capital letters, such as JP."),
    FILE_NAME: gettext_noop("“%(input)s” is not the name of a file: its SHA-256, then .png, .jpg, .svg or .pdf."),
    GROUND_CODE: gettext_noop("“%(input)s” is not a ground: person_act, approval, contract, legal or none."),
}


def reason_of(found: Mapping[str, Any]) -> str:
    """Explain one pydantic error (``ValidationError.errors()``); for an unknown type, quote pydantic's message."""
    context = found.get("ctx", {})
    if found["type"] == "value_error":
        return str(context["error"])
    if found["type"] == "string_pattern_mismatch":
        told = BY_PATTERN[context["pattern"]]
    else:
        told = BY_TYPE.get(ALIKE.get(found["type"], found["type"]), "")
    if not told:
        return _("This is not as it must be: %(detail)s") % {"detail": found["msg"]}
    return _(told) % {**context, "input": str(found["input"])[:60]} if "%(" in told else _(told)


def reason_unreadable(error: Exception) -> str:
    """Explain why a file could not be parsed, with the line if it is known."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        told = _(
            "This is not readable as YAML: look at line %(line)s, column %(column)s, and what stands before it. "
            "Put a text in quotes if it has one of : ? # , in it."
        )
        return told % {"line": mark.line + 1, "column": mark.column + 1}
    if isinstance(error, UnicodeDecodeError):
        return _("This is not UTF-8 text. Save the file as UTF-8.")
    if isinstance(error, RecursionError):
        return _("This is not readable as YAML: it is nested too deep.")
    return _("This is not readable as YAML: %(detail)s") % {"detail": " ".join(str(error).split())[:300]}
