"""The typefaces of PDFs. They come with packages, so that every machine makes the same pages."""

from functools import cache
from pathlib import Path
from typing import Any

import manimgx_fonts
import noto_cjk_sans_jp_regular
import typst


@cache
def typefaces() -> typst.Fonts:
    """Return them, and none of the machine's own.

    The first has Japanese, Chinese (both scripts), Korean, Latin, Greek and Cyrillic; the second package what it lacks.
    """
    folders: list[Any] = [Path(str(made.__file__)).parent for made in (noto_cjk_sans_jp_regular, manimgx_fonts)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
