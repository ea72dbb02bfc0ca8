"""What stands on the pages, and where they are."""

# One address of each public view. Pages that editors make are found by following links.
PUBLIC_PATHS = (
    "/", "/where-provided/", "/recipients/", "/recipients/abroad/", "/recipients/northwind-analytics/", "/services/",
    "/services/jalan/", "/faq/", "/contact/", "/processing-examples/", "/changes/",
)  # fmt: skip


def ids_on(page) -> list[str]:
    """The disclosures that a page links to, in its order."""
    links = [link["href"] for link in page.one("main").all("a")]
    return [link.split("/")[-2] for link in links if link.count("/") == 4 and "/my/disclosures/" in link]


def recipients_on(page) -> list[str]:
    """The recipients that a page of the person links to, in its order."""
    links = [link["href"] for link in page.one("main").all("a")]
    return [link.split("/")[-2] for link in links if "/my/recipients/" in link and link.count("/") == 4]


def link_to(page, direction) -> str | None:
    """The address of the next or previous page, None when there is none."""
    found = page.one("main").all("a", rel=direction)
    return found[0]["href"] if found else None


def sets_a_cookie(get_response):
    """A middleware for the innermost place: as if every view set one."""

    def middleware(request):
        response = get_response(request)
        response.set_cookie("whose", "hanako")
        return response

    return middleware
