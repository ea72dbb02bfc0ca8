"""Events as an iCalendar file (RFC 5545). Pure. It says what happens and where to look, and nothing of the content."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from disclosures.calendar.events import Event

CONTENT_TYPE = "text/calendar; charset=utf-8"
# Octets of one line (RFC 5545, 3.1).
LONGEST_LINE = 75


def icalendar(events: Iterable[Event], *, name: str, site: str, now: datetime) -> str:
    """Return the file. ``site``: the address of the site, without a slash at its end."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Privacy Center//Calendar//EN",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for event in events:
        lines += lines_of(event, site, now)
    return "".join(f"{line}\r\n" for line in folded([*lines, "END:VCALENDAR"]))


def lines_of(event: Event, site: str, now: datetime) -> list[str]:
    moment = event.moment
    begins = f"DTSTART:{stamp(moment)}" if moment else f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    return [
        "BEGIN:VEVENT",
        f"UID:{event.key}@{site.partition('//')[2]}",
        f"DTSTAMP:{stamp(now)}",
        begins,
        f"SUMMARY:{escaped(event.what)}",
        f"URL:{site}{event.address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def folded(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, with the rest of each long one on lines that begin with a blank. No letter is cut in two."""
    for line in lines:
        part, size = "", 0
        for letter in line:
            octets = len(letter.encode())
            if size + octets > LONGEST_LINE:
                yield part
                part, size = " ", 1
            part, size = part + letter, size + octets
        yield part
