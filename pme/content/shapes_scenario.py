"""The shapes of branching scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from pme.content.shapes_shared import Citation, ContentNote, Key, Outcome, PanelRecord, Shape, Translatable


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


class Person(Shape):
    """Somebody in the scene: who it is, and what anyone there would see of them."""

    who: str
    seen: str = ""


class RadioLine(Shape):
    """One short line on the radio, by the call sign of whoever says it."""

    call: str
    says: str


class Setting(Shape):
    """Where a situation is, who is there, and what is heard on the radio. Nothing of it is a text to decide by."""

    place: str = ""
    people: tuple[Person, ...] = ()
    radio: tuple[RadioLine, ...] = ()


class BriefNode(Shape):
    """A situation that is read, not decided."""

    kind: Literal["brief"] = "brief"
    id: str
    story_time: str | None = None
    setting: Setting | None = Field(default=None, exclude_if=lambda value: value is None)
    variants: tuple[Variant, ...]
    goto: str


class DecisionNode(Shape):
    """A scored decision. `variants` may be empty where the prompt says it all."""

    kind: Literal["decision"] = "decision"
    id: str
    story_time: str | None = None
    setting: Setting | None = Field(default=None, exclude_if=lambda value: value is None)
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


class Scenario(Translatable):
    """A branching scenario of the form pme-scenario/1; a `snap` has exactly one scored decision."""

    kind: Literal["scenario"] = "scenario"
    slug: str
    version: str
    status: str
    title: str
    classification: str
    mode: Literal["formative", "summative"]
    length: Literal["case", "snap"] = "case"
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
    panel: PanelRecord | None = None

    def ending(self, ending_id: str) -> Ending | None:
        """The ending of this id, or None."""
        return next((ending for ending in self.endings if ending.id == ending_id), None)

    @property
    def decisions(self) -> tuple[DecisionNode, ...]:
        """Every decision, in the order written."""
        return tuple(node for node in self.nodes.values() if isinstance(node, DecisionNode))

    def critical_action(self, action_id: str) -> CriticalAction | None:
        """The critical action of this id, or None."""
        return next((action for action in self.critical_actions if action.id == action_id), None)
