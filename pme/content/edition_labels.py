"""What an edition is called, as certificates keep it, said in another language. Pure.

A certificate keeps the name of its edition in English, word for word, so that its record never changes. Whoever
reads it reads it in the language of the page or of the paper.
"""

import re
from calendar import month_name
from datetime import date

from pme.words.speech import _
from pme.words.times import day

_LABEL = re.compile(rf"Edition (\d+) \((\d+) ({'|'.join(month_name[1:])}) (\d+)\)")


def edition_said(label: str) -> str:
    """A kept name like “Edition 3 (2 March 2026)” in the language spoken now; another text as it is."""
    found = _LABEL.fullmatch(label)
    if found is None:
        return label
    number, on, month, year = found.groups()
    moment = date(int(year), list(month_name).index(month), int(on))
    return _("Edition {number} ({day})", number=number, day=day(moment))
