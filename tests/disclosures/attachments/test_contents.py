"""What a file is by its content, and what it is called."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from disclosures.attachments.contents import Content, clean_name
from disclosures.attachments.uploads import BadUpload, upload_of
from privacycenter.http.uploads import MOST_FILE_BYTES
from tests.support.uploads import JPEG, PDF, PNG, a_file

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, Content.PDF), ("A.PDF", PDF, Content.PDF), ("a.png", PNG, Content.PNG),
        ("a.jpg", JPEG, Content.JPEG), ("a.jpeg", JPEG, Content.JPEG), ("a.txt", "氏名\r\n".encode(), Content.TEXT),
        ("a.txt", "氏名".encode("cp932"), Content.TEXT), ("a.txt", b"\xef\xbb\xbfa\tb", Content.TEXT),
    ],
)  # fmt: skip
def test_file_is_what_its_content_and_its_name_say(name, content, kind):
    upload = upload_of(a_file(name, content))
    assert (upload.kind, upload.size_bytes, len(upload.sha256)) == (kind, len(content), 64)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b"<script>%PDF-", "content"), ("a.png", PDF, "content"), ("a.jpg", PNG, "content"),
        ("a.exe", b"MZ", "content"), ("a.svg", b"<svg/>", "content"), ("a.pdf.html", PDF, "content"), ("a", PDF, "content"),
        ("a.txt", b"a\x00b", "content"), ("a.txt", b"\x1b[2J", "content"), ("a.txt", b"\xff\xfe\x00", "content"),
        ("pdf", PDF, "content"), ("a.png", b"\x89PNG\r\n\x1a\n", "content"), ("a.pdf", b"", "empty"),
    ],
)  # fmt: skip
def test_file_that_is_another_than_it_says_is_not_taken(name, content, why):
    with pytest.raises(BadUpload) as bad:
        upload_of(a_file(name, content))
    assert (bad.value.why, bad.value.name) == (why, name)


def test_file_that_is_too_large_is_not_read():
    file = SimpleUploadedFile("a.pdf", b"")
    file.size = MOST_FILE_BYTES + 1
    with pytest.raises(BadUpload) as bad:
        upload_of(file)
    assert bad.value.why == "size"


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("手紙.PDF", "手紙.pdf"), (r"C:\Users\hanako\a.pdf", "a.pdf"), ("../../etc/passwd.pdf", "passwd.pdf"),
        ("\u202egnp.fdp.pdf", "gnp.fdp.pdf"), ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"), (".pdf", "file.pdf"),
        ("  a   b .pdf", "a b.pdf"), ("か\u3099.pdf", "が.pdf"), ("a.b.c.pdf", "a.b.c.pdf"), ('"<>|?*.pdf', "file.pdf"),
    ],
)  # fmt: skip
def test_name_is_cleaned(name, cleaned):
    assert clean_name(name, Content.PDF) == cleaned


def test_long_name_keeps_its_ending():
    assert (len(clean_name("長" * 500 + ".jpeg", Content.JPEG)), clean_name("長" * 500, Content.JPEG)[-4:]) == (
        120,
        ".jpg",
    )
