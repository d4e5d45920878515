"""What is wrong with a design, field by field, in sentences."""

from collections.abc import Collection
from dataclasses import asdict

from pme.certificates.designs.colours import LINES, WHITE, WORDS, contrast, nearest
from pme.certificates.designs.design import (
    HOUSE_CREST,
    LANGUAGES,
    MOST_SIGNATORIES,
    NO_CREST,
    Design,
    Signatory,
)
from pme.certificates.designs.texts import refusal
from pme.certificates.pdf import uncovered
from pme.certificates.press.look import COLOUR, LAYOUTS
from pme.words.lazily import lazy
from pme.words.speech import _

QUIET, WARNING = "#465054", "#9b2c12"
"""The colours of small words on the ground of the record."""
LONGEST_NAME, LONGEST_RANK, LONGEST_ROLE = 90, 29, 120
AGAINST = {
    "small": lazy(
        "This colour has a contrast of {ratio}:1 with the small words on it. Words need {least}:1. The nearest "
        "that passes is {passing}."
    ),
    "ground": lazy(
        "This colour has a contrast of {ratio}:1 with white and the background of the "
        "record. Words need {least}:1. The nearest that passes is {passing}."
    ),
    "white": lazy(
        "This colour has a contrast of {ratio}:1 with white. Lines need {least}:1. "
        "The nearest that passes is {passing}."
    ),
}
"""What is said of a colour that is too like what it stands on."""
NO_COLOUR = lazy("Give a colour as # and six digits from 0 to f, such as #0b5260.")


def problems(design: Design, *, crests: Collection[int], facsimiles: Collection[int]) -> dict[str, str]:
    """What is wrong, by the name of the field in which it stands; `crests` and `facsimiles` are the academy's own."""
    found: dict[str, str] = {}
    if design.layout not in LAYOUTS:
        found["layout"] = _("Choose a layout.")
    found |= _of_colours(design)
    own_crest = design.crest.isdecimal() and int(design.crest) in crests
    if design.crest not in (HOUSE_CREST, NO_CREST) and not own_crest:
        found["crest"] = _("Choose a crest, or none.")
    for place, signatory in enumerate(design.signatories[:MOST_SIGNATORIES], start=1):
        found |= {f"{name}_{place}": says for name, says in _of_signatory(signatory, facsimiles).items()}
    printed = [each.printed for each in design.signatories]
    for place, name in enumerate(printed):
        if name in printed[:place]:
            found.setdefault(f"name_{place + 1}", _("This person signs already. Name each once."))
    for language, texts in design.texts.items():
        for kind, text in asdict(texts).items():
            if language in LANGUAGES and (says := refusal(kind, text) or _undrawable(text)):
                found[f"{kind}_{language}"] = says
    return found


def _of_colours(design: Design) -> dict[str, str]:
    given = {"accent": design.accent, "metal": design.metal, "panel": design.panel}
    found = {name: NO_COLOUR for name, colour in given.items() if not COLOUR.fullmatch(colour)}
    if found:
        return found
    # The ground first: it must be light enough for words that no academy chooses, then the accent for both grounds.
    checks = (
        ("panel", (QUIET, WARNING), WORDS, False, "small"),
        ("accent", (WHITE, design.panel), WORDS, True, "ground"),
        ("metal", (WHITE,), LINES, True, "white"),
    )
    for name, against, least, darker, what in checks:
        colour = given[name]
        ratio = min(contrast(colour, other) for other in against)
        if ratio < least and not (name == "accent" and "panel" in found):
            passing = nearest(colour, against, least, darker=darker)
            # Rounded down: what is refused never reads as if it passed.
            found[name] = AGAINST[what].format(
                ratio=f"{int(ratio * 100) / 100:g}", least=f"{least:g}", passing=passing
            )
    return found


def _of_signatory(signatory: Signatory, facsimiles: Collection[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    others = (signatory.rank, *signatory.roles.values())
    if not signatory.name and (any(others) or signatory.image):
        found["name"] = _("Give the name, or leave the whole of this signatory empty.")
    limits = [("name", signatory.name, LONGEST_NAME), ("rank", signatory.rank, LONGEST_RANK)]
    limits += [(f"role_{language}", role, LONGEST_ROLE) for language, role in signatory.roles.items()]
    for name, text, most in limits:
        if len(text) > most:
            found[name] = _("Keep this under {most} characters; it has {count}.", most=most, count=len(text))
        elif says := _undrawable(text):
            found[name] = says
    if signatory.image is not None and signatory.image not in facsimiles:
        found["image"] = _("Choose a facsimile, or none.")
    return found


def _undrawable(text: str) -> str:
    if missing := uncovered(text):
        return _(
            "The fonts of certificates have no shape for {letters}. "
            "Use Latin, Greek, Cyrillic or Arabic letters.",
            letters=" ".join(missing),
        )
    return ""
