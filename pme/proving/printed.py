"""What of a certificate's printed fields the text of a PDF does not hold. Pure."""

import re
from collections.abc import Iterator
from unicodedata import category, normalize

from pme.certificates.press.languages import EARLIER
from pme.certificates.press.page import lay_out
from pme.certificates.press.sheet import CertificateSheet
from pme.proving.worth import Difference
from pme.words.lazily import lazy


def not_printed(sheet: CertificateSheet, text: str) -> Iterator[Difference]:
    """Each printed field that the text of a PDF does not hold, as it was printed."""
    page, there = lay_out(sheet), _plain(text)
    fields = [
        (lazy("Number"), page.number.text),
        (lazy("Holder"), page.holder.text),
        (lazy("Rank"), page.rank.text),
        (lazy("Certificate"), page.certificate.text),
        (lazy("Course"), page.course.text),
        (lazy("Academy"), page.academy.text),
        *((lazy("Signatory"), name.text) for name, _ in page.signatories),
    ]
    is_there = _words_are_there if page.words.direction == "rtl" else _is_there
    for field, value in dict.fromkeys(fields):
        if not is_there(value, there):
            yield Difference(field, value)
    for label, said in page.facts:  # short ones stand everywhere by chance, but not after their label
        labels = (label, EARLIER.get(label, label))
        if not any(is_there(f"{each} {said.text}", there) for each in labels):
            yield Difference(label, said.text)


def _is_there(value: str, there: str) -> bool:
    return _plain(value) in there


def _words_are_there(value: str, there: str) -> bool:
    """Where letters run from right to left, programs tell words and figures in orders of their own."""
    return all(_plain(word) in there for word in re.findall(r"\w+", value))


def _plain(text: str) -> str:
    """Letters and figures alone: programs that print move spaces, hyphens and marks about."""
    return "".join(
        letter for letter in normalize("NFKC", text) if category(letter)[0] in "LN" or letter == "%"
    ).casefold()
