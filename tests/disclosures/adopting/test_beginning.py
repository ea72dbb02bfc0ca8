"""Beginning a site in the working copy: the answers over what is there, nothing published, the same again changes
nothing."""

import pytest

from disclosures.adopting.actions import begin_site, link_to_choose_password, make_first_administrator
from disclosures.adopting.answers import OF_OPERATOR, Answers, StaffAnswer
from disclosures.content.working_copy import working_document
from disclosures.guard_rails.findings import unstated
from disclosures.models import AccountStep, MenuEntry, Page, Publication, Revision, Site
from privacycenter.errors import InvalidValue, PackError
from privacycenter.models import User
from tests.support.themes import make_theme

pytestmark = pytest.mark.django_db

STAFF = StaffAnswer(username="aoba", name="青葉 まこと", email="aoba@midorino.example")


def answers(**more) -> Answers:
    said = {
        "address": "https://privacy.midorino.example",
        "sender": "privacy@midorino.example",
        "title": {"ja": "みどり野鉄道 プライバシーセンター", "en": "Midorino Railway Privacy Center"},
        "operator": {"ja": "みどり野鉄道", "en": "Midorino Railway"},
    }
    return Answers.model_validate({**said, **more})


def test_answers_become_the_working_copy_and_nothing_is_published():
    before = Publication.objects.count()
    begin_site(answers=answers(operator_address={"ja": "緑野県みどり野市"}))
    site = Site.objects.get()
    assert (site.operator, site.operator_address) == ("みどり野鉄道", "緑野県みどり野市")
    assert site.i18n["operator_en"] == "Midorino Railway"
    assert Publication.objects.count() == before


def test_same_answers_again_change_nothing():
    begin_site(answers=answers(menu=[{"address": "/faq/"}]))
    assert begin_site(answers=answers(menu=[{"address": "/faq/"}])).total() == 0


def test_what_was_edited_stays_where_the_answers_say_nothing():
    begin_site(answers=answers())
    Site.objects.update(disclaimer="編集者が書いた文", fees="無料")
    begin_site(answers=answers())
    site = Site.objects.get()
    assert (site.disclaimer, site.fees) == ("編集者が書いた文", "無料")


def test_words_of_the_sample_are_replaced():
    assert "見本" in Site.objects.get().notice
    begin_site(answers=answers())
    site = Site.objects.get()
    assert site.notice == ""
    assert site.act_title == "ご自身の操作で渡るもの"
    assert site.disclaimer == "掲載している内容は、公開した日の時点のものです。"


def test_starter_is_not_loaded_over_what_was_edited():
    Page.objects.filter(code="faq").update(title="わたしたちのよくある質問")
    begin_site(answers=answers(content="starter"))
    assert Page.objects.get(code="faq").title == "わたしたちのよくある質問"


def test_menu_and_footer_become_links_of_their_own():
    footer = [{"address": "https://midorino.example/", "title": {"ja": "会社のサイト"}}]
    begin_site(answers=answers(menu=[{"address": "/faq/"}, {"address": "/my/"}], footer=footer))
    assert list(MenuEntry.objects.values_list("code", "place", "address")) == [
        ("menu-1", "menu", "/faq/"),
        ("menu-2", "menu", "/my/"),
        ("footer-1", "footer", "https://midorino.example/"),
    ]


def test_what_the_law_wants_said_is_answered_and_no_longer_asked_for():
    said = {"ja": "書いた文", "en": "Said"}
    begin_site(answers=answers(**dict.fromkeys(OF_OPERATOR, said)))
    assert [one.field for one in unstated(working_document()) if one.kind == "site"] == []
    Site.objects.update(purposes="編集者が書いた文")
    begin_site(answers=answers())
    assert Site.objects.get().purposes == "編集者が書いた文"


def test_shorter_menu_takes_away_the_links_it_no_longer_has():
    begin_site(answers=answers(menu=[{"address": "/faq/"}, {"address": "/my/"}, {"address": "/contact/"}]))
    MenuEntry.objects.create(code="menu-campaign", place="menu", address="/where-provided/", position=9)
    counts = begin_site(answers=answers(menu=[{"address": "/my/"}]))
    assert list(MenuEntry.objects.values_list("code", "address")) == [
        ("menu-1", "/my/"),
        ("menu-campaign", "/where-provided/"),
    ]
    assert (counts["changed"], counts["removed"]) == (1, 2)
    assert Revision.objects.filter(kind="menu", code="menu-3", after__isnull=True).count() == 1


def test_menu_that_is_not_answered_stays():
    begin_site(answers=answers(menu=[{"address": "/faq/"}, {"address": "/my/"}]))
    assert begin_site(answers=answers()).total() == 0
    assert MenuEntry.objects.count() == 2


def test_pack_that_is_not_there_changes_nothing(tmp_path):
    before = Site.objects.values().get()
    with pytest.raises(PackError):
        begin_site(answers=answers(content=str(tmp_path / "nowhere")))
    assert Site.objects.values().get() == before


def test_first_administrator_chooses_the_password_by_a_link(client):
    account = make_first_administrator(staff=STAFF)
    assert (account.is_superuser, account.is_active, account.has_usable_password()) == (True, True, False)
    path = link_to_choose_password(account).partition("://")[2].partition("/")[2]
    page = client.get(f"/{path}", follow=True)
    assert page.status_code == 200
    client.post(page.request["PATH_INFO"], {"password1": "midori-no-kaze-11", "password2": "midori-no-kaze-11"})
    account.refresh_from_db()
    assert account.check_password("midori-no-kaze-11")


def test_first_administrator_stands_in_the_record_of_accounts():
    account = make_first_administrator(staff=STAFF)
    step = AccountStep.objects.get(person=account)
    assert (step.role, step.staff_id) == ("command", 0)


def test_administrator_is_made_once():
    make_first_administrator(staff=STAFF)
    assert make_first_administrator(staff=STAFF) is None
    assert User.objects.filter(username="aoba").count() == 1


def test_account_of_somebody_else_is_no_administrator(hanako):
    with pytest.raises(InvalidValue):
        make_first_administrator(staff=StaffAnswer(username=hanako.username, email="x@y.example"))
    hanako.refresh_from_db()
    assert not hanako.is_superuser


def test_theme_is_written_once_and_kept(tmp_path):
    from disclosures.adopting.answers import ThemeAnswer
    from disclosures.adopting.theme_files import write_theme
    from disclosures.theme.reading import read_theme

    answer = ThemeAnswer(folder=str(tmp_path / "look"), colour="#ffcc00")
    assert write_theme(answer) == [
        "theme.yaml written (#ffcc00 is too light to be read on the page's colours, so links are #876c00)"
    ]
    assert read_theme(tmp_path / "look")[1] == []
    make_theme(tmp_path / "look", 'light: {accent: "#123456"}\ndark: {accent: "#a5bdf7"}')
    assert write_theme(answer) == ["kept as it is"]
    assert "#123456" in (tmp_path / "look" / "theme.yaml").read_text()
