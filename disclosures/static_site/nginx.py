"""What nginx is told: which address is which file, with which headers, and what goes to the application. Pure.

Two files: maps for ``http { … }``, and places for ``server { … }``. Both name the folder by its own path, not by the
link ``current``: until nginx is told to read them again, it goes on serving the folder that they fit. The names in both
carry the folder's mark, so that nginx refuses two that do not belong together, and keeps what it has.
"""

import re
from pathlib import Path

from disclosures.static_site.files import Contents, Form, Headers
from privacycenter.text.languages import other_languages

# Where the configuration meets that of the operator.
APPLICATION = "@privacycenter_application"
# Is this encoding wanted? Named in Accept-Encoding, and not with the weight 0.
WANTED = r"(?:^|,)\s*{name}\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))[\d.]+\s*)?(?:,|$)"
ENCODINGS = (("br", "br"), ("(?:x-)?gzip", "gzip"))
# Addresses that cannot be spelled otherwise: of these, what is not known does not exist.
PLAIN_SLUGS = r"(?:/[A-Za-z0-9_-]+)+/$"
# Headers that an answer without a body repeats (RFC 9110, 15.4.5).
REPEATED = ("Cache-Control", "Vary")


def http_part(contents: Contents, mark: str, closed: list[str]) -> str:
    """Return the maps. ``closed``: the beginnings of addresses that the application answers."""
    number = numbers_of(contents)
    v = f"$privacycenter_{mark}"
    lines = [
        f"# Publication {contents.number}. Written by manage.py publish_static; for http {{ … }}.",
        f"map_hash_bucket_size {bucket_size(contents)};",
        f"map_hash_max_size {hash_size(contents)};",
        f"map $http_accept_encoding {v}_encoding {{", '    default identity;',
        *(f'    "~*{WANTED.format(name=name)}" {encoding};' for name, encoding in ENCODINGS),
        "}",
        "# What asks for more than a page as it is goes to the application.",
        f'map "$request_method:$http_if_match$http_if_unmodified_since" {v}_reads {{',
        '    default "";', '    "~^(GET|HEAD):$" 1;', "}",
        "# Address and encoding → the number of its headers, its ETag, its file.",
        f'map "$request_uri {v}_encoding" {v}_found {{', '    default "";',
    ]  # fmt: skip
    for target, page in sorted(contents.pages.items()):
        lines += [f'    "{target} {enc}" "{value(form, number)}";' for enc, form in sorted(page.forms.items())]
    lines += [
        "}",
        f"map {v}_found {v}_etag {{", '    default "";', r"""    "~^\d+ (\S+) " '"$1"';""", "}",
        "# Does the browser have it? Compared weakly, also within a list.",
        f'map "{v}_etag $http_if_none_match" {v}_held {{',
        '    default "";', r'    "~^(\S+) (?:.*[,\s])?(?:W/)?\1(?:[,\s].*)?$" 1;', r'    "~^\S+ \*$" 1;', "}",
        f"map $request_uri {v}_moved {{", '    default "";',
        *(f'    "{address}" "{target}";' for address, target in sorted(contents.moved.items())),
        "}",
        "# An address in plain spelling that is neither a file nor the application's: there is no such page. Who may",
        "# be logged in is answered by the application, whose page then names them.",
        f'map "$http_cookie:$request_uri" {v}_missing {{', '    default "";',
        *(f'    "~^:{re.escape(prefix)}" "";' for prefix in sorted(closed)),
        *(f'    "~^:/{language}/(?:[A-Za-z0-9_-]+/)+$" {language};' for language in languages(contents)),
        f'    "~^:{PLAIN_SLUGS}" default;' if "default" in missing_of(contents) else "",
        "}",
        "# Where it goes.",
        f'map "{v}_reads:{v}_held:{v}_found:{v}_missing" {v}_goes {{', '    default "";',
        r'    "~^1:1:(\d+) " held/$1;',
        r'    "~^1::(\d+) \S+ ([^:]+):" file/$1/$2;',
        r'    "~^1:::(.+)$" missing/$1;',
        "}", "",
    ]  # fmt: skip
    return "\n".join(line for line in lines if line is not None)


