"""Handouts on paper: printed once, and kept in memory while they are asked for."""

from hashlib import sha256

from pme.certificates.press.assets import FONTS_KNOWN
from pme.errors import Invalid, Unavailable
from pme.fleeting import pages
from pme.fleeting.relay import Relay
from pme.handouts.handout import Handout
from pme.handouts.kept import Kept
from pme.handouts.style import look
from pme.press.keeper import Press, Trade
from pme.words.lazily import lazy

TIME_LIMIT = 10.0
"""Seconds a printing may take before the press is stopped."""
INSTEAD = lazy("Open the page and print it from your browser, or save it as PDF there.")
HANDOUTS = Trade(
    program="pme.handouts.child",
    fonts=FONTS_KNOWN,
    busy=lazy("The printer is busy with other pages. Try again in a minute. Or: {instead}", instead=INSTEAD),
    late=lazy(
        "The page could not be made into a PDF within {} seconds: the server is busy, or the page is very long. "
        "Try again in a minute, or open the page and print it from your browser."
    ),
    too_much=lazy(
        "The page is too long, or nested too deep, to be made into a PDF here. {instead}", instead=INSTEAD
    ),
    failed=lazy(
        "The page could not be made into a PDF. The fault has been logged. {instead}", instead=INSTEAD
    ),
)

_press = Press(HANDOUTS)
_kept = Kept()


def digest_of(handout: Handout) -> str:
    """What tells a handout, as it looks on paper, from every other."""
    return sha256(look() + handout.as_json()).hexdigest()


def render(handout: Handout, *, within: float = TIME_LIMIT, relay: Relay | None = None) -> bytes:
    """The handout as a PDF. Safe to call from many threads, which take turns; hold no transaction meanwhile.
    With a relay, what another process printed of late is not printed again.

    Raises Invalid when it is too much to print, Unavailable when it cannot be printed in time.
    """
    digest = digest_of(handout)
    if pdf := _kept.find(digest):
        return pdf
    if pdf := pages.find(relay, digest):
        _kept.keep(digest, pdf)
        return pdf
    try:
        pdf = _press.print(handout.as_json(), within=within)
    except (Invalid, Unavailable) as refusal:
        if refusal.says != str(HANDOUTS.busy):
            _kept.refuse(digest, refusal)
        raise
    _kept.keep(digest, pdf)
    pages.keep(relay, digest, pdf)
    return pdf


def print_book(handout: Handout, *, within: float) -> bytes:
    """A long handout as a PDF, for whoever keeps it elsewhere. Raises as `render`."""
    return _press.print(handout.as_json(), within=within)


def close() -> None:
    """End the process of the press; the next printing starts another."""
    _press.close()
