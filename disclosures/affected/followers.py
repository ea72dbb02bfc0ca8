"""Follower that makes lists of affected people. Outside of the others' lane: a long one keeps nobody waiting."""

from disclosures.affected.actions import make_list
from disclosures.affected.topics import AFFECTED_LIST_ASKED, ListAsked
from disclosures.models import AffectedList
from privacycenter.outbox.followers import Follower, Lane

affected_lists = Follower("affected-lists", lane=Lane.OUTSIDE)


@affected_lists.follows(AFFECTED_LIST_ASKED)
def make(asked: ListAsked) -> None:
    made = AffectedList.objects.filter(pk=asked.list).first()
    if made:
        make_list(made=made)