def server_part(contents: Contents, mark: str, folder: Path) -> str:
    """Return the places. ``folder``: where the published folder lies, by its own path."""
    number, v = numbers_of(contents), f"$privacycenter_{mark}"
    place, root = f"/.privacycenter-{mark}", quoted(f"{folder}/")
    lines = [
        f"# Publication {contents.number}. Written by manage.py publish_static; for server {{ … }}, in which the place",
        f"# {APPLICATION} says where the application is, or alone.conf that there is none.",
        "absolute_redirect off;",
        "location / {",
        f"    if ({v}_moved) {{",
        *(f"        add_header {name} {quoted(text)} always;" for name, text in contents.moved_headers),
        f"        return 301 {v}_moved;",
        "    }",
        f"    if ({v}_goes) {{ rewrite ^ {place}/{v}_goes last; }}",
        f"    try_files /.privacycenter-none {APPLICATION};",
        "}",
    ]
    for headers, index in sorted(number.items(), key=lambda pair: pair[1]):
        said, is_dated = dict(headers), index in dated(contents, number)
        lines += [
            f"location {place}/file/{index}/ {{",
            f"    internal; alias {root}; types {{ }} default_type {quoted(said.get('Content-Type', ''))};",
            f"    charset off; gzip off; etag off; max_ranges 0; if_modified_since {'exact' if is_dated else 'off'};",
            *([] if is_dated else ['    add_header Last-Modified "" always;']),
            f"    add_header ETag {v}_etag;",
            *(f"    add_header {name} {quoted(text)} always;" for name, text in headers if name != "Content-Type"),
            "}",
            f"location = {place}/held/{index} {{",
            f"    internal; add_header ETag {v}_etag;",
            *(f"    add_header {name} {quoted(text)};" for name, text in headers if name in REPEATED),
            "    return 304;",
            "}",
        ]
    for language, form in missing_of(contents).items():
        lines += [
            f"location = {place}/missing/{language} {{",
            f"    internal; error_page 404 {place}/file/{number[form.headers]}/{form.name}; return 404;",
            "}",
        ]
    return "\n".join([*lines, ""])


def alone_part(contents: Contents, mark: str) -> str:
    """Return the place for a web server without an application: what it lacks is a page that is not there."""
    form = missing_of(contents).get("default")
    number = numbers_of(contents)
    page = f"error_page 404 /.privacycenter-{mark}/file/{number[form.headers]}/{form.name}; " if form else ""
    return (
        "# For server { … }, instead of a place of your own, where there is no application behind.\n"
        f"location {APPLICATION} {{ {page}return 404; }}\n"
    )


def numbers_of(contents: Contents) -> dict[Headers, int]:
    return {headers: index for index, headers in enumerate(contents.classes())}


def dated(contents: Contents, number: dict[Headers, int]) -> set[int]:
    forms = [form for page in contents.all_pages for form in page.forms.values()]
    return {number[form.headers] for form in forms if form.last_modified}


def languages(contents: Contents) -> list[str]:
    return [language for language in other_languages() if language in contents.missing]


def missing_of(contents: Contents) -> dict[str, Form]:
    """Return language, or ``default`` for the one without a prefix → the page of a wrong address."""
    others = set(other_languages())
    return {
        language if language in others else "default": page.plain for language, page in sorted(contents.missing.items())
    }


def value(form: Form, number: dict[Headers, int]) -> str:
    etag = form.etag.strip('"')
    return f"{number[form.headers]} {etag} {form.name}"


def quoted(text: str) -> str:
    """Return a text as nginx reads it. A ``$`` would begin a variable: none of our headers has one."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def bucket_size(contents: Contents) -> int:
    longest = max((len(target) for target in [*contents.pages, *contents.moved]), default=0) + len(" identity") + 16
    return 1 << max(8, longest.bit_length() + 1)


def hash_size(contents: Contents) -> int:
    """Return room for the largest map: nginx warns when it cannot spread the entries evenly."""
    return 8 * (3 * len(contents.pages) + 256)
