"""Content packs at the desk: taken home as one file, checked before they are loaded, and refused with every reason."""

import io
import zipfile

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from disclosures.content.working_copy import working_document
from disclosures.models import Revision, Scenario
from disclosures.packs import schema
from disclosures.packs.files import files_of
from disclosures.packs.queries import content_pack
from disclosures.packs.zips import LARGEST_ZIP, MOST_FILES, read_zip, zip_of
from privacycenter.canonical import sha256_of
from privacycenter.errors import PackError
from privacycenter.text.plain_yaml import PlainLoader
from tests.support.html import read

pytestmark = pytest.mark.django_db

PACKS, DOWNLOAD = "/admin/packs/", "/admin/packs/content.zip"


def zipped(files: dict[str, str | bytes], **more) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**files, **more}.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def todays_files(**changed) -> dict[str, str]:
    return {**files_of(content_pack()), **changed}


def retitled() -> bytes:
    """Today's content with another title of one scene."""
    page = todays_files()["pages/where-provided.yaml"].replace("ja: ネット予約\n", "ja: オンライン予約\n")
    return zipped(todays_files() | {"pages/where-provided.yaml": page})


def upload(client, content: bytes, name="pack.zip"):
    return client.post(PACKS, {"pack": SimpleUploadedFile(name, content, "application/zip")})


def revisions():
    """What somebody at the desk changed in the scene whose title the pack changes."""
    return Revision.objects.filter(code="online-booking", changed_by__isnull=False)


def problems(response) -> list[list[str]]:
    rows = read(response).one("section", cls="findings").one("tbody").all("tr")
    return [[cell.text for cell in [*row.all("th"), *row.all("td")]] for row in rows]


# --- Taken home ------------------------------------------------------------------------------------------------------


def test_content_is_taken_home_as_a_zip_that_says_the_same(as_editor):
    response = as_editor.get(DOWNLOAD)
    assert response["Content-Type"] == "application/zip" and ".zip" in response["Content-Disposition"]
    assert files_of(read_zip(response.content)) == files_of(content_pack())


def test_same_content_is_the_same_bytes(as_editor):
    assert as_editor.get(DOWNLOAD).content == zip_of(content_pack())


# --- Checked, then loaded --------------------------------------------------------------------------------------------


def test_pack_is_checked_without_changing_anything(as_editor):
    before = sha256_of(working_document())
    page = read(upload(as_editor, retitled()))
    assert (page.one("ins").text, page.one("del").text) == ("オンライン", "ネット")
    assert sha256_of(working_document()) == before and not revisions().exists()


def test_what_was_checked_is_loaded_and_who_loaded_it_is_known(as_editor, editor):
    token = read(upload(as_editor, retitled())).one("input", name="checked")["value"]
    response = as_editor.post(PACKS, {"checked": token}, follow=True)
    assert response.redirect_chain[-1][0] == "/admin/pending/"
    assert Scenario.objects.get(code="online-booking").title == "オンライン予約"
    assert revisions().get().changed_by == editor


def test_pack_that_says_the_same_would_change_nothing(as_editor):
    page = read(upload(as_editor, zip_of(content_pack())))
    assert "すでに同じ内容です" in page.text and page.all("input", name="checked") == []


def test_loading_twice_changes_nothing_more(as_editor):
    token = read(upload(as_editor, retitled())).one("input", name="checked")["value"]
    as_editor.post(PACKS, {"checked": token})
    again = as_editor.post(PACKS, {"checked": token})
    assert again.status_code == 409 and revisions().count() == 1


def test_change_in_between_is_shown_before_anything_is_loaded(as_editor):
    token = read(upload(as_editor, retitled())).one("input", name="checked")["value"]
    Scenario.objects.filter(code="card-fraud").update(title="別の題")
    response = as_editor.post(PACKS, {"checked": token})
    page = read(response)
    assert response.status_code == 409 and len(page.all("summary", cls="revision-head")) == 2
    assert Scenario.objects.get(code="card-fraud").title == "別の題"
    as_editor.post(PACKS, {"checked": page.one("input", name="checked")["value"]})
    assert Scenario.objects.get(code="online-booking").title == "オンライン予約"


