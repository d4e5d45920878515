"""Which fields a question of each type has in a form, and those of a quiz or bank itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pme.content.parse_course import LANGUAGES
from pme.content.parse_item_parts import CONFIDENCES, DIFFICULTIES
from pme.content.parse_items import SCORINGS
from pme.content.parse_items_sets import WHOLE_OR_PART

Choices: TypeAlias = "tuple[tuple[str, str], ...]"
TYPES = {
    "single": "One right answer",
    "multiple": "Several right answers",
    "true-false": "True or false",
    "matching": "Matching pairs",
    "ordering": "Steps in order",
    "numeric": "A number",
    "short-text": "A word or a few",
    "rating": "Rate ways to act",
    "essay": "An essay, marked by hand",
}
"""The types of questions in the words of their authors."""


@dataclass(frozen=True)
class Field:
    """One field of a form: `name` is its place in the entry, with dots for what is inside another.

    A `line` is one line, a `text` several, `lines` a list of texts one a line, `yes` a box, `choice` one of
    `choices`, `several` any of them; `source` a key with suggestions. Fields of one `fold` are shown together
    on demand.
    """

    name: str
    label: str
    kind: Literal["line", "text", "lines", "yes", "choice", "several", "source"] = "line"
    hint: str = ""
    choices: Choices = ()
    is_optional: bool = False
    rows: int = 2
    fold: str = ""

    is_rows = False


@dataclass(frozen=True)
class Rows:
    """A list within a form, one fieldset a row; `one` is what a row is called. A text row is a citation.

    The fields of a short row stand side by side where there is room.
    """

    name: str
    label: str
    one: str
    fields: Fields
    hint: str = ""
    has_id: bool = True
    is_text: bool = False
    at_first: int = 2
    fold: str = ""
    is_short: bool = False

    is_rows = True


Fields: TypeAlias = "tuple[Field | Rows, ...]"


def _choices(*words: str) -> Choices:
    return tuple((word, word.replace("-", " ").capitalize()) for word in words)


_SURE = {
    "none": "Not asked",
    "asked": "Asked, and not counted",
    "marked": "Asked, and counted in the mark",
}
_TONGUES = {"en": "English", "fr": "French", "uk": "Ukrainian", "ar": "Arabic"}
OUTCOME = Field("outcome", "Learning outcome", "choice")
CONFIDENCE = Field(
    "confidence",
    "How sure the student is",
    "choice",
    choices=(("", "As the quiz says"), *((word, _SURE[word]) for word in CONFIDENCES)),
    is_optional=True,
)
_FEEDBACK = Field("feedback", "What is told of it", "text", "Say why it is right or wrong.")
_TEXT = Field("text", "Text", "text")
_HEAD: Fields = (
    Field("stem", "Question", "text", "You can write *slanted* and **bold**.", rows=4),
    OUTCOME,
    Field("difficulty", "Difficulty", "choice", choices=_choices(*DIFFICULTIES)),
)
_SCORING = Field("scoring", "How parts of it count", "choice", choices=_choices(*SCORINGS))
_PARTLY = replace(_SCORING, choices=_choices(*WHOLE_OR_PART))
_RIGHT_WRONG: Fields = (
    Field("feedback.right", "What is told of a right answer", "text"),
    Field("feedback.wrong", "What is told of a wrong answer", "text"),
)
_OPTIONS = Rows(
    "options",
    "Options",
    "Option",
    (_TEXT, Field("correct", "This is a right answer", "yes"), _FEEDBACK),
    "Three to five options work best.",
    at_first=4,
)
REFS = Rows(
    "refs",
    "Sources",
    "Source",
    (
        Field("key", "Key in the bibliography", "source"),
        Field("locator", "Place in it", hint="Such as §4.", is_optional=True),
    ),
    "At least one. A row left empty is taken out.",
    has_id=False,
    is_text=True,
    at_first=1,
    is_short=True,
)
_TAIL: Fields = (
    REFS,
    CONFIDENCE,
    Field(
        "id",
        "Short name",
        hint="Letters, digits and hyphens. Quizzes and pages name the question by it.",
        is_optional=True,
    ),
)
_BODIES: dict[str, Fields] = {
    "single": (_OPTIONS,),
    "multiple": (_SCORING, _OPTIONS),
    "true-false": (
        Field(
            "answer", "The statement is", "choice", choices=(("", "–"), ("true", "True"), ("false", "False"))
        ),
        Field("feedback.true", "What is told to those who say true", "text"),
        Field("feedback.false", "What is told to those who say false", "text"),
    ),
    "matching": (
        _PARTLY,
        Rows(
            "pairs",
            "Pairs",
            "Pair",
            (
                Field("left", "Left side", "text"),
                Field("right", "Right side that belongs to it", "text"),
                _FEEDBACK,
            ),
            at_first=3,
        ),
        Field("distractors", "Further right sides", "lines", "One a line.", is_optional=True),
    ),
    "ordering": (
        _PARTLY,
        Rows(
            "sequence",
            "Steps in the right order",
            "Step",
            (_TEXT, _FEEDBACK),
            "Students meet them in another order.",
            at_first=3,
        ),
    ),
    "numeric": (
        Field("answer", "Right number", hint="Such as 72 or 0.5."),
        Field("tolerance", "How far off is still right", hint="Such as 2, or 5 %.", is_optional=True),
        Field("unit", "Unit beside the field", is_optional=True),
        Field("accepted_units", "Other ways to write the unit", "lines", "One a line.", is_optional=True),
        *_RIGHT_WRONG,
    ),
    "short-text": (
        Field("accepted", "Accepted answers", "lines", "One a line.", rows=3),
        Field(
            "folding",
            "Differences that do not matter",
            "lines",
            "One a line, of: case, accents, spaces, punctuation. Empty: all of these but accents.",
            is_optional=True,
        ),
        *_RIGHT_WRONG,
    ),
    "rating": (
        Rows(
            "options",
            "Ways to act",
            "Way",
            (
                _TEXT,
                Field(
                    "key.rating",
                    "How well it serves",
                    "choice",
                    "A rating that a panel gave stays as long as you choose nothing here.",
                    choices=(("", "–"), ("4", "4, best"), ("3", "3"), ("2", "2"), ("1", "1, harmful")),
                ),
                _FEEDBACK,
            ),
            at_first=4,
        ),
    ),
    "essay": (
        Field("most_words", "Most words", hint="A whole number from 20 to 3000."),
        Rows(
            "rubric",
            "Criteria",
            "Criterion",
            (
                Field("title", "What is judged"),
                Rows(
                    "levels",
                    "Levels, from the lowest",
                    "Level",
                    (Field("points", "Points", hint="The lowest earns 0."), _TEXT),
                    has_id=False,
                ),
            ),
            at_first=1,
        ),
        Field("model", "An answer that would earn all points", "text", rows=6),
    ),
}


def fields_of(item_type: str) -> Fields:
    """The fields of a question of this type, in the order of the form."""
    return (*_HEAD, *_BODIES[item_type], *_TAIL)


_BOTH: Fields = (
    Field("title", "Title"),
    Field("module", "Module", "choice"),
    Field("language", "Language", "choice", choices=tuple((each, _TONGUES[each]) for each in LANGUAGES)),
)
_USUAL = replace(CONFIDENCE, choices=(("", "Not said"), *CONFIDENCE.choices[1:]))
_SHUFFLED = (
    ("", "Not said: another for each attempt"),
    ("yes", "Another for each attempt"),
    ("no", "As written"),
)
OF_A_BANK: Fields = (*_BOTH, _USUAL)
OF_A_QUIZ: Fields = (
    _BOTH[0],
    Field("summary", "Summary", "text", "One sentence for students."),
    *_BOTH[1:],
    Field("minutes", "Minutes it takes", hint="About how long students need."),
    Field("pass.min_percent", "Percentage to pass"),
    Field("pass.success_percent", "Percentage for a success", is_optional=True),
    Field(
        "pass.critical",
        "Questions that must be right",
        "lines",
        "Their short names, one a line.",
        is_optional=True,
    ),
    Field(
        "attempts",
        "Attempts",
        hint="A whole number, or unlimited. Everybody may take the quiz again that often.",
    ),
    Field(
        "time_limit_minutes", "Time limit in minutes", hint="Leave it empty for no limit.", is_optional=True
    ),
    Field("shuffle.items", "Order of the questions", "choice", choices=_SHUFFLED, is_optional=True),
    Field("shuffle.options", "Order of the options", "choice", choices=_SHUFFLED, is_optional=True),
    _USUAL,
    Rows(
        "blueprint",
        "Drawn from banks",
        "Line",
        (
            Field("bank", "Bank", "choice"),
            Field("outcome", "Learning outcome", "choice", is_optional=True),
            Field("count", "How many"),
        ),
        "Drawn anew for each attempt, beside the questions of the quiz itself.",
        has_id=False,
        at_first=0,
        is_short=True,
    ),
)


def of_a_quiz(outcomes: Choices) -> Fields:
    """The form of a quiz itself, with a least percentage for each learning outcome of its module."""
    least = tuple(
        Field(
            f"pass.min_by_outcome.{name}",
            f"Least percentage in {name}",
            hint=text,
            is_optional=True,
            fold="Least percentages within learning outcomes",
        )
        for name, text in outcomes
    )
    at = next(at for at, each in enumerate(OF_A_QUIZ) if each.name == "attempts")
    return (*OF_A_QUIZ[:at], *least, *OF_A_QUIZ[at:])
