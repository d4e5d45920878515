"""The picture of a decision graph: nothing overlaps, all words fit, every sheet fits a page of paper."""

from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pme.content.decision_graph import Graph, Shares, graph_of, pairs_of
from pme.content.picture import PADDING, SIZE, TALLEST_SHEET, Picture, Placed, draw
from pme.content.picture_words import width_of, wrap
from pme.content.shapes import Scenario
from tests.support.scenarios import proved_scenarios
from tests.support.shipped_content import proved


def assert_drawn_well(graph: Graph, picture: Picture) -> None:
    placed = [one for sheet in picture.sheets for one in sheet.placed]
    assert [one.box for one in sorted(placed, key=lambda p: graph.boxes.index(p.box))] == list(graph.boxes)
    for one in placed:
        assert one.x >= 0
        assert one.x + one.width <= picture.width
        assert one.words, one.box.id
        for words in one.words:
            half = width_of(words.text, SIZE, bold=words.is_heading) / 2
            assert words.x - half >= one.x + PADDING - 1, words.text
            assert words.x + half <= one.x + one.width - PADDING + 1, words.text
            assert one.y < words.y < one.y + one.height - 4
            assert not words.sign or words.sign_x > one.x + 4
    for one, other in combinations(placed, 2):
        assert not overlap(one, other), (one.box.id, other.box.id)
    boxes = {one.box.id: one for one in placed}
    arrows = {arrow.way.pair: arrow for sheet in picture.sheets for arrow in sheet.arrows}
    assert set(arrows) == {way.pair for way in graph.ways}
    for (source, target), arrow in arrows.items():
        first, last = arrow.points[0], arrow.points[-1]
        assert touches(boxes[source], *first)
        assert touches(boxes[target], *last)
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(arrow.points)), "not right-angled"
        assert arrow.head[0] == last
    assert picture.sheets[0].top == 0
    assert sum(sheet.height for sheet in picture.sheets) == pytest.approx(picture.height)
    for sheet, following in pairwise(picture.sheets):
        assert sheet.top + sheet.height == pytest.approx(following.top)
        assert all(one.y + one.height <= following.top for one in sheet.placed)


def overlap(one: Placed, other: Placed) -> bool:
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return wide > 0 and high > 0


def touches(one: Placed, x: float, y: float) -> bool:
    return one.x - 1 <= x <= one.x + one.width + 1 and one.y - 1 <= y <= one.y + one.height + 1


@pytest.fixture(scope="module")
def shipped() -> dict[str, Scenario]:
    return proved()


@pytest.mark.parametrize("slug", ["abbey-tower", "checkpoint-disclosure", "reception-centre"])
@pytest.mark.parametrize("has_shares", [False, True])
def test_a_shipped_scenario_is_drawn_well(shipped: dict[str, Scenario], slug: str, has_shares: bool):
    scenario = shipped[slug]
    graph = graph_of(scenario)
    shares = Shares(1, Counter(pairs_of(scenario, scenario.debrief.expert_path))) if has_shares else None
    picture = draw(graph, shares)
    assert_drawn_well(graph, picture)
    assert picture.width < 900
    assert all(sheet.height <= picture.width * TALLEST_SHEET for sheet in picture.sheets)
    assert draw(graph, shares) == picture, "the same graph is drawn in the same way"
    for sheet in picture.sheets[1:]:
        assert min(sheet.placed, key=lambda one: one.y).box.kind == "decision"
    for node in scenario.decisions:
        across = [one.x for choice in node.choices for one in _found(picture, f"{node.id}.{choice.id}")]
        assert across == sorted(across), "choices stand in the order written"


def _found(picture: Picture, box_id: str) -> list[Placed]:
    return [one for sheet in picture.sheets for one in sheet.placed if one.box.id == box_id]


def test_shares_stand_in_choices_endings_and_forks_and_make_lines_thick(shipped: dict[str, Scenario]):
    scenario = shipped["abbey-tower"]
    ways = Counter(pairs_of(scenario, [("tower", "c")])) + Counter(pairs_of(scenario, [("tower", "d")]))
    picture = draw(graph_of(scenario), Shares(2, ways))
    said = {one.box.id: [words.text for words in one.words] for one in picture.sheets[0].placed}
    assert "50 % of students" in " ".join(said["tower.c"])
    assert "0 % of" in " ".join(said["drawn_in"])
    weights = {arrow.way.pair: arrow.weight for arrow in picture.sheets[0].arrows}
    assert weights["tower", "tower.c"] == 3.5
    assert weights["tower", "tower.a"] == 1.0


@given(scenario=proved_scenarios(), has_shares=st.booleans())
@settings(max_examples=40, deadline=None)
def test_an_invented_scenario_is_drawn_well(scenario: tuple[Scenario, object], has_shares: bool):
    graph = graph_of(scenario[0])
    ways = Counter(pairs_of(scenario[0], scenario[0].debrief.expert_path))
    assert_drawn_well(graph, draw(graph, Shares(1, ways) if has_shares else None))


@given(text=st.text(max_size=200), width=st.integers(40, 400), bold=st.booleans())
def test_wrapped_words_fit_and_none_is_lost(text: str, width: int, bold: bool):
    lines = wrap(text, width, SIZE, bold=bold)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line, SIZE, bold=bold) <= width or len(line) == 1 for line in lines)


def test_widths_are_not_less_than_those_of_the_widest_common_font():
    path = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    if not path.exists():
        return
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415

    font = TTFont(path)
    letters, widths, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    sentence = "His name, his number plate and what he said, as a log must be full. “No, never: 3 <= trust!”"
    true = sum(widths[letters[ord(letter)]][0] for letter in sentence) * SIZE / em
    assert true <= width_of(sentence, SIZE) <= 1.12 * true
