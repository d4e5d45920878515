"""The shapes of content: what an author's files become once they are read.

All shapes are frozen and survive a round trip through JSON, which is how a version keeps them.
Texts ending in `_html` are rendered and sanitised; all other texts are plain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
"""Number of the compiled form; raise it when a shape changes so that old versions are read anew."""


class Shape(BaseModel):
    """A frozen fact about content that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Shape):
    """One entry of the bibliography."""

    key: str
    title: str
    body: str
    date: str
    url: str | None = None
    status: Literal["seen", "to-verify", "superseded"] = "seen"
    note: str | None = None


class Citation(Shape):
    """A source with the place in it; `key` is None for a source known to one scenario only."""

    source: Source
    locator: str | None = None


class Term(Shape):
    """A glossary term in one language."""

    slug: str
    term: str
    definition: str


class Glossary(Shape):
    """Every term of one language, in alphabetical order; its slug is the language."""

    kind: Literal["glossary"] = "glossary"
    slug: str
    terms: tuple[Term, ...]

    def term(self, slug: str) -> Term | None:
        """The term of this slug, or None."""
        return next((term for term in self.terms if term.slug == slug), None)


class ContentNote(Shape):
    """What a reader meets in a module or scenario, and the equal way around it."""

    themes: tuple[str, ...]
    detail: Literal["none", "mentioned", "summarised"]
    text: str
    equivalent: str
    support: str = "default"


class Outcome(Shape):
    """A learning outcome, worded so that it can be assessed."""

    id: str
    text: str
    verb: str | None = None
    serves: tuple[str, ...] = ()


class Key(Shape):
    """Whose judgement a key is: the author's (with a rating of 1-4) or a panel's (all ratings)."""

    by: Literal["author", "panel"]
    rating: int | None = None
    panel: tuple[int, ...] = ()

    @property
    def mean(self) -> float:
        """Mean rating on the scale 1 (harmful) to 4 (best)."""
        if self.panel:
            return sum(self.panel) / len(self.panel)
        return float(self.rating or 1)

    @property
    def credit(self) -> float:
        """Rating scaled to 0-1: (mean - 1) / 3."""
        return (self.mean - 1) / 3


# ---------------------------------------------------------------- modules and courses


class Figure(Shape):
    """A media file of a module; `sha256` is its address."""

    path: str
    name: str
    sha256: str
    mime: str
    size: int


class Heading(Shape):
    """A section of a page, for its table of contents; `level` is 2 or 3."""

    level: int
    anchor: str
    text: str


class Page(Shape):
    """One section of a module, read on one screen."""

    slug: str
    number: int
    title: str
    html: str
    headings: tuple[Heading, ...] = ()
    citations: tuple[Citation, ...] = ()
    terms: tuple[Term, ...] = ()
    words: int


class Completion(Shape):
    """What completes a module: all of its pages, and these quizzes and scenarios passed."""

    pages: Literal["all", "none"] = "all"
    quizzes: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()


class Module(Shape):
    """A module with its pages in order."""

    kind: Literal["module"] = "module"
    slug: str
    title: str
    summary: str
    language: str
    minutes: int
    level: str
    outcomes: tuple[Outcome, ...]
    prerequisites: tuple[str, ...] = ()
    content_note: ContentNote | None = None
    completion: Completion
    authors: tuple[str, ...]
    reviewer: str
    review_date: str
    intro_html: str
    intro_citations: tuple[Citation, ...] = ()
    intro_terms: tuple[Term, ...] = ()
    pages: tuple[Page, ...]
    figures: tuple[Figure, ...] = ()

    def page(self, slug: str) -> Page | None:
        """The page of this slug, or None."""
        return next((page for page in self.pages if page.slug == slug), None)

    def outcome(self, outcome_id: str) -> Outcome | None:
        """The learning outcome of this id, or None."""
        return next((outcome for outcome in self.outcomes if outcome.id == outcome_id), None)


class CertificateWording(Shape):
    """What the certificate of a course is called and states."""

    title: str
    statement: str


