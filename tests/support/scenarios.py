"""Small scenarios that Hypothesis invents, and that the checker finds nothing wrong with."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from pme.content.lint import scenario_remarks
from pme.content.play import follow
from pme.content.problems import Severity
from pme.content.prove import Proof, prove
from pme.content.scoring import scenario_result
from pme.content.shapes import (
    Branch,
    BriefNode,
    Choice,
    ContentNote,
    CriticalAction,
    Debrief,
    DecisionNode,
    Dimension,
    Ending,
    Key,
    Node,
    Outcome,
    ResolveNode,
    Retake,
    Role,
    Scenario,
    Variant,
)

NAMES, FLAGS = ("calm", "trust"), ("seen", "told")
ENDINGS = ("well", "so-so", "ill")


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """A condition of the grammar over the names that the scenarios have."""
    name, other = draw(st.permutations(NAMES))
    number = draw(st.integers(-1, 3))
    sign = draw(st.sampled_from(("<", "<=", ">", ">=", "==", "!=")))
    simple = draw(st.sampled_from((f"{name} {sign} {number}", f"{name} {sign} {other}", *FLAGS, "not told")))
    return draw(st.sampled_from((simple, f"({simple}) and not seen", f"told or {simple}")))


@st.composite
def keys(draw: st.DrawFn) -> Key:
    """An author's rating or a panel's ratings."""
    panel = draw(st.lists(st.integers(1, 4), max_size=4))
    return Key(by="panel", panel=tuple(panel)) if panel else Key(by="author", rating=draw(st.integers(1, 4)))


@st.composite
def choices(draw: st.DrawFn, *, targets: tuple[str, ...]) -> tuple[Choice, ...]:
    """Two to four choices of one decision."""
    return tuple(
        Choice(
            id=name,
            text_html=f"Do {name}",
            key=draw(keys()),
            effects=draw(st.dictionaries(st.sampled_from(NAMES), st.integers(-2, 2))),
            raises=tuple(draw(st.sets(st.sampled_from(FLAGS)))),
            critical=draw(st.sampled_from(("CA1", None, None, None))),
            satisfies=draw(st.sampled_from(("CA2", None))),
            irreversible=draw(st.booleans()),
            feedback_html=f"On {name}",
            goto=draw(st.sampled_from(targets)),
        )
        for name in "abcd"[: draw(st.integers(2, 4))]
    )


@st.composite
def proved_scenarios(draw: st.DrawFn) -> tuple[Scenario, Proof]:
    """A scenario of one to three decisions, by state and flags, without any error, and its proof."""
    depth = draw(st.integers(1, 3))
    nodes: dict[str, Node] = {}
    for level in range(depth):
        after = f"fork{level + 1}" if level + 1 < depth else "end"
        aside = f"aside{level}"
        nodes[f"fork{level}"] = ResolveNode(
            id=f"fork{level}",
            branches=(Branch(when=draw(conditions()), to=aside), Branch(to=f"d{level}")),
        )
        texts = (Variant(when=draw(conditions()), text_html="One"), Variant(text_html="Other"))
        nodes[aside] = BriefNode(id=aside, variants=texts, goto=f"d{level}")
        nodes[f"d{level}"] = DecisionNode(
            id=f"d{level}",
            variants=texts,
            prompt="What should you do?",
            outcomes=("LO1",),
            choices=draw(choices(targets=(after, after, aside + "-out"))),
        )
        nodes[aside + "-out"] = BriefNode(id=aside + "-out", variants=(Variant(text_html="Out"),), goto=after)
    nodes["end"] = ResolveNode(
        id="end",
        branches=(*(Branch(when=draw(conditions()), to=name) for name in ENDINGS[1:]), Branch(to=ENDINGS[0])),
    )
    scenario = _fitted(draw, _scenario(draw, nodes))
    proof = prove(scenario)
    errors = [r for r in scenario_remarks(scenario, proof) if r.severity is Severity.ERROR]
    assert not errors, errors
    return scenario, proof


def _scenario(draw: st.DrawFn, nodes: dict[str, Node]) -> Scenario:
    return Scenario(
        slug="invented",
        version="1.0.0",
        status="draft",
        title="Invented",
        language="en",
        classification="UNCLASSIFIED",
        mode=draw(st.sampled_from(("formative", "summative"))),
        minutes=1,
        module="basics",
        audience="all",
        outcomes=(Outcome(id="LO1", text="Decide"),),
        content_note=ContentNote(themes=(), detail="none", text="", equivalent=""),
        role=Role(you_are="You", mission="It"),
        dimensions=tuple(Dimension(name=n, minimum=0, maximum=2, start=1, label=n) for n in NAMES),
        flags=FLAGS,
        critical_actions=(
            CriticalAction(id="CA1", kind="must_not", text="Harm"),
            CriticalAction(id="CA2", kind="must_do", text="Help"),
        ),
        start="fork0",
        nodes=nodes,
        endings=tuple(Ending(id=name, label=name, text_html=name) for name in ENDINGS),
        min_percent=50,
        retake=Retake(),
        debrief=Debrief(structure=("What happened?",), expert_path=()),
    )


def _fitted(draw: st.DrawFn, scenario: Scenario) -> Scenario:
    """The same, without what no path meets, with a pass mark that divides, and a way for the experts."""
    reached = prove(scenario).reach.places
    nodes: dict[str, Node] = {}
    for node_id, node in scenario.nodes.items():
        if f"nodes.{node_id}" in reached:
            part, field = ("goto", "branches") if isinstance(node, ResolveNode) else ("variants", "variants")
            kept = [
                each
                for at, each in enumerate(getattr(node, field))
                if f"nodes.{node_id}.{part}.{at}" in reached
            ]
            if kept:  # what is left over holds for all other cases
                kept[-1] = kept[-1].model_copy(update={"when": None})
            nodes[node_id] = node.model_copy(update={field: tuple(kept)})
    update: dict[str, Any] = {
        "nodes": nodes,
        "endings": tuple(e for e in scenario.endings if f"outcomes.{e.id}" in reached),
    }
    taken = [choice for node in scenario.decisions if node.id in nodes for choice in node.choices]
    named = {choice.critical for choice in taken} | {choice.satisfies for choice in taken}
    update["critical_actions"] = tuple(a for a in scenario.critical_actions if a.id in named)
    fitted = scenario.model_copy(update=update)
    marks = sorted({int(state.score.percent) for state in prove(fitted).end_states} - {0})
    assume(marks)
    fitted = fitted.model_copy(update={"min_percent": draw(st.sampled_from(marks))})
    proof = prove(fitted)
    assume(proof.passing and proof.failing)
    return fitted.model_copy(update={"debrief": _debrief(fitted), "endings": _harmful(fitted, proof)})


def _debrief(scenario: Scenario) -> Debrief:
    """The debrief with the first path that passes as the way of the experts."""
    waiting: list[list[tuple[str, str]]] = [[]]
    while waiting:
        path = waiting.pop()
        here = follow(scenario, path)
        if here.waiting is not None:
            waiting += [[*path, (here.waiting.id, choice.id)] for choice in here.waiting.choices]
        elif scenario_result(scenario, here.steps).passed:
            return scenario.debrief.model_copy(update={"expert_path": tuple(path)})
    raise AssertionError("a path passes, and none was found")


def _harmful(scenario: Scenario, proof: Proof) -> tuple[Ending, ...]:
    """Endings, of which those are harm that no passing path reaches."""
    return tuple(
        ending.model_copy(update={"harm": not proof.endings[ending.id].passing})
        for ending in scenario.endings
    )
