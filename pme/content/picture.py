"""The picture of a scenario's decision graph: where each box, word and arrow stands.

Pure. The layout is graphlay's (layers from top to bottom, right-angled arrows); what is given back are
numbers and plain words, so that whoever draws them escapes every one. The drawing is cut between
layers into sheets that fit a page of paper.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import graphlay

from pme.content.decision_graph import Box, Graph, Kind, Mark, Shares, Way, branch, part_of, percent
from pme.content.picture_words import width_of, wrap
from pme.words.speech import _

SIZE, LEADING, PADDING, SIGN = 14, 19, 11, 20
"""Of type, of lines, of the room around words, and of the shape of a mark with the room after it."""
GAP, MARGIN, HEAD = 18, 12, 9
WIDEST_ROW = 760
WIDTHS: Mapping[Kind, tuple[int, int]] = {
    "text": (360, 360),
    "decision": (440, 440),
    "choice": (146, 240),
    "fork": (470, 470),
    "ending": (118, 200),
}
"""Of boxes, at least and at most; between them a row shares the width of the paper."""
CLEAR = 3
"""Between a cut and a level piece of an arrow."""
TALLEST_SHEET = 1.36
"""Height of a sheet as a share of the width: a page of A4 within its margins, with room for a heading."""
OPTIONS = {
    "direction": "topbottom",
    "spacing": {"layer_gap": 44.0, "node_gap": float(GAP), "dummy_gap": float(GAP)},
    "coords": {"branch_style": "symmetric"},
    "routing": {"style": "orthogonal", "centre_ports": "all", "merge_edges": "both"},
}


@dataclass(frozen=True)
class Words:
    """A line of text with the point where it is centred; `sign` is the mark drawn before it."""

    x: float
    y: float
    text: str
    is_heading: bool = False
    sign: str = ""
    sign_x: float = 0.0


@dataclass(frozen=True)
class Placed:
    """A box with its place: the upper corner that comes first, and its size."""

    box: Box
    x: float
    y: float
    width: float
    height: float
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Arrow:
    """A way with its corners; `share` (0-1) of the students took it, None where it is not shown."""

    way: Way
    points: tuple[tuple[float, float], ...]
    share: float | None = None

    @property
    def head(self) -> tuple[tuple[float, float], ...]:
        """The corners of the arrow's head, which points the way its last piece goes."""
        (from_x, from_y), (x, y) = self.points[-2:]
        length = max(abs(x - from_x), abs(y - from_y)) or 1.0
        along_x, along_y = HEAD * (x - from_x) / length, HEAD * (y - from_y) / length
        back_x, back_y = x - along_x, y - along_y
        corners = (
            (x, y),
            (back_x - along_y / 2, back_y + along_x / 2),
            (back_x + along_y / 2, back_y - along_x / 2),
        )
        return tuple((tidy(corner_x), tidy(corner_y)) for corner_x, corner_y in corners)

    @property
    def weight(self) -> float:
        """How thick it is drawn."""
        return 1.5 if self.share is None else tidy(1 + 5 * self.share)


@dataclass(frozen=True)
class Sheet:
    """A part of the picture that fits a page: from `top` down, as wide as the whole."""

    number: int
    top: float
    height: float
    placed: tuple[Placed, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True)
class Picture:
    """The whole drawing, in sheets from top to bottom."""

    width: float
    height: float
    sheets: tuple[Sheet, ...]


