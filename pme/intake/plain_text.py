"""Texts from outside: UTF-8, and nothing that only makes readers of it stumble. Pure."""

import re

from pme.intake.archive import shown
from pme.intake.made import Refused
from pme.words.speech import _

LONGEST = 2_000_000
_RUN = re.compile(r"([\[\](){}<>*_`~!&|#>+\\-])\1{399}")
_NESTED = re.compile(r"(?:> ?){60}|(?:[*+-] ){60}|(?:\d\. ){60}")


def plain_text(name: str, content: bytes) -> str:
    """The text of a file. Raises Refused for what is none, or what no author writes."""
    if len(content) > LONGEST:
        raise Refused(_("{shown} is longer than a text may be.", shown=shown(name)))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("{shown} is not text in UTF-8. Save it as UTF-8 text.", shown=shown(name))) from None
    if "\0" in text:
        raise Refused(_("{shown} is not text. Save it as UTF-8 text.", shown=shown(name)))
    if run := _RUN.search(text):
        line = text.count("\n", 0, run.start()) + 1
        raise Refused(
            _(
                "{shown}, line {line} holds hundreds of “{run}” in a row. Take them out.",
                shown=shown(name),
                line=line,
                run=run[1],
            )
        )
    if nested := _NESTED.search(text):
        line = text.count("\n", 0, nested.start()) + 1
        raise Refused(
            _("{shown}, line {line} is nested too deeply. Make it simpler.", shown=shown(name), line=line)
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")
