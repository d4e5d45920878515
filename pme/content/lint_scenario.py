"""What can be said of a scenario by reading it: targets, names, conditions, keys. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator

from pme.content.conditions import names_in
from pme.content.inline_text import plain_text
from pme.content.lint_keys import OF_DECISIONS, betrayed
from pme.content.problems import Remark, Severity, near
from pme.content.scoring import credit
from pme.content.shapes import BriefNode, Choice, DecisionNode, ResolveNode, Scenario
from pme.errors import Invalid
from pme.words.speech import _


def broken_ways(scenario: Scenario) -> list[Remark]:
    """Targets that are not there and conditions that cannot be read: what makes a proof impossible."""
    ways = _Ways(scenario)
    remarks = [*ways.check("start", "start", scenario.start)]
    for node in scenario.nodes.values():
        place = f"nodes.{node.id}"
        if scenario.ending(node.id):
            remarks.append(
                Remark(place, _("“{id}” is both a node and an ending; rename one of them.", id=node.id))
            )
        if isinstance(node, BriefNode):
            remarks += ways.check(f"{place}.goto", _("node {id}", id=node.id), node.goto)  # not words
        elif isinstance(node, DecisionNode):
            for choice in node.choices:
                where = f"{place}.choices.{choice.id}.goto"  # not words
                remarks += ways.check(
                    where, _("choice {node}.{choice}", node=node.id, choice=choice.id), choice.goto
                )
        else:
            for position, branch in enumerate(node.branches):
                where = f"{place}.goto.{position}"  # not words
                remarks += ways.check(where, _("node {id}", id=node.id), branch.to)
            where = f"{place}.goto"  # not words
            remarks += ways.conditions(where, [branch.when for branch in node.branches])
        if not isinstance(node, ResolveNode):
            where = f"{place}.variants"  # not words
            remarks += ways.conditions(where, [variant.when for variant in node.variants])
    return remarks


def loose_names(scenario: Scenario) -> list[Remark]:
    """Names of state, flags, outcomes and critical actions that mean nothing here."""
    remarks: list[Remark] = []
    outcomes = [outcome.id for outcome in scenario.outcomes]
    for node in scenario.decisions:
        place = f"nodes.{node.id}"
        remarks += [
            Remark(
                f"{place}.outcomes",  # not words
                _("{name} is not among the learning outcomes.{near}", name=name, near=near(name, outcomes)),
            )
            for name in node.outcomes
            if name not in outcomes
        ]
        if len(node.choices) == 1:
            remarks.append(
                Remark(
                    place,
                    _(
                        "Decision {id} has only one choice, so there is nothing to decide; add another.",
                        id=node.id,
                    ),
                )
            )
        for choice in node.choices:
            remarks += _names_of(scenario, choice, f"{place}.choices.{choice.id}")  # not words
    for node_id, choice_id in scenario.debrief.expert_path:
        step = scenario.nodes.get(node_id)
        if not isinstance(step, DecisionNode) or step.choice(choice_id) is None:
            says = _(
                "The expert path takes {node_id}.{choice_id}, which is not a choice of this scenario.",
                node_id=node_id,
                choice_id=choice_id,
            )
            remarks.append(Remark("debrief.expert_path", says))
    return remarks


def unread_state(scenario: Scenario) -> list[Remark]:
    """State and flags that are written and never read, or never written."""
    choices = [choice for node in scenario.decisions for choice in node.choices]
    written = {name for choice in choices for name in choice.effects}
    raised = {name for choice in choices for name in choice.raises}
    read = {name for condition in _conditions(scenario) for name in _names(condition)}
    remarks = []
    for dimension in scenario.dimensions:
        place = f"state.{dimension.name}"
        if dimension.name not in written:
            remarks.append(_mention(place, _("No choice changes the state “{name}”.", name=dimension.name)))
        elif dimension.name not in read:
            remarks.append(
                _mention(
                    place,
                    _("State “{name}” is changed, but no condition ever reads it.", name=dimension.name),
                )
            )
    for flag in scenario.flags:
        if flag not in raised:
            remarks.append(_mention("flags", _("No choice raises the flag “{flag}”.", flag=flag)))
        elif flag not in read:
            remarks.append(
                _mention(
                    "flags", _("The flag “{flag}” is raised, but no condition ever reads it.", flag=flag)
                )
            )
    return remarks


def weak_keys(scenario: Scenario) -> list[Remark]:
    """Best choices that give themselves away, and expert steps that are not the best rated."""
    decisions = [node for node in scenario.decisions if node.choices]
    shown = []
    for node in decisions:
        credits_ = [credit(choice.key) for choice in node.choices]
        lengths = [len(plain_text(choice.text_html)) for choice in node.choices]
        shown.append((lengths, credits_.index(max(credits_))))
    remarks = [_mention("nodes", says) for says in betrayed(shown, OF_DECISIONS)]
    for node_id, choice_id in scenario.debrief.expert_path:
        step = scenario.nodes.get(node_id)
        taken = step.choice(choice_id) if isinstance(step, DecisionNode) else None
        if not isinstance(step, DecisionNode) or taken is None:
            continue
        better = [other.id for other in step.choices if credit(other.key) > credit(taken.key)]
        if better:
            says = _(
                "The expert path takes {node_id}.{choice_id}, but {better} is rated higher there.",
                node_id=node_id,
                choice_id=choice_id,
                better=better[0],
            )
            remarks.append(_mention("debrief.expert_path", says))
    return remarks


def unexercised(scenario: Scenario) -> list[Remark]:
    """Learning outcomes that no decision exercises, or only one; a snap situation has no second."""
    exercised = Counter(name for node in scenario.decisions for name in node.outcomes)
    remarks = []
    for outcome in scenario.outcomes:
        place = f"learning_outcomes.{outcome.id}"
        if not exercised[outcome.id]:
            remarks.append(_mention(place, _("No decision exercises {id}.", id=outcome.id)))
        elif exercised[outcome.id] == 1 and scenario.length != "snap":
            remarks.append(_mention(place, _("{id} has only one scored decision.", id=outcome.id)))
    return remarks


def betraying_marks(scenario: Scenario) -> list[Remark]:
    """Choices marked as final that are poor without exception, so that students learn what the mark means."""
    marked = [
        (f"nodes.{node.id}.choices.{choice.id}", credit(choice.key))
        for node in scenario.decisions
        for choice in node.choices
        if choice.irreversible
    ]
    if not marked or any(2 * each >= 1 for _unused, each in marked):
        return []
    says = _(
        "Only poor choices are marked as irreversible, which shows that they are poor; mark good ones too "
        "where they cannot be taken back."
    )
    return [_mention(marked[0][0], says)]


class _Ways:
    """Knows what a scenario's targets and conditions may name."""

    def __init__(self, scenario: Scenario) -> None:
        self.targets = {*scenario.nodes, *(ending.id for ending in scenario.endings)}
        self.names = {*scenario.flags, *(dimension.name for dimension in scenario.dimensions)}

    def check(self, place: str, what: str, target: str) -> Iterator[Remark]:
        # An empty target is missing, which has been said where the file was read.
        if target and target not in self.targets:
            yield Remark(
                place,
                _(
                    "The way from {what} leads to “{target}”, which is neither a node nor an ending.{near}",
                    what=what,
                    target=target,
                    near=near(target, self.targets),
                ),
            )

    def conditions(self, place: str, whens: list[str | None]) -> Iterator[Remark]:
        for position, when in enumerate(whens):
            here = f"{place}.{position}"
            if when is None and position < len(whens) - 1:
                yield Remark(
                    here, _("Only the last entry may be without a condition; those after it are never used.")
                )
            if when is not None and position == len(whens) - 1:
                yield Remark(
                    here,
                    _(
                        "The last entry has a condition; remove it, so that the entry applies"
                        " to all other cases."
                    ),
                )
            if when is not None:
                yield from self._readable(here, when)

    def _readable(self, place: str, when: str) -> Iterator[Remark]:
        try:
            names = names_in(when)
        except Invalid as error:
            yield Remark(place, error.says)
            return
        for name in sorted(names - self.names):
            hint = near(name, self.names)
            yield Remark(
                place,
                _(
                    "The condition reads “{name}”, which is neither state nor flag.{hint}",
                    name=name,
                    hint=hint,
                ),
            )


