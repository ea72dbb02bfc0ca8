"""Pictures and documents, as editors bring them, and as the site has them."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from disclosures.models import Section, SiteFile
from disclosures.site_files.actions import keep_content
from disclosures.site_files.cleaning import clean_file

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><title>Flow</title>'
    b'<rect x="1" y="1" width="118" height="38" fill="#234a8f"/></svg>'
)


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, options.pop("color", 120 if mode == "L" else None) or 0).save(out, kind, **options)
    return out.getvalue()


def photograph(place: str = "secret-place", orientation: int = 1) -> bytes:
    """A JPEG as a camera writes it: with where it was taken, and by whom."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = place, orientation
    exif.get_ifd(0x8825)[1] = "N"
    return picture_bytes("JPEG", exif=exif, comment=place.encode())


def pdf_bytes(*, password: str = "", **more: Any) -> bytes:
    """A PDF of one empty page. ``more``: further keys of its catalogue."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    for key, value in more.items():
        writer.root_object[NameObject(f"/{key}")] = value
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str) -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject(f"/{kind}"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )


def an_upload(content: bytes, name: str = "file") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def a_file(code: str = "flow", content: bytes = DRAWING, **values: Any) -> SiteFile:
    """A picture or document of the working copy, cleaned and kept."""
    clean = clean_file(content)
    keep_content(clean=clean)
    texts = {"title": "提供の流れ", "i18n": {"title_en": "How data flows"}}
    if clean.type.is_picture:
        texts |= {"alt": "本人から提供先へ", "i18n": {**texts["i18n"], "alt_en": "From the person to the recipient"}}
    return SiteFile.objects.create(
        code=code, content_type=clean.type, sha256=clean.sha256, size_bytes=clean.size_bytes, width=clean.width,
        height=clean.height, **{**texts, **values},
    )  # fmt: skip


def write_in_section(text: str, english: str = "", code: str = "personal-information") -> Section:
    """Write a section's text anew, in both languages."""
    section = Section.objects.get(code=code)
    section.body, section.i18n = text, {**section.i18n, "body_en": english or text}
    section.save()
    return section
