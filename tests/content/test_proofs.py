"""The prover counts what walking every single path counts, and scoring is exact."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pme.content.play import LONGEST_PATH, follow
from pme.content.prove import EndState, prove
from pme.content.scoring import credit, scenario_result
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
    ResolveNode,
    Retake,
    Role,
    Scenario,
    Variant,
)
from pme.errors import Conflict

NAMES = ("calm", "trust")
FLAGS = ("seen", "told")


def scenario(
    nodes: list[BriefNode | DecisionNode | ResolveNode], start: str, min_percent: int = 60
) -> Scenario:
    return Scenario(
        slug="s",
        version="1.0.0",
        status="draft",
        title="T",
        language="en",
        classification="U",
        mode="summative",
        minutes=1,
        audience="all",
        outcomes=(),
        content_note=ContentNote(themes=(), detail="none", text="", equivalent=""),
        role=Role(you_are="", mission=""),
        dimensions=tuple(Dimension(name=n, minimum=0, maximum=2, start=1, label=n) for n in NAMES),
        flags=FLAGS,
        critical_actions=(
            CriticalAction(id="CA1", kind="must_not", text=""),
            CriticalAction(id="CA2", kind="must_do", text=""),
        ),
        start=start,
        nodes={node.id: node for node in nodes},
        endings=(
            Ending(id="good", label="", text_html=""),
            Ending(id="bad", label="", text_html="", harm=True),
        ),
        min_percent=min_percent,
        retake=Retake(),
        debrief=Debrief(structure=(), expert_path=()),
    )


def choice(random: Random, name: str, goto: str) -> Choice:
    panel = tuple(random.randint(1, 4) for _ in range(random.choice((0, 0, 3, 4))))
    return Choice(
        id=name,
        text_html="",
        key=Key(by="panel", panel=panel) if panel else Key(by="author", rating=random.randint(1, 4)),
        effects={n: random.randint(-2, 2) for n in NAMES if random.random() < 0.6},
        raises=tuple(flag for flag in FLAGS if random.random() < 0.3),
        critical="CA1" if random.random() < 0.1 else None,
        satisfies="CA2" if random.random() < 0.4 else None,
        feedback_html="",
        goto=goto,
    )


def condition(random: Random) -> str:
    return random.choice(
        [
            "calm >= 1",
            "trust <= 0",
            "seen",
            "not told",
            "seen and trust > 0",
            "calm == 2 or told",
            "trust != calm",
        ]
    )


def random_scenario(seed: int) -> Scenario:
    """Decisions one after the other, with briefs between, forks by state and sometimes a way past one."""
    random = Random(seed)
    depth = random.randint(1, 4)
    nodes: list[BriefNode | DecisionNode | ResolveNode] = []
    for level in range(depth):
        following = f"b{level + 1}" if level + 1 < depth else "end"
        past = random.choice((following, "end")) if random.random() < 0.15 else following
        nodes.append(
            BriefNode(
                id=f"b{level}",
                variants=(Variant(when=condition(random), text_html="x"), Variant(text_html="y")),
                goto=f"d{level}",
            )
        )
        nodes.append(
            DecisionNode(
                id=f"d{level}",
                variants=(Variant(when=condition(random), text_html="x"), Variant(text_html="y")),
                prompt="",
                outcomes=(),
                choices=tuple(
                    choice(random, name, past if name == "a" else following)
                    for name in "abcd"[: random.randint(2, 4)]
                ),
            )
        )
    nodes.append(
        ResolveNode(id="end", branches=(Branch(when=condition(random), to="bad"), Branch(to="good")))
    )
    return scenario(nodes, "b0", random.choice((40, 60, 75, 90)))


@dataclass
class Walked:
    """What walking every single path finds, with the very functions that play it."""

    ends: dict[str, list[int]] = field(default_factory=dict)
    lengths: set[int] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    percents: set[float] = field(default_factory=set)
    states: set[EndState] = field(default_factory=set)
    beyond: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    luck: Fraction = Fraction(0)


def walk(played: Scenario) -> Walked:
    found = Walked()
    waiting: list[tuple[tuple[tuple[str, str], ...], Fraction]] = [((), Fraction(1))]
    while waiting:
        path, likely = waiting.pop()
        there = follow(played, path)
        found.seen |= {scene.node for scene in there.scenes}
        if there.waiting is not None:
            share = likely / len(there.waiting.choices)
            waiting += [((*path, (there.waiting.id, each.id)), share) for each in there.waiting.choices]
            continue
        assert there.ending is not None
        score = scenario_result(played, there.steps)
        for counted in (
            found.ends.setdefault(there.ending.id, [0, 0]),
            *(found.beyond.setdefault(step, [0, 0]) for step in path),
        ):
            counted[0] += 1
            counted[1] += score.passed
        found.luck += likely if score.passed else 0
        found.lengths.add(len(path))
        found.percents.add(score.percent)
        found.states.add(EndState(there.ending.id, there.standing, len(path), score))
    return found


@given(seed=st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_the_prover_agrees_with_walking_every_path(seed: int):
    played = random_scenario(seed)
    proof = prove(played)
    found = walk(played)
    ends = found.ends
    assert proof.is_counted
    assert {name: [end.paths, end.passing] for name, end in proof.endings.items()} == ends
    assert proof.paths == sum(paths for paths, _ in ends.values())
    assert proof.passing + proof.failing == proof.paths
    assert proof.guess_probability == pytest.approx(float(found.luck), abs=1e-12)
    assert {proof.shortest, proof.longest} == {min(found.lengths), max(found.lengths)}
    assert {f"nodes.{name}" for name in found.seen} <= proof.reach.places
    assert {place for place in proof.reach.places if place.startswith("outcomes.")} == {
        f"outcomes.{name}" for name in ends
    }
    assert (proof.lowest, proof.highest) == (min(found.percents), max(found.percents))
    assert proof.end_states == found.states
    assert {place: [there.paths, there.passing] for place, there in proof.choices.items()} == found.beyond
    failing = {state.score.percent for state in found.states if not state.score.passed}
    assert proof.highest_failing == (max(failing) if failing else None)
    harmful = ends.get("bad", [0, 0])[1]
    assert (proof.passing_harm is not None) == bool(harmful)
    if proof.passing_harm is not None:
        there = follow(played, proof.passing_harm)
        assert there.ending is not None
        assert there.ending.harm
        assert scenario_result(played, there.steps).passed


@given(seed=st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_a_departure_from_the_expert_path_is_counted_from_there_on(seed: int):
    played = random_scenario(seed)
    path: list[tuple[str, str]] = []
    while (waiting := follow(played, path).waiting) is not None:
        path.append((waiting.id, waiting.choices[seed % len(waiting.choices)].id))
    expert = played.debrief.model_copy(update={"expert_path": tuple(path)})
    found = prove(played.model_copy(update={"debrief": expert})).departures
    for at, (node_id, taken) in enumerate(path):
        node = played.nodes[node_id]
        assert isinstance(node, DecisionNode)
        for other in node.choices:
            if other.id != taken:
                begun = [*path[:at], (node_id, other.id)]
                ends = Counter(follow(played, each).ending for each in every_path_from(played, begun))
                told = found[node_id, other.id]
                assert told.endings == {end.id: count for end, count in ends.items() if end is not None}
                assert told.paths == sum(ends.values())
                assert told.passing == sum(
                    scenario_result(played, follow(played, each).steps).passed
                    for each in every_path_from(played, begun)
                )


def every_path_from(played: Scenario, begun: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    waiting = follow(played, begun).waiting
    if waiting is None:
        yield begun
    else:
        for each in waiting.choices:
            yield from every_path_from(played, [*begun, (waiting.id, each.id)])


def test_without_a_valid_expert_path_no_departures_are_told():
    astray = scenario([decision("d1", "good", "bad")], "d1")
    expert = Debrief(structure=(), expert_path=(("d1", "z"),))
    assert prove(astray.model_copy(update={"debrief": expert})).departures == {}


def test_more_situations_than_may_be_visited_are_not_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pme.content.prove_reach.MOST_SITUATIONS", 1)
    proof = prove(scenario([decision("d1", "d2"), decision("d2", "good")], "d1"))
    assert not proof.is_counted
    assert not proof.reach.is_whole
    assert proof.reach.trapped == proof.reach.repeated == frozenset()


def test_sixteen_thousand_paths_take_less_than_a_second():
    random = Random(7)
    nodes: list[BriefNode | DecisionNode | ResolveNode] = [
        DecisionNode(
            id=f"d{level}",
            prompt="",
            outcomes=(),
            choices=tuple(choice(random, name, f"d{level + 1}" if level < 6 else "end") for name in "abcd"),
        )
        for level in range(7)
    ]
    nodes.append(ResolveNode(id="end", branches=(Branch(when="trust <= 0", to="bad"), Branch(to="good"))))
    best = min(_seconds(scenario(nodes, "d0")) for _ in range(3))
    assert best < 1


def _seconds(played: Scenario) -> float:
    began = process_time()
    assert prove(played).paths == 4**7
    return process_time() - began


def decision(name: str, *targets: str) -> DecisionNode:
    return DecisionNode(
        id=name,
        prompt="",
        outcomes=(),
        choices=tuple(
            Choice(id=letter, text_html="", key=Key(by="author", rating=4), feedback_html="", goto=to)
            for letter, to in zip("abcd", targets, strict=False)
        ),
    )


def test_a_loop_with_a_way_out_repeats_its_decisions():
    proof = prove(scenario([decision("d1", "d2"), decision("d2", "d1", "good")], "d1"))
    assert not proof.is_counted
    assert proof.reach.repeated == {"d1", "d2"}
    assert proof.reach.trapped == set()


def test_a_loop_behind_a_fork_does_not_taint_what_comes_before():
    proof = prove(scenario([decision("d0", "d1", "good"), decision("d1", "d2"), decision("d2", "d1")], "d0"))
    assert proof.reach.repeated == {"d1", "d2"}
    assert proof.reach.trapped == {"d1", "d2"}


def test_a_resolve_without_a_branch_that_holds_is_a_dead_end():
    lost = ResolveNode(id="r", branches=(Branch(when="calm > 5", to="good"),))
    assert prove(scenario([decision("d1", "r"), lost], "d1")).reach.dead_ends == {"r"}


def test_a_start_that_is_nowhere_is_a_dead_end():
    assert prove(scenario([decision("d1", "good")], "gone")).reach.dead_ends == {"gone"}


def test_playing_and_proving_stop_at_the_same_circle():
    circle = [BriefNode(id="x", variants=(), goto="y"), BriefNode(id="y", variants=(), goto="x")]
    assert prove(scenario(list(circle), "x")).reach.dead_ends == {"y"}
    with pytest.raises(Conflict):
        follow(scenario(list(circle), "x"), ())
    assert len(circle) < LONGEST_PATH


@pytest.mark.parametrize(
    ("key", "earned"),
    [
        (Key(by="author", rating=4), Fraction(1)),
        (Key(by="author", rating=3), Fraction(2, 3)),
        (Key(by="author", rating=1), Fraction(0)),
        (Key(by="author"), Fraction(0)),
        (Key(by="panel", panel=(4, 4, 3)), Fraction(8, 9)),
    ],
)
def test_a_credit_is_the_mean_rating_scaled(key: Key, earned: Fraction):
    assert credit(key) == earned
    assert key.credit == pytest.approx(float(earned))


def path_of(
    *ratings: int, satisfies: str | None = None, critical: str | None = None
) -> tuple[Scenario, list[tuple[str, str]]]:
    nodes: list[BriefNode | DecisionNode | ResolveNode] = []
    for level, rating in enumerate(ratings):
        only = Choice(
            id="a",
            text_html="",
            key=Key(by="author", rating=rating),
            feedback_html="",
            satisfies=satisfies,
            critical=critical,
            goto=f"d{level + 1}" if level + 1 < len(ratings) else "good",
        )
        nodes.append(DecisionNode(id=f"d{level}", prompt="", outcomes=(), choices=(only,)))
    return scenario(nodes, "d0", 75), [(f"d{level}", "a") for level in range(len(ratings))]


def test_exactly_enough_is_enough():
    played, path = path_of(4, 4, 4, 1, satisfies="CA2")
    score = scenario_result(played, follow(played, path).steps)
    assert (score.percent, score.passed, score.broken, score.missed) == (75.0, True, (), ())
    thirds, path = path_of(3, 3, 4, 3, 4, 3, satisfies="CA2")
    assert not scenario_result(
        thirds.model_copy(update={"min_percent": 78}), follow(thirds, path).steps
    ).passed
    assert scenario_result(thirds.model_copy(update={"min_percent": 77}), follow(thirds, path).steps).passed


def test_points_make_up_for_no_critical_action():
    played, path = path_of(4, 4, satisfies="CA2", critical="CA1")
    score = scenario_result(played, follow(played, path).steps)
    assert (score.percent, score.broken, score.passed) == (100.0, ("CA1",), False)
    played, path = path_of(4, 4)
    score = scenario_result(played, follow(played, path).steps)
    assert (score.percent, score.missed, score.passed) == (100.0, ("CA2",), False)


def test_no_decision_earns_nothing():
    played, _ = path_of(4)
    assert scenario_result(played, ()).percent == 0.0
