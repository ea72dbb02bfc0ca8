"""Content packs as zip files, for download from and upload to the desk."""

import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from disclosures.packs.files import CONTENTS, contents_of, files_of, is_of_a_pack, read_pack, unknown_file
from disclosures.packs.schema import Pack
from privacycenter.errors import PackError, PackProblem

# Less than any form takes in, so that one that is too large is told its size.
LARGEST_ZIP = 8 * 1024 * 1024
LARGEST_UNPACKED = 20 * 1024 * 1024
MOST_FILES = 500
# The earliest time a zip can hold. A fixed time gives the same bytes for the same content.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def zip_of(pack: Pack) -> bytes:
    """Return the zipped pack, for one that is small. The same content gives the same bytes."""
    buffer = io.BytesIO()
    write_zip(pack, buffer)
    return buffer.getvalue()


def write_zip(pack: Pack, out: IO[bytes]) -> None:
    """Write the zipped pack; one picture or document at a time is in memory. Raises PackError if one is not kept."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(files_of(pack).items()):
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), text, zipfile.ZIP_DEFLATED)
        for name, content in contents_of(pack):
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED)


def read_zip(content: bytes) -> Pack:
    """Read a zipped pack; its files may be inside one top folder. Raises PackError with all problems found.

    Sizes are measured while unpacking, not taken from the zip's own entries.
    """
    if len(content) > LARGEST_ZIP:
        raise refused(_("The file is larger than 8 MiB."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = dict(unpacked(archive))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error) as error:
        raise refused(_("This is not a readable zip file. Choose a zip file downloaded from here.")) from error
    if not files:
        raise refused(_("The zip file contains no file. Check what was packed."))
    # Only names of a pack are written to the disk: others may be too long for it, or be a file and a folder at once.
    known = {path: data for path, data in without_a_folder_around(files).items() if is_of_a_pack(path.as_posix())}
    unknown = [unknown_file(path.as_posix()) for path in without_a_folder_around(files) if path not in known]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("pages", CONTENTS):
            (folder / part).mkdir()
        for path, data in known.items():
            folder.joinpath(*path.parts).write_bytes(data)
        try:
            pack = read_pack(folder)
        except PackError as error:
            raise PackError(*unknown, *error.problems) from error
    if unknown:
        raise PackError(*unknown)
    return pack


def unpacked(archive: zipfile.ZipFile) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield each file with its content, leaving out files that operating systems add."""
    entries = [one for one in archive.infolist() if not one.is_dir() and not is_of_a_system(one.filename)]
    if len(entries) > MOST_FILES:
        raise refused(_("There are more than %(number)s files in it.") % {"number": MOST_FILES})
    left = LARGEST_UNPACKED
    for entry in entries:
        path = PurePosixPath(entry.filename)
        is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        is_outside = not path.parts or path.is_absolute() or ".." in path.parts
        if is_outside or "\\" in entry.filename or ":" in entry.filename or is_link:
            raise PackError(PackProblem(entry.filename[:200], "", _("A file may not lie outside of the pack.")))
        if entry.flag_bits & 1:
            raise PackError(
                PackProblem(entry.filename[:200], "", _("The file is encrypted. Save it without a password."))
            )
        with archive.open(entry) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise refused(_("Unpacked it is larger than 20 MiB."))
        yield path, data


def is_of_a_system(name: str) -> bool:
    return any(part == "__MACOSX" or (part.startswith(".") and part not in (".", "..")) for part in name.split("/"))


def without_a_folder_around(files: dict[PurePosixPath, bytes]) -> dict[PurePosixPath, bytes]:
    tops = {path.parts[0] for path in files}
    if len(tops) == 1 and not tops & {"pages", CONTENTS} and all(len(path.parts) > 1 for path in files):
        return {PurePosixPath(*path.parts[1:]): data for path, data in files.items()}
    return files


def refused(reason: str) -> PackError:
    return PackError(PackProblem("", "", reason))
