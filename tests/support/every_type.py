"""Quizzes of the types that the small library does not have: typed, rated, written, and marked by certainty.

They belong to the second module. As in the small library, what must not reach a student early carries
CANARY, or is one of the `NUMBERS` that stand in no other place.
"""

from pme.content.library import Library
from pme.content.shapes import (
    Completion,
    Criterion,
    EssayItem,
    Key,
    NumericItem,
    Quiz,
    QuizPass,
    RatedOption,
    RatingItem,
    RubricLevel,
    ShortTextItem,
    SingleItem,
)
from tests.support.library import OUTCOMES, SECRET_SOURCE, library, module, option

NUMBERS = frozenset({"4815.16", "4791.74", "4838.58", "23.42"})
"""The key of the numeric item, its tolerance, and where it ends."""

NUMBER = NumericItem(
    id="CANARY-number",
    type="numeric",
    outcome="LO1",
    difficulty="medium",
    stem_html="How much water?",
    answer="4815.16",
    tolerance="23.42",
    unit="l",
    accepted_units=("litres",),
    right_feedback_html="CANARY feedback number right",
    wrong_feedback_html="CANARY feedback number wrong",
    confidence="marked",
    refs=(SECRET_SOURCE,),
)
WORD = ShortTextItem(
    id="CANARY-word",
    type="short-text",
    outcome="LO2",
    difficulty="easy",
    stem_html="What do you ask for?",
    accepted=("consent", "CANARY accepted word"),
    right_feedback_html="CANARY feedback word right",
    wrong_feedback_html="CANARY feedback word wrong",
    confidence="asked",
)
RATING = RatingItem(
    id="CANARY-rating",
    type="rating",
    outcome="LO2",
    difficulty="hard",
    stem_html="How well does each serve?",
    options=tuple(
        RatedOption(
            id=f"CANARY-{name}",
            text_html=f"Way {name}",
            key=Key(by="author", rating=rating),
            feedback_html=f"CANARY feedback {name}",
        )
        for name, rating in (("kilo", 4), ("lima", 3), ("mike", 2), ("november", 1))
    ),
)
SURE = SingleItem(
    id="CANARY-sure",
    type="single",
    outcome="LO1",
    difficulty="easy",
    stem_html="Which one surely?",
    options=(option("oscar", correct=True), option("papa")),
    confidence="marked",
)
ESSAY = EssayItem(
    id="CANARY-essay",
    type="essay",
    outcome="LO2",
    difficulty="hard",
    stem_html="How would you prepare?",
    rubric=(
        Criterion(
            id="CANARY-criterion",
            title="CANARY criterion",
            levels=(
                RubricLevel(points=0, text="CANARY level none"),
                RubricLevel(points=2, text="CANARY level all"),
            ),
        ),
    ),
    most_words=20,
    model_html="<p>CANARY model answer</p>",
)
PASS = QuizPass(min_percent=75, success_percent=90, min_by_outcome={"LO2": 60})


def judgement(**more: object) -> Quiz:
    """A quiz of everything that is marked by itself."""
    return _quiz("judgement", {"items": (NUMBER, WORD, RATING, SURE), "pass_rule": PASS} | more)


def letter(**more: object) -> Quiz:
    """A quiz with an essay, which waits for a marker."""
    return _quiz("letter", {"items": (ESSAY, WORD), "pass_rule": QuizPass(min_percent=75)} | more)


def every_type(*more: Quiz) -> Library:
    """The small library, with these quizzes in its second module."""
    quizzes = {quiz.slug: quiz for quiz in (judgement(), letter(), *more)}
    further = module("further", "Further on", Completion(quizzes=tuple(quizzes)), prerequisites=("basics",))
    return library(further, *quizzes.values())


def _quiz(slug: str, more: dict[str, object]) -> Quiz:
    facts = {
        "slug": slug,
        "title": f"A quiz of {slug}",
        "summary": "What is typed and judged.",
        "language": "en",
        "module": "further",
        "minutes": 5,
        "outcomes": OUTCOMES,
    }
    return Quiz(**(facts | more))  # type: ignore[arg-type]
