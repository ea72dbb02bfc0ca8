"""Themes in a folder, as an operator makes them."""

from pathlib import Path

GREEN = """
light: {accent: "#1a7e59", accent-wash: "#eff6f3"}
dark: {accent: "#8cbfac", accent-wash: "#1b2c2d"}
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 32"><path d="M2 30L32 2l30 28z" fill="#1a7e59"/></svg>'


def make_theme(folder: Path, text: str = GREEN, **pictures: str | bytes) -> Path:
    """Write a theme; ``logo="<svg…"`` makes logo.svg, and ``icon=b"…"`` icon.png."""
    folder.mkdir(exist_ok=True)
    (folder / "theme.yaml").write_text(text, encoding="utf-8")
    for name, content in pictures.items():
        stem = name.replace("_", "-")
        if isinstance(content, str):
            (folder / f"{stem}.svg").write_text(content, encoding="utf-8")
        else:
            (folder / f"{stem}.png").write_bytes(content)
    return folder
