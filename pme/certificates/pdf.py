"""Certificates on paper: a sheet of plain words goes in, the bytes of a PDF come out."""

from itertools import chain
from unicodedata import category, normalize

from pme.certificates.press.assets import FONTS_KNOWN
from pme.certificates.press.sheet import CertificateSheet, job_of, picture_job
from pme.errors import Invalid
from pme.press.keeper import Press, Trade
from pme.words.lazily import lazy

__all__ = ["CertificateSheet", "close", "picture", "render", "uncovered"]

TIME_LIMIT = 20.0
"""Seconds a printing may take before the press is stopped."""

CERTIFICATES = Trade(
    program="pme.certificates.press.child",
    fonts=FONTS_KNOWN,
    busy=lazy("The printer is busy with other certificates. Try again in a minute."),
    late=lazy("The certificate could not be printed within {seconds} seconds. Try again in a minute."),
    too_much=lazy("The certificate has more words than fit on its pages. Shorten its texts."),
    failed=lazy("The certificate could not be printed. The fault has been logged."),
)

UNDRAWABLE = lazy(
    "The certificate cannot be printed, because the fonts of certificates have no shape for {letters}. "
    "Give the name or text in Latin, Greek, Cyrillic or Arabic letters, and issue the certificate again."
)

_press = Press(CERTIFICATES)


def render(
    sheet: CertificateSheet,
    attachment: bytes | None = None,
    *,
    within: float = TIME_LIMIT,
    press: Press | None = None,
) -> bytes:
    """The certificate and its supplement as a PDF of two landscape A4 pages; equal sheets give equal bytes.

    It is PDF/A-3a and PDF/UA-1, carries the attachment (a credential as JSON-LD), and has an empty field for
    the academy's signature.

    Safe to call from many threads, which take turns at the press of this process or at the one that is given;
    hold no database transaction meanwhile.
    Raises Unavailable when it cannot be printed within so many seconds, or a system library is
    missing; Invalid when its words are too many for the pages, or in letters that it has no
    shapes for.
    """
    _drawable(sheet)
    return (press or _press).print(job_of(sheet, attachment), within=within)


def picture(sheet: CertificateSheet, *, width: int, within: float = TIME_LIMIT) -> bytes:
    """The first page as a WebP so many points wide. Raises what `render` raises."""
    _drawable(sheet)
    return _press.print(picture_job(sheet, width), within=within)


def _drawable(sheet: CertificateSheet) -> None:
    if missing := uncovered(_told(sheet)):
        raise Invalid(UNDRAWABLE.format(letters=" ".join(missing)))


def uncovered(text: str) -> str:
    """The characters of a text that the shipped fonts cannot draw, each once, in order."""
    from pme.certificates.press.typeface import covered  # noqa: PLC0415  (reads the fonts: 50 ms, once)

    known = covered()
    drawn = (letter for letter in normalize("NFC", text) if category(letter)[0] not in "CZ")
    return "".join(dict.fromkeys(letter for letter in drawn if ord(letter) not in known))


def _told(sheet: CertificateSheet) -> str:
    """Every word on the sheet that somebody wrote."""
    lines = sheet.holder_name, sheet.holder_rank, sheet.academy_name, sheet.academy_nation, sheet.course_title
    more = (
        sheet.statement,
        sheet.certificate_title,
        sheet.edition,
        sheet.assessment,
        sheet.number,
        sheet.result,
    )
    own = (sheet.dressed.opening, sheet.dressed.footer)
    return "".join((*lines, *more, *own, *chain(*sheet.outcomes, *sheet.frameworks, *sheet.signatories)))


def close() -> None:
    """End the process of the press; the next printing starts another."""
    _press.close()
