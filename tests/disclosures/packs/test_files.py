"""Pictures and documents travel with a pack by their hash, and are looked at again when they arrive."""

import hashlib
import io
import zipfile

import pytest
import yaml
from django.core.management import call_command
from django.utils import translation

from disclosures.content.working_copy import working_document
from disclosures.models import KeptContent, SiteFile
from disclosures.packs.actions import load_content, take_files
from disclosures.packs.files import read_pack, write_pack
from disclosures.packs.queries import content_pack
from disclosures.packs.zips import read_zip, zip_of
from disclosures.site_files.queries import content_of, name_in_store
from privacycenter.errors import PackError
from privacycenter.models import StoredFile
from privacycenter.storage import files
from tests.support.html import read
from tests.support.site_files import DRAWING, a_file, an_upload, pdf_bytes, photograph, picture_bytes

pytestmark = pytest.mark.django_db
NOTHING = {"added": 0, "changed": 0}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def folder(tmp_path):
    """A pack with one drawing and one document, on a site that has neither."""
    a_file(), a_file("policy", pdf_bytes(), title="方針")
    write_pack(content_pack(), tmp_path / "pack")
    forget()
    return tmp_path / "pack"


def forget():
    SiteFile.objects.all().delete()
    KeptContent.objects.all().delete()
    for name in StoredFile.objects.values_list("name", flat=True):
        files.remove(name)


def rewrite(folder, **changes):
    """Change the first entry."""
    entries = yaml.safe_load((folder / "files.yaml").read_text())
    entries[0] |= changes
    (folder / "files.yaml").write_text(yaml.safe_dump(entries))


def put(folder, content, ending, **changes):
    """Replace the content of the first entry."""
    name = f"{hashlib.sha256(content).hexdigest()}.{ending}"
    old = yaml.safe_load((folder / "files.yaml").read_text())[0]["file"]
    (folder / "files" / old).unlink()
    (folder / "files" / name).write_bytes(content)
    rewrite(folder, file=name, **{"size_bytes": None, "width": None, "height": None, **changes})


def problems(folder):
    with pytest.raises(PackError) as refused:
        take_files(pack=read_pack(folder))
    assert not SiteFile.objects.exists() and not KeptContent.objects.exists()
    return [(one.key, one.entry, one.reason) for one in refused.value.problems]


def test_pack_brings_pictures_and_documents_with_their_content(folder):
    call_command("load_content", str(folder), verbosity=0)
    drawing = SiteFile.objects.get(code="flow")
    assert (drawing.width, drawing.height, drawing.alt) == (120, 40, "本人から提供先へ")
    assert content_of(drawing.sha256).startswith(b"<svg") and SiteFile.objects.count() == 2


def test_loading_the_export_changes_nothing():
    a_file(), a_file("photo", photograph()), a_file("policy", pdf_bytes(), title="方針")
    before = working_document()
    pack = take_files(pack=read_zip(zip_of(content_pack())))
    assert load_content(pack=pack) == NOTHING and working_document() == before


def test_same_content_gives_the_same_zip():
    a_file(), a_file("photo", photograph())
    assert zip_of(content_pack()) == zip_of(content_pack())


def test_desk_gives_and_takes_a_pack_with_files(as_editor):
    a_file()
    content = as_editor.get("/en/admin/packs/content.zip").getvalue()
    forget()
    page = read(as_editor.post("/en/admin/packs/", {"pack": an_upload(content, "pack.zip")}))
    checked = page.one("input", name="checked")["value"]
    assert not SiteFile.objects.exists()
    assert as_editor.post("/en/admin/packs/", {"checked": checked}).status_code == 302
    assert content_of(SiteFile.objects.get().sha256) == DRAWING.replace(b"viewBox", b"viewBox")


def test_picture_that_is_not_clean_is_cleaned(folder):
    put(folder, photograph("secret-place"), "jpg")
    pack = take_files(pack=read_pack(folder))
    load_content(pack=pack)
    assert b"secret-place" not in content_of(SiteFile.objects.get(code="flow").sha256)


def test_content_that_is_not_what_its_name_says_is_refused(folder):
    name = yaml.safe_load((folder / "files.yaml").read_text())[0]["file"]
    (folder / "files" / name).write_bytes(DRAWING + b" ")
    ((key, entry, reason),) = problems(folder)
    assert (key, entry) == ("[0].file", "flow") and "SHA-256" in reason


@pytest.mark.parametrize(
    ("content", "ending", "told"),
    [
        (picture_bytes(), "svg", "type"),
        (b"hello", "png", "not a PNG"),
        (pdf_bytes(password="x"), "pdf", "locked"),
    ],
)
def test_content_that_is_not_taken_is_refused(folder, content, ending, told):
    put(folder, content, ending)
    ((key, _entry, reason),) = problems(folder)
    assert key == "[0].file" and told in reason


@pytest.mark.parametrize(("key", "value"), [("size_bytes", 1), ("width", 1), ("height", 99)])
def test_size_that_is_not_that_of_the_content_is_refused(folder, key, value):
    rewrite(folder, **{key: value})
    assert [found for found, _entry, _reason in problems(folder)] == [f"[0].{key}"]


def test_file_that_is_missing_or_left_over_is_told(folder):
    (path,) = folder.glob("files/*.svg")
    path.rename(path.with_name(f"{'0' * 64}.svg"))
    with pytest.raises(PackError) as refused:
        read_pack(folder)
    assert [one.file for one in refused.value.problems] == ["files.yaml", f"files/{'0' * 64}.svg"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"file": "../../etc/passwd"}, "SHA-256"),
        ({"alt": {}, "is_decorative": False}, "alt"),
        ({"size_bytes": 0}, "more than 0"),
        ({"width": "wide"}, "whole number"),
    ],
)
def test_entry_that_cannot_be_is_refused(folder, changes, told):
    rewrite(folder, **changes)
    with pytest.raises(PackError, match=told):
        read_pack(folder)


def test_entry_whose_content_is_not_here_is_refused():
    a_file()
    pack = content_pack()
    forget()
    with pytest.raises(PackError, match="not kept"):
        load_content(pack=pack)
    assert not SiteFile.objects.exists()


def test_large_pack_comes_in_pieces(as_editor, monkeypatch):
    monkeypatch.setattr("disclosures.packs.views.MOST_IN_MEMORY_BYTES", 100)
    a_file()
    response = as_editor.get("/en/admin/packs/content.zip")
    assert response.streaming and read_zip(response.getvalue()).contents


def test_content_that_the_store_lost_is_told_when_packing(as_editor):
    files.remove(name_in_store(a_file().sha256))
    response = as_editor.get("/en/admin/packs/content.zip")
    assert response.status_code == 409 and "not kept" in read(response).text


def test_store_that_does_not_answer_is_told(as_editor, monkeypatch):
    a_file()
    content = zip_of(content_pack())
    forget()

    def fails(*args):
        raise OSError("away")

    monkeypatch.setattr(files, "keep", fails)
    response = as_editor.post("/en/admin/packs/", {"pack": an_upload(content, "pack.zip")})
    assert response.status_code == 503 and "later" in read(response).text


def test_zip_may_have_a_folder_around_it():
    a_file()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zip_of(content_pack()))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(f"pack/{name}", old.read(name))
    assert read_zip(out.getvalue()).contents