def tidy(number: float) -> float:
    """A tenth is fine enough, and a whole number is written as one."""
    rounded = round(number, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def draw(graph: Graph, shares: Shares | None = None) -> Picture:
    """Draw a graph; with shares, say on each way what part of the students took it."""
    described = {box.id: _described(graph, box, shares) for box in graph.boxes}
    widths = _widths(graph)
    heights = {box.id: _height(described[box.id], widths[box.id]) for box in graph.boxes}
    sizes = {
        box.id: (widths[box.id], max(heights[other.id] for other in row))
        for row in _rows(graph).values()
        for box in row
    }
    laid = _laid_out(graph, sizes)
    low, high = laid.bounds["min"], laid.bounds["max"]
    left, top = low["x"] - MARGIN, low["y"] - MARGIN
    placed = [
        _placed(box, described[box.id], node["center"]["x"] - left, node["center"]["y"] - top, sizes[box.id])
        for box, node in zip(graph.boxes, laid.nodes, strict=True)
    ]
    arrows = [
        Arrow(
            way,
            _squared([(tidy(p["x"] - left), tidy(p["y"] - top)) for p in edge["points"]]),
            shares.of(way.pair) if shares else None,
        )
        for way, edge in zip(graph.ways, laid.edges, strict=True)
    ]
    width, height = tidy(high["x"] - left + MARGIN), tidy(high["y"] - top + MARGIN)
    return Picture(width, height, tuple(_sheets(width, height, placed, arrows)))


@dataclass(frozen=True)
class _Said:
    text: str
    is_heading: bool = False
    mark: Mark | None = None


def _described(graph: Graph, box: Box, shares: Shares | None) -> list[_Said]:
    """Everything a box says, before it is broken into lines."""
    said = [_Said(box.heading, is_heading=True), _Said(box.text)]
    said += [_Said(line) for line in box.lines]
    if box.kind == "fork":
        said += [_Said(branch(way, shares)) for way in graph.ways if way.source == box.id]
    said += [_Said(mark.says, mark=mark) for mark in box.marks]
    if shares and box.kind in ("choice", "ending"):
        said.append(_Said(_("{percent} of students", percent=percent(part_of(graph, box, shares)))))
    return [each for each in said if each.text]


def _widths(graph: Graph) -> dict[str, float]:
    """The width of each box: a row of choices or of endings shares the width of the paper."""
    widths: dict[str, float] = {}
    for row in _rows(graph).values():
        narrow, wide = WIDTHS[row[0].kind]
        shared = (WIDEST_ROW - GAP * (len(row) - 1)) / len(row)
        widths |= {box.id: float(int(min(wide, max(narrow, shared)))) for box in row}
    return widths


def _rows(graph: Graph) -> dict[str, list[Box]]:
    rows: dict[str, list[Box]] = {}
    for box in graph.boxes:
        rows.setdefault(_row(box), []).append(box)
    return rows


def _row(box: Box) -> str:
    """The row that a box stands in: the choices of a decision, all endings, or its own."""
    return {"choice": box.id.rpartition(".")[0] + ".", "ending": "."}.get(box.kind, box.id)


def _broken(said: Sequence[_Said], width: float) -> Iterator[tuple[_Said, str, bool]]:
    """Every line of a box: what it belongs to, its words, and whether it is the first of them."""
    for each in said:
        room = width - 2 * PADDING - (SIGN if each.mark else 0)
        for at, line in enumerate(wrap(each.text, room, SIZE, bold=each.is_heading)):
            yield each, line, at == 0


def _height(said: Sequence[_Said], width: float) -> float:
    return sum(1 for _unused in _broken(said, width)) * LEADING + 2 * PADDING - 4


def _laid_out(graph: Graph, sizes: Mapping[str, tuple[float, float]]) -> graphlay.Layout:
    request = graphlay.Graph()
    rows = _rows(graph)
    for depth, box in enumerate(graph.boxes):
        width, height = sizes[box.id]
        row = rows[_row(box)]
        # Where a box is asked to stand: each row centred. Equally good orders are settled by the labels.
        across = (row.index(box) - (len(row) - 1) / 2) * (width + GAP)
        place = {"x": across, "y": 10.0 * depth}
        request.node(box.id, width=width, height=height, label=f"{depth:05}", position=place)
    for way in graph.ways:
        request.edge(way.source, way.target)
    return graphlay.layout(request, options=OPTIONS)


def _squared(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """The corners with every piece level or upright; the router leaves some a little aslant."""
    squared = [points[0]]
    for x, y in points[1:]:
        before_x, before_y = squared[-1]
        is_level = abs(x - before_x) > abs(y - before_y)
        squared.append((x, before_y) if is_level else (before_x, y))
    return tuple(squared)


def _placed(box: Box, said: Sequence[_Said], x: float, y: float, size: tuple[float, float]) -> Placed:
    width, height = size
    baseline = y - height / 2 + PADDING + SIZE - 3
    words = []
    for at, (each, line, is_first) in enumerate(_broken(said, width)):
        middle = x + SIGN / 2 if each.mark else x
        sign_x = middle - width_of(line, SIZE) / 2 - SIGN / 2 - 2
        words.append(
            Words(
                x=tidy(middle),
                y=tidy(baseline + at * LEADING),
                text=line,
                is_heading=each.is_heading,
                sign=each.mark.sign if each.mark and is_first else "",
                sign_x=tidy(sign_x),
            )
        )
    return Placed(box, tidy(x - width / 2), tidy(y - height / 2), width, height, tuple(words))


def _sheets(
    width: float, height: float, placed: Sequence[Placed], arrows: Sequence[Arrow]
) -> Iterator[Sheet]:
    tallest = width * TALLEST_SHEET
    cuts = list(_cuts(placed, arrows))
    top = 0.0
    number = 0
    while top < height:
        number += 1
        fitting = [cut for cut in cuts if top < cut <= top + tallest]
        later = [cut for cut in cuts if cut > top]
        end = max(fitting, default=min(later, default=height)) if height - top > tallest else height
        yield Sheet(
            number=number,
            top=top,
            height=tidy(end - top),
            placed=tuple(p for p in placed if top <= p.y < end),
            arrows=tuple(a for a in arrows if min(_ys(a)) < end and max(_ys(a)) > top),
        )
        top = end


def _cuts(placed: Sequence[Placed], arrows: Sequence[Arrow]) -> Iterator[float]:
    """Heights at which neither a box nor a level piece of an arrow is cut, nor a decision from its choices."""
    level = {start[1] for arrow in arrows for start, end in pairwise(arrow.points) if start[1] == end[1]}
    bottom = 0.0
    for each in sorted(placed, key=lambda p: p.y):
        if each.y > bottom:
            gap = each.y - bottom
            tried = [bottom + gap * part for part in (0.5, 0.35, 0.65)]
            free = [cut for cut in tried if all(abs(cut - y) > CLEAR for y in level)]
            if bottom and free and each.box.kind not in ("choice", "ending"):
                yield tidy(free[0])
        bottom = max(bottom, each.y + each.height)


def _ys(arrow: Arrow) -> list[float]:
    return [y for _unused, y in arrow.points]
