"""Which fields a question of each type has in a form, and those of a quiz or bank itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from pme.content.parse_item_parts import CONFIDENCES, DIFFICULTIES
from pme.content.parse_items import SCORINGS
from pme.content.parse_items_sets import WHOLE_OR_PART
from pme.content.written_in import LANGUAGES
from pme.words.lazily import lazy
from pme.words.speech import _

Choices: TypeAlias = "tuple[tuple[str, str], ...]"
TYPES = {
    "single": lazy("One right answer"),
    "multiple": lazy("Several right answers"),
    "true-false": lazy("True or false"),
    "matching": lazy("Matching pairs"),
    "ordering": lazy("Steps in order"),
    "numeric": lazy("A number"),
    "short-text": lazy("A word or a few"),
    "rating": lazy("Rate ways to act"),
    "essay": lazy("An essay, marked by hand"),
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


_CODES = {
    "easy": lazy("Easy"),
    "medium": lazy("Medium"),
    "hard": lazy("Hard"),
    "all-or-nothing": lazy("All or nothing"),
    "per-option": lazy("Per option"),
    "right-minus-wrong": lazy("Right minus wrong"),
}


def _choices(*words: str) -> Choices:
    return tuple((word, _CODES[word]) for word in words)


DIFFICULTY_CHOICES = _choices(*DIFFICULTIES)
_SURE = {
    "none": lazy("Not asked"),
    "asked": lazy("Asked, and not counted"),
    "marked": lazy("Asked, and counted in the mark"),
}
_TONGUES = {"en": lazy("English"), "fr": lazy("French"), "uk": lazy("Ukrainian"), "ar": lazy("Arabic")}
OUTCOME = Field(
    "outcome",
    lazy("Learning outcome"),
    "choice",
    lazy("What this question tests; results are shown by learning outcome."),
)
CONFIDENCE = Field(
    "confidence",
    lazy("How sure the student is"),
    "choice",
    lazy("Students say so with each answer, and learn how well they judge themselves."),
    choices=(("", lazy("As the quiz says")), *((word, _SURE[word]) for word in CONFIDENCES)),
    is_optional=True,
)
_FEEDBACK = Field("feedback", lazy("Feedback on it"), "text", lazy("Say why it is right or wrong."))
_TEXT = Field("text", lazy("Text"), "text")
_HEAD: Fields = (
    Field("stem", lazy("Question"), "text", lazy("You can write *italic* and **bold**."), rows=4),
    OUTCOME,
    Field(
        "difficulty",
        lazy("Difficulty"),
        "choice",
        lazy("Your own estimate. The real difficulty shows once students have answered."),
        DIFFICULTY_CHOICES,
    ),
)
_SCORING = Field(
    "scoring",
    lazy("How parts of it count"),
    "choice",
    lazy(
        "“Per option”: each part earns its share. “Right minus wrong” also takes points away for what is "
        "wrong."
    ),
    _choices(*SCORINGS),
)
_PARTLY = replace(
    _SCORING, hint=lazy("“Per option”: each part earns its share."), choices=_choices(*WHOLE_OR_PART)
)
_RIGHT_WRONG: Fields = (
    Field("feedback.right", lazy("Feedback on a right answer"), "text"),
    Field("feedback.wrong", lazy("Feedback on a wrong answer"), "text"),
)
_OPTIONS = Rows(
    "options",
    lazy("Options"),
    lazy("Option"),
    (_TEXT, Field("correct", lazy("This is a right answer"), "yes"), _FEEDBACK),
    lazy("Three to five options work best."),
    at_first=4,
)
REFS = Rows(
    "refs",
    lazy("Sources"),
    lazy("Source"),
    (
        Field("key", lazy("Key in the bibliography"), "source"),
        Field("locator", lazy("Place in it"), hint=lazy("Such as §4."), is_optional=True),
    ),
    lazy("At least one. Empty rows are removed."),
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
        lazy("Short name"),
        hint=lazy("Letters, digits and hyphens. Quizzes and pages name the question by it."),
        is_optional=True,
    ),
)
_BODIES: dict[str, Fields] = {
    "single": (_OPTIONS,),
    "multiple": (_SCORING, _OPTIONS),
    "true-false": (
        Field(
            "answer",
            lazy("The statement is"),
            "choice",
            choices=(("", "–"), ("true", lazy("True")), ("false", lazy("False"))),
        ),
        Field("feedback.true", lazy("Feedback for the answer “true”"), "text"),
        Field("feedback.false", lazy("Feedback for the answer “false”"), "text"),
    ),
    "matching": (
        _PARTLY,
        Rows(
            "pairs",
            lazy("Pairs"),
            lazy("Pair"),
            (
                Field("left", lazy("Left side"), "text"),
                Field("right", lazy("Right side that belongs to it"), "text"),
                _FEEDBACK,
            ),
            at_first=3,
        ),
        Field(
            "distractors",
            lazy("Distractors: right sides without a pair"),
            "lines",
            lazy("One per line. They make sure that the last pair cannot be guessed."),
            is_optional=True,
        ),
    ),
    "ordering": (
        _PARTLY,
        Rows(
            "sequence",
            lazy("Steps in the right order"),
            lazy("Step"),
            (_TEXT, _FEEDBACK),
            lazy("Students meet them in another order."),
            at_first=3,
        ),
    ),
    "numeric": (
        Field("answer", lazy("Right number"), hint=lazy("Such as 72 or 0.5.")),
        Field(
            "tolerance",
            lazy("Tolerance: how far off is still right"),
            hint=lazy("Such as 2, or 5 %."),
            is_optional=True,
        ),
        Field("unit", lazy("Unit beside the field"), is_optional=True),
        Field(
            "accepted_units",
            lazy("Other ways to write the unit"),
            "lines",
            lazy("One per line."),
            is_optional=True,
        ),
        *_RIGHT_WRONG,
    ),
    "short-text": (
        Field("accepted", lazy("Accepted answers"), "lines", lazy("One per line."), rows=3),
        Field(
            "folding",
            lazy("Differences that do not matter"),
            "lines",
            lazy(
                "One per line, from: case, accents, spaces, punctuation. Empty: all of these except accents."
            ),
            is_optional=True,
        ),
        *_RIGHT_WRONG,
    ),
    "rating": (
        Rows(
            "options",
            lazy("Ways to act"),
            lazy("Way"),
            (
                _TEXT,
                Field(
                    "key.rating",
                    lazy("How appropriate it is"),
                    "choice",
                    lazy("A rating given by a panel stays until you choose one here."),
                    choices=(
                        ("", "–"),
                        ("4", lazy("4, best")),
                        ("3", "3"),
                        ("2", "2"),
                        ("1", lazy("1, harmful")),
                    ),
                ),
                _FEEDBACK,
            ),
            at_first=4,
        ),
    ),
    "essay": (
        Field("most_words", lazy("Maximum number of words"), hint=lazy("A whole number from 20 to 3000.")),
        Rows(
            "rubric",
            lazy("Criteria"),
            lazy("Criterion"),
            (
                Field("title", lazy("What is judged")),
                Rows(
                    "levels",
                    lazy("Levels, from the lowest"),
                    lazy("Level"),
                    (Field("points", lazy("Points"), hint=lazy("The lowest earns 0.")), _TEXT),
                    has_id=False,
                ),
            ),
            at_first=1,
        ),
        Field("model", lazy("An answer that would earn all points"), "text", rows=6),
    ),
}


def fields_of(item_type: str) -> Fields:
    """The fields of a question of this type, in the order of the form."""
    return (*_HEAD, *_BODIES[item_type], *_TAIL)


_BOTH: Fields = (
    Field("title", lazy("Title")),
    Field("module", lazy("Module"), "choice"),
    Field(
        "language", lazy("Language"), "choice", choices=tuple((each, _TONGUES[each]) for each in LANGUAGES)
    ),
)
_USUAL = replace(CONFIDENCE, choices=(("", lazy("Not set")), *CONFIDENCE.choices[1:]))
_SHUFFLED = (
    ("", lazy("Not set: a different order for each attempt")),
    ("yes", lazy("A different order for each attempt")),
    ("no", lazy("As written")),
)
OF_A_BANK: Fields = (*_BOTH, _USUAL)
OF_A_QUIZ: Fields = (
    _BOTH[0],
    Field("summary", lazy("Summary"), "text", lazy("One sentence for students.")),
    *_BOTH[1:],
    Field("minutes", lazy("Minutes it takes"), hint=lazy("About how long students need.")),
    Field("pass.min_percent", lazy("Percentage to pass"), hint=lazy("From 1 to 100.")),
    Field(
        "pass.success_percent",
        lazy("Percentage for a success"),
        hint=lazy("From this percentage on, a pass is called a success. If empty, every pass is a success."),
        is_optional=True,
    ),
    Field(
        "pass.critical",
        lazy("Questions that must be right"),
        "lines",
        lazy("Their short names, one per line."),
        is_optional=True,
    ),
    Field(
        "attempts",
        lazy("Attempts"),
        hint=lazy("A whole number, or unlimited: how often each student may take the quiz."),
    ),
    Field(
        "time_limit_minutes",
        lazy("Time limit in minutes"),
        hint=lazy("Leave it empty for no limit."),
        is_optional=True,
    ),
    Field("shuffle.items", lazy("Order of the questions"), "choice", choices=_SHUFFLED, is_optional=True),
    Field("shuffle.options", lazy("Order of the options"), "choice", choices=_SHUFFLED, is_optional=True),
    _USUAL,
    Rows(
        "blueprint",
        lazy("Chosen from banks"),
        lazy("Line"),
        (
            Field("bank", lazy("Bank"), "choice"),
            Field("outcome", lazy("Learning outcome"), "choice", is_optional=True),
            Field("count", lazy("How many"), hint=lazy("The bank should hold at least twice as many.")),
        ),
        lazy("Chosen at random for each attempt, in addition to the questions of the quiz itself."),
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
            _("Minimum percentage in {name}", name=name),
            hint=text,
            is_optional=True,
            fold=_("Minimum percentages by learning outcome"),
        )
        for name, text in outcomes
    )
    at = next(at for at, each in enumerate(OF_A_QUIZ) if each.name == "attempts")
    return (*OF_A_QUIZ[:at], *least, *OF_A_QUIZ[at:])
