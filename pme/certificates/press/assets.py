"""Where the press finds its files; it reads no others."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[2]

ASSETS = _PACKAGE / "static" / "certificate"
FONTS = ASSETS / "fonts"
FONTS_KNOWN = FONTS / "fonts.conf"
TEMPLATES = _PACKAGE.parent / "templates" / "certificate"
