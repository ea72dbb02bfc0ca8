"""Which fields of a form are kept: what somebody typed and chose, and nothing that must not lie anywhere."""

from django.http import QueryDict

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  the name of a field
# The field of a form that shows what was kept when its log-in had ended.
KEPT_FIELD = "kept_form"
# The button and the fields by which a form is kept as a draft.
KEEP, DRAFT_FIELD, VERSION_FIELD = "_draft", "draft", "draft_version"
# Rows that scripts copy from, which nobody fills in.
BLANK_ROW = "__prefix__"


def typed_fields(sent: QueryDict, *left_out: str) -> tuple[tuple[str, str], ...]:
    """Return names and values in the order in which they were sent, without tokens, passwords and ``left_out``."""
    return tuple(
        (name, value)
        for name, values in sent.lists()
        # What has a colon in its name a page has added for itself: the text of another editor, to choose from.
        if name not in (TOKEN, KEPT_FIELD, *left_out)
        and "password" not in name
        and ":" not in name
        and BLANK_ROW not in name
        for value in values
        if isinstance(value, str)
    )
