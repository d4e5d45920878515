"""The shapes of quizzes and their items."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from pme.content.shapes_shared import Citation, Outcome, Shape

Difficulty = Literal["easy", "medium", "hard"]
Scoring = Literal["all-or-nothing", "per-option", "right-minus-wrong"]


class Option(Shape):
    """One answer that may be chosen."""

    id: str
    text_html: str
    correct: bool = False
    feedback_html: str


class Item(Shape):
    """What every question has."""

    id: str
    outcome: str
    difficulty: Difficulty
    stem_html: str
    refs: tuple[Citation, ...] = ()


class SingleItem(Item):
    """Exactly one option is right. True-false items are single items with options true and false."""

    type: Literal["single", "true-false"]
    options: tuple[Option, ...]


class MultipleItem(Item):
    """One or more options are right."""

    type: Literal["multiple"]
    scoring: Scoring
    options: tuple[Option, ...]


class Pair(Shape):
    """A left side and the right side that belongs to it; `right_id` is opaque, for forms."""

    id: str
    left_html: str
    right_html: str
    right_id: str
    feedback_html: str


class Distractor(Shape):
    """A right side that belongs to no left side."""

    right_id: str
    right_html: str


class MatchingItem(Item):
    """Match each left side with its right side."""

    type: Literal["matching"]
    scoring: Literal["all-or-nothing", "per-option"]
    pairs: tuple[Pair, ...]
    distractors: tuple[Distractor, ...] = ()


class SequenceStep(Shape):
    """One step of an ordering item."""

    id: str
    text_html: str
    feedback_html: str


class OrderingItem(Item):
    """Put the steps into order; `sequence` is the right order."""

    type: Literal["ordering"]
    scoring: Literal["all-or-nothing", "per-option"]
    sequence: tuple[SequenceStep, ...]


AnyItem = Annotated[SingleItem | MultipleItem | MatchingItem | OrderingItem, Field(discriminator="type")]


class QuizPass(Shape):
    """The pass rule: percentage, and items that must be right whatever the total."""

    min_percent: int
    critical: tuple[str, ...] = ()


class Quiz(Shape):
    """A question set; `attempts` is None for unlimited."""

    kind: Literal["quiz"] = "quiz"
    slug: str
    title: str
    summary: str
    language: str
    module: str
    minutes: int
    pass_rule: QuizPass
    attempts: int | None = None
    shuffle_items: bool = True
    shuffle_options: bool = True
    keyed_by: Literal["author", "panel"] = "author"
    outcomes: tuple[Outcome, ...]
    items: tuple[AnyItem, ...]

    def item(self, item_id: str) -> AnyItem | None:
        """The item of this id, or None."""
        return next((item for item in self.items if item.id == item_id), None)
