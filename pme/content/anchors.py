"""Anchors of rendered text, kept apart where several pages stand on one screen or in one file. Pure."""

import re
from functools import lru_cache

ANCHORS = re.compile(
    r"""(\b(?:id|for|aria-labelledby|aria-describedby|popovertarget)="|\bhref="\#|url\(\#)([^")]+)(["\)])"""
)
HEADINGS = re.compile(r"(</?h)([2-5])\b")


def anchored(html: str, prefix: str) -> str:
    """Rendered text whose anchors, and the links to them, begin with a prefix of their own."""
    return ANCHORS.sub(lambda m: m[1] + " ".join(prefix + name for name in m[2].split()) + m[3], html)


@lru_cache(maxsize=256)
def standalone(html: str, slug: str) -> str:
    """HTML of a page to stand beside others: its anchors get the page's name, its headings go one down."""
    return HEADINGS.sub(lambda m: f"{m[1]}{int(m[2]) + 1}", anchored(html, f"{slug}-"))
