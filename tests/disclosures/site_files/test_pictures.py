"""Pictures come out as pictures: without places and names, upright, not too large, and the same when they come again."""

import io
import struct
import zlib

import pytest
from PIL import Image

from disclosures.models import FileType
from disclosures.site_files.cleaning import clean_file, reason_of
from disclosures.site_files.contents import BadFile
from disclosures.site_files.pictures import LONGEST_SIDE
from tests.support.site_files import photograph, picture_bytes


def refusal(content: bytes) -> str:
    with pytest.raises(BadFile) as refused:
        clean_file(content)
    assert reason_of(refused.value)
    return refused.value.why


def reread(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def test_photograph_loses_what_the_camera_wrote():
    content = photograph("secret-place")
    assert b"secret-place" in content
    clean = clean_file(content)
    assert clean.type is FileType.JPEG and clean.left_out == ("metadata",)
    assert b"secret-place" not in clean.content and not reread(clean.content).getexif()


def test_photograph_stands_upright():
    clean = clean_file(photograph(orientation=6))
    assert (clean.width, clean.height) == reread(clean.content).size == (30, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_png_of_any_mode_is_taken_and_stays_the_same(mode):
    clean = clean_file(picture_bytes("PNG", mode=mode))
    assert reread(clean.content).size == (clean.width, clean.height) == (40, 30)
    assert clean_file(clean.content).sha256 == clean.sha256


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_of_any_mode_is_taken_and_stays_the_same(mode):
    clean = clean_file(picture_bytes("JPEG", mode=mode, progressive=True))
    assert clean_file(clean.content).content == clean.content


def test_text_in_a_png_is_not_kept():
    content = picture_bytes("PNG")
    chunk = b"tEXt" + b"Author\x00secret-name"
    at = content.index(b"IDAT") - 4
    said = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    clean = clean_file(content[:at] + said + content[at:])
    assert b"secret-name" not in clean.content


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_follows_a_picture_is_not_kept(kind):
    clean = clean_file(picture_bytes(kind) + b"<script>alert(1)</script>")
    assert b"script" not in clean.content and reread(clean.content).size == (40, 30)


def test_transparent_colour_of_a_palette_stays_transparent():
    content = picture_bytes("PNG", mode="P", transparency=0) + b"more"
    assert reread(clean_file(content).content).convert("RGBA").getpixel((0, 0))[3] == 0


def test_large_picture_is_made_smaller():
    clean = clean_file(picture_bytes("PNG", (LONGEST_SIDE * 2, 100)))
    assert (clean.width, clean.height) == (LONGEST_SIDE, 50)


def test_picture_with_a_profile_comes_out_without_it():
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clean = clean_file(picture_bytes("JPEG", icc_profile=profile))
    assert "icc_profile" not in reread(clean.content).info


def test_small_file_that_says_it_is_huge_is_refused_unread():
    content = bytearray(picture_bytes("PNG"))
    content[16:24] = struct.pack(">II", 60_000, 60_000)
    content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    assert refusal(bytes(content)) == "pixels"


def test_moving_picture_is_refused():
    out = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), color) for color in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    assert refusal(out.getvalue()) == "moving"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_picture_that_ends_early_is_refused(kind):
    content = picture_bytes(kind, (200, 200))
    assert refusal(content[: len(content) // 2]) == "damaged"


@pytest.mark.parametrize(
    "content", [b"hello", b"GIF89a" + b"\x00" * 40, b"<html></html>", b"PK\x03\x04", b"\x00\x00\x00"]
)
def test_what_is_no_such_file_is_refused_whatever_its_name(content):
    assert refusal(content) == "type"


def test_empty_file_is_refused():
    assert refusal(b"") == "empty"


def test_file_beyond_the_limit_is_refused(settings):
    settings.PUBLIC_FILE_MB = 1
    assert refusal(b"%PDF-" + b"0" * 1024 * 1024) == "size"


def test_picture_that_becomes_too_large_is_refused(settings, monkeypatch):
    monkeypatch.setattr("disclosures.site_files.cleaning.MEGABYTE", 90)
    settings.PUBLIC_FILE_MB = 1
    grey = Image.effect_noise((9, 9), 90).convert("RGB")
    out = io.BytesIO()
    grey.save(out, "PNG")
    with pytest.raises(BadFile, match="size"):
        clean_file(out.getvalue())
