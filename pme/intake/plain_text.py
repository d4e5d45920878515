"""Texts from outside: UTF-8, and nothing that only makes readers of it stumble. Pure."""

import re

from pme.intake.archive import shown
from pme.intake.made import Refused

LONGEST = 2_000_000
_RUN = re.compile(r"([\[\](){}<>*_`~!&|#>+\\-])\1{399}")
_NESTED = re.compile(r"(?:> ?){60}|(?:[*+-] ){60}|(?:\d\. ){60}")


def plain_text(name: str, content: bytes) -> str:
    """The text of a file. Raises Refused for what is none, or what no author writes."""
    if len(content) > LONGEST:
        raise Refused(f"{shown(name)} is longer than a text may be.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{shown(name)} is no text in UTF-8. Save it as UTF-8 text.") from None
    if "\0" in text:
        raise Refused(f"{shown(name)} is no text. Save it as UTF-8 text.")
    if run := _RUN.search(text):
        line = text.count("\n", 0, run.start()) + 1
        raise Refused(f"{shown(name)}, line {line} holds hundreds of “{run[1]}” in a row. Take them out.")
    if nested := _NESTED.search(text):
        line = text.count("\n", 0, nested.start()) + 1
        raise Refused(f"{shown(name)}, line {line} is nested too deeply. Make it simpler.")
    return text.replace("\r\n", "\n").replace("\r", "\n")
