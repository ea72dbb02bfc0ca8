"""The refusals of the actions on recipients: each says why, and nothing was written."""

import io

import pytest
from django.utils import timezone

from disclosures.models import Recipient, RecipientFile
from disclosures.recipients.actions import load_recipients
from disclosures.recipients.naming import NamedRecipient
from disclosures.recipients.plans import plan_of
from disclosures.recipients.proposing_actions import propose_recipient
from privacycenter.storage import files
from tests.support.refusals import Refused, assert_refused, without_a_case

pytestmark = pytest.mark.django_db
LINE = "code,title_ja,country\nsazanami,湯宿 さざなみ,JP\n"


def naming(has, code="sazanami", **more):
    said = {"name": {"ja": "湯宿 さざなみ"}, "country": "JP", **more}
    return {"named": NamedRecipient(code=code, **said), "by": has.reporter}


def naming_a_retired_one(has):
    arguments = naming(has)
    propose_recipient(**arguments)
    Recipient.objects.filter(code="sazanami").update(retired_at=timezone.now())
    return arguments


def kept(has, text=LINE, seen=None, **more):
    file = RecipientFile.objects.create(
        id="0b6fbb5e-54a5-4c27-8d4c-2c1f6a3d9e10", name="a.csv", file_name="recipients/test", size_bytes=1,
        sent_at=timezone.now(), sent_by=has.editor, **more,
    )  # fmt: skip
    files.keep(file.file_name, io.BytesIO(text.encode()))
    return {"file": file, "seen": plan_of(text.encode()).seen if seen is None else seen, "by": has.editor}


CASES = [
    Refused(propose_recipient, "is the address of another page", lambda has: naming(has, "abroad")),
    Refused(propose_recipient, "is not a recipient that you proposed", lambda has: naming(has, "minato-inn")),
    Refused(propose_recipient, "is no longer in use", naming_a_retired_one),
    Refused(propose_recipient, "There is no country", lambda has: naming(has, country="QQ")),
    Refused(propose_recipient, "The name in the language", lambda has: naming(has, name={"en": "Sazanami"})),
    Refused(propose_recipient, "At most ", lambda has: naming(has, contact="x" * 301)),
    Refused(load_recipients, "was loaded before, or it is gone", lambda has: kept(has, loaded_at=timezone.now())),
    Refused(load_recipients, "was changed meanwhile", lambda has: kept(has, seen="0" * 64)),
    Refused(load_recipients, "QQ", lambda has: kept(has, LINE.replace("JP", "QQ"))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refused_action_says_why_and_writes_nothing(case, request):
    assert_refused(case, request)


def test_every_refusal_has_a_case():
    # A single call cannot meet this one: test_api.py has a batch with it.
    missing = [one for one in without_a_case("disclosures.recipients", CASES) if "is in the batch twice" not in one]
    assert missing == []
