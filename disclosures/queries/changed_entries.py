"""Which entries differ between two documents, and so what waits to be published."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from disclosures.queries.publications import Document, newest_publication
from disclosures.queries.working_copy import MODELS, working_document

VERBS = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}


@dataclass(frozen=True)
class Change:
    """One entry that differs: ``verb`` is added, changed or removed."""

    kind: str
    code: str
    verb: str

    @property
    def kind_label(self) -> str:
        return str(MODELS[self.kind]._meta.verbose_name)

    @property
    def verb_label(self) -> str:
        return str(VERBS[self.verb])


def changes_between(old: Document, new: Document) -> list[Change]:
    """The entries that differ, in a stable order. Pure."""
    found = []
    for kind in sorted(old.keys() | new.keys()):
        before, after = old.get(kind, {}), new.get(kind, {})
        for code in sorted(before.keys() | after.keys()):
            if code not in before:
                found.append(Change(kind, code, "added"))
            elif code not in after:
                found.append(Change(kind, code, "removed"))
            elif before[code] != after[code]:
                found.append(Change(kind, code, "changed"))
    return found


def pending_changes() -> list[Change]:
    """What the working copy changes against the newest publication: everything, if nothing is published."""
    published = newest_publication()
    return changes_between(published.document if published else {}, working_document())
