"""The pictures and documents that come with a pack, checked against what it says of them. Writes nothing."""

from hashlib import sha256

from django.utils.translation import gettext as _

from disclosures.packs.schema import FileEntry, Pack
from disclosures.site_files.cleaning import clean_file, reason_of
from disclosures.site_files.contents import BadFile, CleanFile
from privacycenter.errors import PackProblem


def clean_files_of(pack: Pack) -> tuple[list[tuple[FileEntry, CleanFile]], list[PackProblem]]:
    """Return the pack's files with what would be kept of each, and the problems of those that cannot be."""
    taken, problems = [], []
    for position, entry in enumerate(pack.files):
        try:
            taken.append((entry, cleaned(entry, pack.contents.get(entry.file, b""))))
        except WrongContentError as wrong:
            problems.append(PackProblem("files.yaml", f"[{position}].{wrong.key}", wrong.told, entry.code))
    return taken, problems


class WrongContentError(Exception):
    """``key``: of the entry that the content is not as it says."""

    def __init__(self, key: str, told: str) -> None:
        super().__init__(key, told)
        self.key, self.told = key, told


def cleaned(entry: FileEntry, content: bytes) -> CleanFile:
    """Return what is kept of a content. Raises WrongContentError if it is not what its entry says."""
    if sha256(content).hexdigest() != entry.sha256:
        raise WrongContentError("file", _("The name of the file is not the SHA-256 of its content."))
    try:
        clean = clean_file(content)
    except BadFile as bad:
        raise WrongContentError("file", reason_of(bad)) from bad
    if clean.type is not entry.content_type:
        raise WrongContentError("file", _("The content is another type of file than its name says."))
    for key in ("size_bytes", "width", "height"):
        said, found = getattr(entry, key), getattr(clean, key)
        # What was not clean yet has another size afterwards.
        if said is not None and said != found and clean.content == content:
            told = _("This must be %(number)s, as the file is.") % {"number": found or _("left out")}
            raise WrongContentError(key, told)
    return clean
