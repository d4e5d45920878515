"""The shapes of a question as a page shows it. Pure; they hold no author's id and no key."""

from dataclasses import dataclass

from pme.content.shapes import Confidence


@dataclass(frozen=True)
class Part:
    """One option, step or right-hand side: its position as a form value, its text, whether it is chosen.

    `rating` is the rating of 1-4 that an option was given, or "".
    """

    position: str
    text_html: str
    is_chosen: bool = False
    rating: str = ""


@dataclass(frozen=True)
class Row:
    """One left-hand side of a matching item; `chosen` is the position of the right-hand side or ""."""

    field: str
    text_html: str
    chosen: str


@dataclass(frozen=True)
class Question:
    """An item as it is asked.

    `kind` is single, multiple, matching, ordering, numeric, short-text, rating or essay. `text` is what was
    typed so far, `read_as` the number it was read as; `most_words` is 0 where nothing longer is written.
    `sure` is how sure the student said they are, 1-3, where `confidence` asks for it.
    """

    number: int
    of: int
    kind: str
    stem_html: str
    parts: tuple[Part, ...]
    rows: tuple[Row, ...] = ()
    text: str = ""
    unit: str = ""
    read_as: str = ""
    most_words: int = 0
    confidence: Confidence = "none"
    sure: int | None = None