def _names_of(scenario: Scenario, choice: Choice, place: str) -> Iterator[Remark]:
    state = [dimension.name for dimension in scenario.dimensions]
    for name in choice.effects:
        if name not in state:
            yield Remark(
                f"{place}.effects",  # not words
                _("“{name}” is not a part of the state.{near}", name=name, near=near(name, state)),
            )
    for name in choice.raises:
        if name not in scenario.flags:
            yield Remark(
                f"{place}.set",  # not words
                _("“{name}” is not a flag.{near}", name=name, near=near(name, scenario.flags)),
            )
    for field, named, kind in (
        ("critical", choice.critical, "must_not"),
        ("satisfies", choice.satisfies, "must_do"),
    ):
        action = scenario.critical_action(named) if named else None
        if named and (action is None or action.kind != kind):
            yield Remark(
                f"{place}.{field}",
                _("“{named}” is not a critical action of the kind {kind}.", named=named, kind=kind),
            )


def _conditions(scenario: Scenario) -> Iterable[str]:
    for node in scenario.nodes.values():
        parts = node.branches if isinstance(node, ResolveNode) else node.variants
        yield from (part.when for part in parts if part.when is not None)


def _names(condition: str) -> frozenset[str]:
    try:
        return names_in(condition)
    except Invalid:
        return frozenset()


def _mention(place: str, says: str) -> Remark:
    return Remark(place, says, Severity.WARNING)
