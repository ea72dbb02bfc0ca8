"""The example by which a recipient signs: what it signs is taken here, and its fingerprint is the one that is shown."""

import importlib.util

import pytest

from disclosures.countersigning.actions import Signed, countersign, register_key
from disclosures.countersigning.matters import matter_of
from disclosures.models import Disclosure, Recipient
from tests.support.content import ROOT
from tests.support.countersigning import statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def example():
    spec = importlib.util.spec_from_file_location("countersign", ROOT / "docs" / "examples" / "countersign.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_the_example_signs_is_taken(example, tmp_path, capsys, disclosure, editor):
    private, file = tmp_path / "private.pem", tmp_path / "statement.json"
    assert example.main(["new", str(private)]) == 0 and private.stat().st_mode & 0o077 == 0
    public = capsys.readouterr().out
    register_key(recipient=Recipient.objects.get(code="minato-inn"), public_key=public, by=editor)
    text = statement(disclosure)
    file.write_text(text + "\n")
    assert example.main(["sign", str(private), str(file)]) == 0
    about = matter_of(Disclosure.objects.with_references().get(pk=disclosure.pk))
    _row, is_new = countersign(matter=about, signed=Signed(text, capsys.readouterr().out), by=None)
    assert is_new


@pytest.mark.once
def test_example_signs_nothing_else_and_says_how_it_is_used(example, tmp_path, capsys):
    private = tmp_path / "private.pem"
    example.main(["new", str(private)])
    with pytest.raises(ValueError, match="no statement"):
        example.sign(private, '{"format":"a contract"}')
    assert example.main([]) == 2 and "countersign.py sign" in capsys.readouterr().err
