"""Tables in clean HTML, each in a region that scrolls if the window is too narrow for it."""

import re
from html import escape, unescape

from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from privacycenter.text.joining import in_one_line

TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
HEADING = re.compile(r"<th>(.*?)</th>", re.DOTALL)
# A reading (ruby) is shown above its word; in a name it would follow the word.
READING = re.compile(r"<rp>.*?</rp>|<rt>.*?</rt>", re.DOTALL)


def with_regions(html: str) -> str:
    """Return the HTML with each table in a region that the keyboard can scroll, named by its column headings."""
    return TABLE.sub(in_region, html) if "<table>" in html else html


def in_region(table: re.Match[str]) -> str:
    name = escape(name_of(table[1]))
    return f'<div class="text-table" role="region" tabindex="0" aria-label="{name}">{table[0]}</div>'


def name_of(rows: str) -> str:
    texts = [unescape(strip_tags(READING.sub("", heading))).strip() for heading in HEADING.findall(rows)]
    columns = in_one_line(filter(None, texts))
    return _("Table: %(columns)s") % {"columns": columns} if columns else _("Table")
