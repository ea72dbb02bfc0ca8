"""No subject's refusals are forgotten: one that has any has its table of cases beside its other tests."""

from tests.support.content import ROOT
from tests.support.refusals import actions, refusals_of


def test_each_subject_whose_actions_refuse_tries_each_refusal():
    subjects = {tuple(name.split(".")[:2]) for name in actions() if refusals_of(name)}
    tables = {path.parent.relative_to(ROOT / "tests").parts for path in ROOT.glob("tests/*/*/test_refusals.py")}
    assert tables == subjects
