"""What Caddy and CDNs are told. Pure."""

from pathlib import Path

from disclosures.static_site.addresses import OF_THE_APPLICATION_BY_QUERY, closed_prefixes
from disclosures.static_site.files import SITE, Contents, rules_of
from disclosures.static_site.nginx import quoted
from privacycenter.text.languages import other_languages


def caddy_part(contents: Contents, folder: Path) -> str:
    """Return a snippet to be imported into a site of Caddy (2.9 or newer, which reads ETags from files beside)."""
    root = folder / SITE
    lines = [
        f"# Publication {contents.number}. Written by manage.py publish_static: import it in the site, before what",
        "# passes everything else on to the application. Addresses with a query are the application's.",
        "@privacycenter_moved expression `{method} in [\"GET\", \"HEAD\"] && {query} == \"\"`",
        "handle @privacycenter_moved {",
        "\tmap {path} {privacycenter_to} {",
        *(f"\t\t{address} {target}" for address, target in sorted(contents.moved.items())),
        '\t\tdefault ""',
        "\t}",
        "\t@privacycenter_to expression `{privacycenter_to} != \"\"`",
        "\tredir @privacycenter_to {privacycenter_to} 301",
        "\t@privacycenter_page file {",
        f"\t\troot {quoted(str(root))}",
        "\t\ttry_files {path}index.html {path}",
        "\t}",
        "\thandle @privacycenter_page {",
        f"\t\troot * {quoted(str(root))}",
        "\t\trewrite {file_match.relative}",
        "\t\trequest_header -If-Modified-Since",
        "\t\theader -Last-Modified",
    ]  # fmt: skip
    # The rewrite above changes the path: the rules go by the address that was asked for.
    for place, (pattern, headers) in enumerate(rules_of(contents).items()):
        name = f"@privacycenter_{place}"
        lines.append(f"\t\t{name} expression `{matching(pattern)}`")
        lines += [f"\t\theader {name} {header} {quoted(text)}" for header, text in headers.items()]
    lines += [
        "\t\tfile_server {",
        "\t\t\tprecompressed br gzip",
        "\t\t\tetag_file_extensions .etag",
        "\t\t\thide *.etag",
        "\t\t\tdisable_canonical_uris",
        "\t\t}",
        "\t}",
        "}",
        "",
    ]
    return "\n".join(lines)


def matching(pattern: str) -> str:
    if pattern == "/*":
        return "true"
    if pattern.endswith("*"):
        return f'{{http.request.orig_uri.path}}.startsWith("{pattern[:-1]}")'
    return f'{{http.request.orig_uri.path}} == "{pattern}"'


def cdn_headers(contents: Contents) -> str:
    """Return ``_headers``, as Cloudflare Pages and Netlify read it. Without ETags: there each encoding needs its own,
    and these services compress and mark files by themselves."""
    lines = []
    for pattern, headers in rules_of(contents).items():
        lines += [pattern, *(f"  {name}: {text}" for name, text in headers.items())]
    return "\n".join([*lines, ""])


def cdn_redirects(contents: Contents) -> str:
    """Return ``_redirects``, as Cloudflare Pages and Netlify read it."""
    return "".join(f"{address} {target} 301\n" for address, target in sorted(contents.moved.items()))


def read_me(contents: Contents, address: str) -> str:
    """Return what a person reads who finds the folder."""
    lacks = [f"- {prefix}: {what}" for prefix, what in sorted(closed_prefixes().items()) if what and is_first(prefix)]
    return "\n".join([
        f"Publication {contents.number} of {address} as files. Made by manage.py publish_static; docs/operate.md of",
        "the program says how a web server or a CDN serves it.", "",
        "site/           the root of the web server: pages, pictures, documents, style; .gz and .br beside each",
        "queries/        pages of lists and indexes whose addresses have a query; nginx serves them",
        "nginx/, caddy/  what the web server includes",
        "contents.json   every address with its file, ETag and headers", "",
        "A web server passes on to the application what is not here. Without an application behind, visitors lack:", "",
        *lacks, f"- addresses with a query: {OF_THE_APPLICATION_BY_QUERY}", "",
    ])  # fmt: skip


def is_first(prefix: str) -> bool:
    """Return whether it is the address in the first language, which stands for all."""
    return prefix.strip("/").partition("/")[0] not in other_languages()
