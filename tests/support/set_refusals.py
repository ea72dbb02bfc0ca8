"""Change sets that cannot be published or proposed, as the arguments of what refuses them."""

from disclosures.change_sets.actions import discard_set, put_under_embargo
from disclosures.publishing.set_actions import publish_set
from tests.support.sets import change


def of_set(has, **more):
    return {"change_set": change(has.editor, title="オンライン予約"), "by": has.editor, **more}


def ended_set(has):
    found = of_set(has)
    discard_set(change_set=found["change_set"], by=has.editor)
    return found


def anothers_under_embargo(has, by):
    found = of_set(has)
    put_under_embargo(change_set=found["change_set"], by=has.editor)
    return {**found, "by": by}


def collided(has):
    found = of_set(has)
    publish_set(change_set=change(has.writer, title="先に公開"), by=None)
    return found
