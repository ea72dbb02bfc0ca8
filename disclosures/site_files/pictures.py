"""PNG and JPEG pictures without what cameras and programs write into them: places, names, times, thumbnails. Pure."""

import io
import struct
from contextlib import suppress
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from disclosures.models import FileType
from disclosures.site_files.contents import BadFile, CleanFile

# A small file can say that it is huge. Each pixel takes up to four bytes of memory.
MOST_PIXELS = 25_000_000
# No page shows more; a larger picture is made smaller.
LONGEST_SIDE = 2400
JPEG_QUALITY = 88
PLAIN_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
# Tables, frames of 8 bits, restart interval. No comment, and no application's own but JFIF.
PLAIN_SEGMENTS = {0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDD, 0xDA}
JFIF_WITHOUT_THUMBNAIL = 16
START_OF_SCAN, END_OF_IMAGE, JFIF = 0xDA, 0xD9, 0xE0
MODES = {FileType.PNG: ("1", "L", "LA", "P", "RGB", "RGBA"), FileType.JPEG: ("L", "RGB")}


def clean_picture(content: bytes, kind: FileType) -> CleanFile:
    """Return the picture, upright, in sRGB, at most ``LONGEST_SIDE`` long. Raises BadFile.

    A picture that is so already keeps its bytes, so that what was cleaned here is the same when it comes again.
    """
    try:
        image = opened(content, kind)
        if is_plain(content, kind) and image.mode in MODES[kind] and max(image.size) <= LONGEST_SIDE:
            return CleanFile(kind, content, *image.size)
        left_out = ("metadata",) if image.info.keys() & {"exif", "xmp", "comment", "icc_profile"} else ()
        image = fitted(upright(image), kind)
        return CleanFile(kind, written(image, kind), *image.size, left_out)
    except Image.DecompressionBombError as error:
        raise BadFile("pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error, EOFError) as error:
        raise BadFile("damaged") from error


def opened(content: bytes, kind: FileType) -> Image.Image:
    """Return the picture, decoded to its last pixel."""
    image: Image.Image = Image.open(io.BytesIO(content), formats=[kind.name])
    if image.width * image.height > MOST_PIXELS:
        raise BadFile("pixels")
    if getattr(image, "n_frames", 1) > 1:
        raise BadFile("moving")
    image.load()
    return image


def upright(image: Image.Image) -> Image.Image:
    return ImageOps.exif_transpose(image) or image


def fitted(image: Image.Image, kind: FileType) -> Image.Image:
    image = in_srgb(image)
    if image.mode not in MODES[kind]:
        has_alpha = image.mode in ("PA", "La", "RGBa") or "transparency" in image.info
        image = image.convert("RGBA" if has_alpha and kind is FileType.PNG else "RGB")
    if max(image.size) > LONGEST_SIDE:
        if image.mode in ("1", "P"):
            image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image


def in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture in the colours of the web, as far as its profile can be read."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError):
            made: Any = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            return made or image
    return image


def written(image: Image.Image, kind: FileType) -> bytes:
    """Return the pixels as a file of their own: what else was known of them is not passed on."""
    out = io.BytesIO()
    options: dict[str, Any] = {"quality": JPEG_QUALITY, "optimize": True} if kind is FileType.JPEG else {}
    if kind is FileType.PNG and "transparency" in image.info:
        options["transparency"] = image.info["transparency"]
    image.info = {}
    image.save(out, format=kind.name, **options)
    return out.getvalue()


# --- Whether nothing but the picture is in a file ---------------------------------------------------------------------


def is_plain(content: bytes, kind: FileType) -> bool:
    return is_plain_png(content) if kind is FileType.PNG else is_plain_jpeg(content)


def is_plain_png(content: bytes) -> bool:
    at = 8
    while at + 12 <= len(content):
        length, name = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        if name not in PLAIN_CHUNKS:
            return False
        at += 12 + length
        if name == b"IEND":
            return at == len(content)
    return False


def is_plain_jpeg(content: bytes) -> bool:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        is_jfif = marker == JFIF and length == JFIF_WITHOUT_THUMBNAIL and content[at + 4 : at + 9] == b"JFIF\x00"
        if not is_jfif and marker not in PLAIN_SEGMENTS:
            return False
        at += 2 + length
        if marker == START_OF_SCAN:
            at = end_of_scan(content, at)
            if content[at : at + 2] == bytes((0xFF, END_OF_IMAGE)):
                return at + 2 == len(content)
    return False


def end_of_scan(content: bytes, at: int) -> int:
    """Return where the next segment begins. In a scan, 0xFF is followed by 0, or by the number of a restart."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2
    return len(content)
