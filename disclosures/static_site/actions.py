"""Publishing the public site as files."""

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from disclosures.content.publications import newest_publication
from disclosures.static_site import nginx, others
from disclosures.static_site.addresses import (
    closed_prefixes,
    linked_with_query,
    missing_paths,
    page_paths,
    site_file_paths,
    static_paths,
)
from disclosures.static_site.answers import ENDINGS, Answer, Application
from disclosures.static_site.files import SITE, Contents, Form, Headers, Page, name_in, name_of, name_of_missing
from disclosures.static_site.folders import CONTENTS, Place, StaticSiteError, Writer, mark_of

# How often it begins anew because something was published meanwhile.
MOST_TRIES = 5
# Of a page for a wrong address and of a redirect: what belongs to one visit.
OF_ONE_VISIT = ("x-request-id", "location", "content-type", "vary", "set-cookie", "content-encoding")

# Called with how many addresses there are, then for each address.
Progress = Callable[[Iterable[str]], Iterable[str]]


@dataclass(frozen=True)
class Result:
    """``folder``: the one that is public now. ``removed``: the names of former ones that are gone."""

    number: int
    folder: Path
    is_new: bool
    pages: int
    written: int
    linked: int
    removed: list[str]


def publish_static(*, folder: Path, keep: int, progress: Progress) -> Result:
    """Write the newest publication as files and make it public at once. Nothing is switched if nothing differs.

    Raises StaticSiteError (nothing published, an address that does not answer as it must, a folder of somebody else);
    then, and if it is killed at any moment, what was public still is. OSError for a disk that is full.
    """
    place = Place(folder)
    with place.held():
        for _try in range(MOST_TRIES):
            result = published_once(place, keep, progress)
            if result is not None:
                return result
            place.remove_unfinished()
    raise StaticSiteError(f"Something was published {MOST_TRIES} times while the files were written. Run it again.")


def published_once(place: Place, keep: int, progress: Progress) -> Result | None:
    """Do it once. None if something was published meanwhile, so that pages may be of different publications."""
    newest = newest_publication()
    if newest is None:
        raise StaticSiteError("Nothing is published yet. Run manage.py publish_content first.")
    if not Path(settings.STATIC_ROOT).is_dir():
        raise StaticSiteError(f"There are no static files in {settings.STATIC_ROOT}. Run manage.py prepare first.")
    former = place.current_contents()
    new = place.begin()
    writer = Writer(new, place.current())
    contents = Contents(newest.number, newest.sha256, made_by=encoders())
    paths = [*page_paths(newest.document, newest.number), *site_file_paths(), *static_paths()]
    write_pages(contents, paths, writer, former if former and former.made_by == contents.made_by else None, progress)
    again = newest_publication()
    if again is None or (again.number, again.sha256) != (newest.number, newest.sha256):
        return None
    mark, current = mark_of(contents), place.current()
    final = place.path_of(contents, mark)
    if current == final and former is not None:
        place.remove_unfinished()
        return Result(newest.number, final, False, len(contents.pages), 0, 0, place.remove_old(keep))
    write_server_files(contents, writer, mark, final)
    place.switch(new, final)
    return Result(
        newest.number, final, True, len(contents.pages), writer.written, writer.linked, place.remove_old(keep)
    )


def encoders() -> str:
    """Return what makes the compressed forms."""
    return f"brotli {version('brotli')}, zlib {zlib.ZLIB_RUNTIME_VERSION}"


def write_pages(
    contents: Contents, paths: list[str], writer: Writer, former: Contents | None, progress: Progress
) -> None:
    application, known = Application(), set(paths)
    with_query: dict[str, None] = {}
    for path in progress(paths):
        page, body = public_page(application, path, writer, former)
        contents.pages[path] = page
        if path.endswith("/"):
            with_query |= dict.fromkeys(linked_with_query(path, body, known))
            note_redirect(contents, application, path)
    waiting = list(with_query)
    while waiting:  # a second page leads to the third
        for target in progress(waiting):
            page, body = public_page(application, target, writer, former)
            contents.pages[target] = page
            with_query |= dict.fromkeys(linked_with_query(target, body, known))
        waiting = [target for target in with_query if target not in contents.pages]
    for language, path in missing_paths().items():
        contents.missing[language] = missing_page(application, path, language, writer)


def public_page(application: Application, target: str, writer: Writer, former: Contents | None) -> tuple[Page, bytes]:
    """Write one page in each encoding; return it with its bytes. Raises StaticSiteError unless it answers 200."""
    answer = application.ask(target)
    if not answer.is_public:
        raise StaticSiteError(f"{target} answers {answer.status}, as nothing that everybody may keep. Nothing changed.")
    name = name_of(target)
    plain = written_form(answer, name, writer)
    old = former.pages.get(target) if former else None
    if old and old.plain == plain and all(writer.link(form.name) for form in old.forms.values()):
        for form in old.forms.values():
            writer.link(f"{form.name}.etag")
        return old, answer.body
    forms = {"identity": plain}
    for encoding in ("gzip", "br"):
        forms[encoding] = plain
        if answer.is_negotiated:
            other = application.ask(target, encoding)
            forms[encoding] = written_form(other, name_in(name, other.encoding), writer)
    return Page(target, 200, forms), answer.body


def written_form(answer: Answer, name: str, writer: Writer) -> Form:
    moment = parsedate_to_datetime(answer.last_modified).timestamp() if answer.last_modified else None
    writer.write(name, answer.body, moment)
    if name.startswith(SITE) and answer.etag:
        writer.write(f"{name}.etag", answer.etag.encode())  # where Caddy looks for it
    return Form(name, answer.etag, answer.last_modified, answer.headers)


def note_redirect(contents: Contents, application: Application, path: str) -> None:
    """Note where the address without its slash leads, if it leads to the page."""
    bare = path.rstrip("/")
    if not bare:
        return
    answer = application.ask(bare)
    if answer.status == 301 and answer.location == path:
        contents.moved[bare] = path
        contents.moved_headers = contents.moved_headers or of_no_visit(answer.headers)


def missing_page(application: Application, path: str, language: str, writer: Writer) -> Page:
    answer = application.ask(path)
    if answer.status != 404:
        raise StaticSiteError(f"{path} answers {answer.status}, not 404. Nothing changed.")
    name = name_of_missing(language, settings.LANGUAGE_CODE)
    writer.write(name, answer.body)
    kept = tuple((key, said) for key, said in answer.headers if key.lower() not in ("x-request-id", "set-cookie"))
    return Page(path, 404, dict.fromkeys(ENDINGS, Form(name, "", "", kept)))


def of_no_visit(headers: Headers) -> Headers:
    return tuple((name, said) for name, said in headers if name.lower() not in OF_ONE_VISIT)


def write_server_files(contents: Contents, writer: Writer, mark: str, final: Path) -> None:
    """Write what web servers and CDNs are told. ``final``: where the folder will lie."""
    texts = {
        "nginx/http.conf": nginx.http_part(contents, mark, list(closed_prefixes())),
        "nginx/server.conf": nginx.server_part(contents, mark, final),
        "nginx/alone.conf": nginx.alone_part(contents, mark),
        "caddy/site.caddy": others.caddy_part(contents, final),
        f"{SITE}/_headers": others.cdn_headers(contents),
        f"{SITE}/_redirects": others.cdn_redirects(contents),
        "README.txt": others.read_me(contents, settings.SITE_ADDRESS),
        CONTENTS: contents.as_json(),
    }
    for name, text in texts.items():
        writer.write(name, text.encode())