@pytest.mark.parametrize("token", ["", "made-up", "x" * 3_000_000])
def test_pack_that_was_not_checked_here_is_not_loaded(as_editor, token):
    assert as_editor.post(PACKS, {"checked": token}).status_code in (400, 422)
    assert not revisions().exists()


def test_one_folder_around_the_files_and_what_systems_add_are_fine(as_editor):
    files = {f"my-pack/{name}": text for name, text in todays_files().items()}
    page = read(upload(as_editor, zipped(files | {"__MACOSX/._x": "x", "my-pack/.DS_Store": "x"})))
    assert "すでに同じ内容です" in page.text


# --- Refused ---------------------------------------------------------------------------------------------------------


def test_every_error_is_named_with_file_key_and_reason(as_editor):
    files = todays_files() | {
        "services.yaml": "- code: NO GOOD\n  title: {en: X}\n",
        "links.yaml": "- [", "extra.txt": "x",
    }  # fmt: skip
    response = upload(as_editor, zipped(files))
    found = problems(response)
    assert response.status_code == 422
    assert {row[0] for row in found} == {"services.yaml", "links.yaml", "extra.txt"}
    assert any(row[1] == "[0].code (NO GOOD)" for row in found) and any("YAML" in row[2] for row in found)


def test_reference_to_nothing_is_named_and_nothing_is_changed(as_editor):
    before = sha256_of(working_document())
    page = todays_files()["pages/where-provided.yaml"].replace("  - phone\n", "  - no-such-item\n", 1)
    (found,) = problems(upload(as_editor, zipped(todays_files() | {"pages/where-provided.yaml": page})))
    assert found[0] == "pages/where-provided.yaml" and "items" in found[1] and "no-such-item" in found[2]
    assert sha256_of(working_document()) == before


@pytest.mark.parametrize(
    "name", ["../evil.yaml", "/etc/evil.yaml", "pages/../../evil.yaml", "a\\..\\evil.yaml", "c:/evil.yaml"]
)
def test_file_outside_of_the_pack_is_refused(name):
    with pytest.raises(PackError, match="パックの外"):
        read_zip(zipped({name: "x"}))


def test_link_to_another_file_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("site.yaml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(PackError, match="パックの外"):
        read_zip(buffer.getvalue())


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken", zipped({})])
def test_what_is_no_zip_is_refused(as_editor, content):
    assert upload(as_editor, content).status_code == 422


def test_zip_that_unpacks_to_too_much_is_refused_whatever_it_says():
    with pytest.raises(PackError, match="20 MiB"):
        read_zip(zipped({"site.yaml": b"0" * (21 * 1024 * 1024)}))


def test_too_many_files_and_too_large_a_file_are_refused(as_editor):
    with pytest.raises(PackError, match=str(MOST_FILES)):
        read_zip(zipped({f"pages/{number}.yaml": "x" for number in range(MOST_FILES + 1)}))
    assert upload(as_editor, b"0" * (LARGEST_ZIP + 1)).status_code == 422


def test_aliases_that_stand_for_gigabytes_are_refused(as_editor):
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{n}: &{n} [*a,*a,*a,*a]\n" for n in "bcdef")
    found = problems(upload(as_editor, zipped(todays_files() | {"site.yaml": bomb})))
    assert found[0][0] == "site.yaml" and "エイリアス" in found[0][2]


@pytest.mark.parametrize(
    "text", ["[" * 5000, "\xff\xfe".encode("latin-1"), "? [a]\n: b", "!!python/object:os.system x", "- 1\n- 2"]
)
def test_strange_yaml_is_named_and_never_an_error_of_ours(as_editor, text):
    response = upload(as_editor, zipped(todays_files() | {"site.yaml": text}))
    assert response.status_code == 422 and problems(response)[0][0] == "site.yaml"


def test_deep_yaml_is_refused_before_it_costs_time():
    with pytest.raises(yaml.YAMLError, match="nested|入れ子"):
        yaml.load("[" * 100_000, PlainLoader)
    assert yaml.load("[" * 50 + "]" * 50, PlainLoader)


def test_form_without_a_file_says_so(as_editor):
    response = as_editor.post(PACKS, {})
    assert response.status_code == 422 and read(response).all(cls="errorlist")


def test_packs_are_the_editors(as_officer, as_hanako, client):
    for path in (PACKS,):
        assert as_officer.get(path).status_code == 403 and upload(as_officer, b"x").status_code == 403
    for path in (PACKS, DOWNLOAD):
        assert as_hanako.get(path, follow=True).status_code == 403 and "/login/" in client.get(path)["Location"]


# --- What cannot be stored -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "names",
    [("x" * 300,), ("pages/" + "x" * 300 + ".yaml",), ("a", "a/b"), ("pages", "pages/x.yaml"), (".",), ("./.",), ("a/../b",),
     ("pages/sub/x.yaml",), ("a/" * 400 + "b",), ("pages/x.yaml/y.yaml", "pages/x.yaml"), ("/etc/passwd",), ("pages/a\x01.yaml",)],
    ids=lambda names: names[0][:20],
)  # fmt: skip
def test_file_names_that_a_pack_has_not_are_refused_by_name(as_editor, names):
    response = upload(as_editor, zipped(todays_files() | dict.fromkeys(names, "code: x\n")))
    assert response.status_code == 422 and problems(response)


