"""Signs that no key types, that PostgreSQL refuses in part and HTML as a whole. Pure."""

import re

from pme.words.lazily import lazy

UNFIT = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef]|"
    + "|".join(f"[{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}]" for plane in range(0, 0x110000, 0x10000))
)
"""Control characters and non-characters."""
CANNOT_BE_KEPT = lazy(
    "This text held characters that cannot be kept, such as control characters. They "
    "are taken out: check the text, then send it again."
)


def fit(text: str) -> str:
    """A text without what no page can show."""
    return UNFIT.sub("", text)
