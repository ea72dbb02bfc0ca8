"""Interface texts that makemessages would not find."""

import ast

from django.conf import settings

LOOKUPS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
SOURCES = [
    path for app in ("privacycenter", "disclosures", "consents") for path in settings.BASE_DIR.glob(f"{app}/**/*.py")
]


def hidden_calls(source: str) -> list[int]:
    """The lines of lookups within f-strings: makemessages reads these as plain strings."""
    found = [
        inner for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)
    ]
    calls = [node for node in found if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return sorted({call.lineno for call in calls if call.func.id in LOOKUPS})


def test_lookup_within_an_f_string_is_seen():
    assert hidden_calls('a = _("one")\nb = f"{_(\'two\')} {name(3)}"') == [2]


def test_no_lookup_stands_within_an_f_string():
    found = {str(path): hidden_calls(path.read_text()) for path in SOURCES}
    assert len(found) > 100
    assert {path: lines for path, lines in found.items() if lines} == {}