def test_zip_whose_content_is_broken_is_refused(as_editor):
    content = bytearray(zipped({"site.yaml": "title: " + "あいう" * 500}))
    content[60:90] = b"\xff" * 30
    assert upload(as_editor, bytes(content)).status_code == 422


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("pages/where-provided.yaml", "ja: ネット予約\n", "ja: " + "長" * 301 + "\n", "title"),
        ("pages/where-provided.yaml", "ja: ネット予約\n", 'ja: "ネット\\0予約"\n', "title"),
        ("pages/where-provided.yaml", "ja: ネット予約\n", 'ja: "ネット\\ud800予約"\n', "title"),
        ("pages/where-provided.yaml", "ja: ネット予約\n", 'ja: "ネット\\e予約"\n', "title"),
        ("site.yaml", "as_of:", "security_contact: " + "x" * 400 + "\nas_of:", "security_contact"),
        ("links.yaml", "address: /recipients/", "address: //evil.example/", "address"),
        ("links.yaml", "address: /recipients/", "address: /\\evil.example/", "address"),
        ("links.yaml", "address: /recipients/", 'address: "/\\0"', "address"),
        ("pages/where-provided.yaml", "ja: |-\n    あなた", "ja: |-\n    [こちら](//evil.example/)。あなた", "lead"),
        ("pages/where-provided.yaml", "ja: |-\n    あなた", "ja: |-\n    [こちら](///evil.example/)。あなた", "lead"),
    ],
)  # fmt: skip
def test_text_that_cannot_be_stored_is_refused_with_file_and_key(as_editor, file, old, new, key):
    files = {
        name: text.replace("lead:\n  ja: あなた", "lead:\n  ja: |-\n    あなた")
        for name, text in todays_files().items()
    }
    assert old in files[file]
    response = upload(as_editor, zipped(files | {file: files[file].replace(old, new, 1)}))
    assert response.status_code == 422
    assert file in str(problems(response)) and key in str(problems(response))


def test_every_text_of_a_pack_is_held_against_its_column():
    """A text longer than its column is an error on SQLite too, which stores it."""
    held = 0
    for entry in vars(schema).values():
        for name in getattr(entry, "model_fields", {}) if getattr(entry, "row", None) else ():
            if most := schema.longest(entry.row, name):
                held += 1
                assert not schema.reason_not_to_store("x" * most, most, is_markdown=False)
                assert schema.reason_not_to_store("x" * (most + 1), most, is_markdown=False)
    assert held > 30