class Course(Shape):
    """A course: modules in order; `hours` is the total workload in hours."""

    kind: Literal["course"] = "course"
    slug: str
    title: str
    summary: str
    language: str
    hours: float
    level: str
    modules: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    certificate: CertificateWording
    authors: tuple[str, ...]
    review_date: str


# ---------------------------------------------------------------- quizzes

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


# ---------------------------------------------------------------- scenarios


class Dimension(Shape):
    """A bounded whole number of a scenario's state, hidden while playing."""

    name: str
    minimum: int
    maximum: int
    start: int
    label: str


class CriticalAction(Shape):
    """An action that points cannot make up for."""

    id: str
    kind: Literal["must_not", "must_do"]
    text: str
    refs: tuple[Citation, ...] = ()


class Variant(Shape):
    """A text shown when its condition holds; None is the text for all other cases."""

    when: str | None = None
    text_html: str


class Choice(Shape):
    """One option of a decision."""

    id: str
    text_html: str
    key: Key
    effects: Mapping[str, int] = {}
    raises: tuple[str, ...] = ()
    critical: str | None = None
    satisfies: str | None = None
    irreversible: bool = False
    feedback_html: str
    refs: tuple[Citation, ...] = ()
    goto: str


class BriefNode(Shape):
    """A situation that is read, not decided."""

    kind: Literal["brief"] = "brief"
    id: str
    story_time: str | None = None
    variants: tuple[Variant, ...]
    goto: str


class DecisionNode(Shape):
    """A scored decision. `variants` may be empty where the prompt says it all."""

    kind: Literal["decision"] = "decision"
    id: str
    story_time: str | None = None
    variants: tuple[Variant, ...] = ()
    prompt: str
    outcomes: tuple[str, ...]
    choices: tuple[Choice, ...]

    def choice(self, choice_id: str) -> Choice | None:
        """The choice of this id, or None."""
        return next((choice for choice in self.choices if choice.id == choice_id), None)


class Branch(Shape):
    """Where a resolve node goes when its condition holds; None always holds."""

    when: str | None = None
    to: str


class ResolveNode(Shape):
    """Chooses the ending by state: the first branch that holds."""

    kind: Literal["resolve"] = "resolve"
    id: str
    branches: tuple[Branch, ...]


Node = Annotated[BriefNode | DecisionNode | ResolveNode, Field(discriminator="kind")]


class Ending(Shape):
    """How a scenario can end; `harm` marks endings that no passing path may reach."""

    id: str
    label: str
    text_html: str
    harm: bool = False


class Role(Shape):
    """Who the student is in a scenario; never a survivor or a perpetrator."""

    you_are: str
    mission: str
    resources: tuple[str, ...] = ()


class Retake(Shape):
    """When a scenario may be taken again; `maximum` counts attempts, None is unlimited."""

    after: str = "debrief"
    maximum: int | None = None
    form: str = "same"


class Debrief(Shape):
    """The after-action review; `expert_path` holds (node, choice) pairs."""

    structure: tuple[str, ...]
    prompts: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    expert_path: tuple[tuple[str, str], ...]


class Scenario(Shape):
    """A branching scenario of the form pme-scenario/1."""

    kind: Literal["scenario"] = "scenario"
    slug: str
    version: str
    status: str
    title: str
    language: str
    classification: str
    mode: Literal["formative", "summative"]
    minutes: int
    module: str | None = None
    audience: str
    outcomes: tuple[Outcome, ...]
    content_note: ContentNote
    role: Role
    dimensions: tuple[Dimension, ...]
    flags: tuple[str, ...]
    critical_actions: tuple[CriticalAction, ...]
    start: str
    nodes: Mapping[str, Node]
    endings: tuple[Ending, ...]
    min_percent: int
    retake: Retake
    debrief: Debrief

    def ending(self, ending_id: str) -> Ending | None:
        """The ending of this id, or None."""
        return next((ending for ending in self.endings if ending.id == ending_id), None)

    def critical_action(self, action_id: str) -> CriticalAction | None:
        """The critical action of this id, or None."""
        return next((action for action in self.critical_actions if action.id == action_id), None)


AnyContent = Annotated[Course | Module | Quiz | Scenario | Glossary, Field(discriminator="kind")]
