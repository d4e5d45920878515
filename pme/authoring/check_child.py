"""The child that checks a file while it is written: what is wrong with it, and the picture of a scenario.

Proving walks every path of a story, and what is typed may be anything: so it runs where it can be stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from pme.authoring.item_problems import inspect, outcomes_of
from pme.authoring.naming import FileKind, FileName, file_name
from pme.content.answers import ANSWERS, answered, parse_answers
from pme.content.child_side import limit_memory, serve
from pme.content.decision_graph import graph_of
from pme.content.ethics import SCENARIO_GRADE, ethics, known_words, of_note
from pme.content.files import Tree
from pme.content.lint import scenario_remarks
from pme.content.lint_scenario import broken_ways
from pme.content.lint_sources import doubtful_sources
from pme.content.parse_course import parse_course
from pme.content.parse_scenario import parse_scenario
from pme.content.parse_sources import (
    GLOSSARY,
    SOURCES,
    Bibliography,
    Terms,
    parse_glossary,
    parse_sources,
)
from pme.content.parsed import Parsed
from pme.content.picture import Picture, draw
from pme.content.problems import Findings, Problem, with_english
from pme.content.prove import Proof, prove
from pme.content.shapes import Ending, Scenario
from pme.content.unwritten import unwritten
from pme.errors import Conflict, Invalid
from pme.words.lazily import lazy
from pme.words.speech import _, speaking

_NAMED = re.compile("“([a-z_]+)”")
MOST_BOXES = 400
"""Of a picture that is drawn while one writes."""
Told = dict[str, Any]


def look(request: Told) -> Told:
    """Everything that is to be said of a file; `files` are its text and those that it names.

    Of a scenario also its picture (`draw`), and what its paths show (`prove`).
    """
    with speaking(request.get("language")):
        return _looked(request)


def _looked(request: Told) -> Told:
    name, files = file_name(request["path"]), request["files"]
    text = files[name.path]
    if name.kind is FileKind.SCENARIO:
        return _scenario(name, files, is_proved=request["prove"], is_drawn=request["draw"])
    problems = list(_problems(name, text, files))
    return {"problems": [_told(problem, "") for problem in problems]}


def _problems(name: FileName, text: str, files: dict[str, str]) -> Iterator[Problem]:
    findings = Findings(name.path)
    if name.kind in (FileKind.QUIZ, FileKind.BANK):
        read = inspect(name, Tree({path: each.encode() for path, each in files.items()}))
        placed = [*read.of_file, *(each for found in read.of_items.values() for each in found)]
        yield from sorted((each.problem for each in placed), key=lambda each: each.line)
    elif name.kind is FileKind.COURSE:
        parse_course(name.slug, text, findings)
    elif name.kind is FileKind.SOURCES:
        parse_sources(text, findings)
    elif name.kind is FileKind.GLOSSARY:
        parse_glossary(text, findings)
    elif name.kind is FileKind.ANSWERS:
        parse_answers(text, findings)
    yield from findings.problems


def _scenario(name: FileName, files: dict[str, str], *, is_proved: bool, is_drawn: bool) -> Told:
    bibliography = _bibliography(files.get(SOURCES, ""))
    parsed, found = _parsed(name, files, bibliography)
    if parsed is None:
        return {
            "problems": [_told(problem, "") for problem in found],
            "picture": None,
            "proof": None,
        }
    found = with_english(found, lambda: _parsed(name, files, bibliography)[1])
    scenario = parsed.content
    problems = [_told(problem, _place_of(problem, parsed)) for problem in found]
    can_prove = is_proved and scenario.start and scenario.nodes and not broken_ways(scenario)
    proof = prove(scenario) if can_prove else None
    remarks = scenario_remarks(scenario, proof)
    problems += [_told(parsed.problem(remark), remark.place) for remark in remarks]
    more = [
        *unwritten(name.path, parsed.source[name.path]),
        *(each for each in doubtful_sources(parsed, bibliography) if each.file == name.path),
    ]
    more += _ethics(parsed, bibliography, files)
    problems += [_told(problem, _place_of(problem, parsed)) for problem in more]
    picture = _picture(parsed) if is_drawn else None
    return {"problems": _once(problems), "picture": picture, "proof": _facts(scenario, proof)}


def _parsed(
    name: FileName, files: dict[str, str], bibliography: Bibliography
) -> tuple[Parsed[Scenario] | None, list[Problem]]:
    findings = Findings(name.path)
    parsed = parse_scenario(
        name.slug,
        files[name.path],
        findings,
        bibliography=bibliography,
        module_outcomes={
            file_name(path).slug: outcomes_of(text)
            for path, text in files.items()
            if path.endswith("/module.md")
        },
    )
    return parsed, findings.problems


def _ethics(parsed: Parsed[Scenario], bibliography: Bibliography, files: dict[str, str]) -> list[Problem]:
    elsewhere, note = Findings(""), parsed.content.content_note
    terms = parse_glossary(files[GLOSSARY], elsewhere) if GLOSSARY in files else Terms()
    answers = parse_answers(files[ANSWERS], elsewhere) if ANSWERS in files else ()
    found = ethics(
        parsed.passages,
        language_code=parsed.content.language,
        most_grade=SCENARIO_GRADE,
        known=known_words(bibliography, terms, answers),
        note=note,
    )
    help_missing = of_note(note, file=parsed.file, line=parsed.line("content_note"))
    return answered([*found, *help_missing], answers)


def _place_of(problem: Problem, parsed: Parsed[Scenario]) -> str:
    """The place that a problem's line belongs to, and that its words name."""
    line = max((line for line in parsed.lines.values() if line <= problem.line), default=0)
    place = next((place for place, at in parsed.lines.items() if at == line and place), "")
    for word in _NAMED.findall(problem.in_english):
        if place.rpartition(".")[2] != word:
            return f"{place}.{word}" if place else word
    return place


def _told(problem: Problem, place: str) -> Told:
    return {
        "line": problem.line,
        "says": problem.says,
        "severity": problem.severity.value,
        "place": place,
        "rule": problem.rule,
        "block": problem.block,
        "answer": problem.answer,
    }


def _once(problems: list[Told]) -> list[Told]:
    found = {(each["line"], each["says"]): each for each in problems}
    return sorted(found.values(), key=lambda each: (each["line"], each["severity"]))


def _facts(scenario: Scenario, proof: Proof | None) -> Told | None:
    if proof is None or not proof.is_counted:
        return None
    return {
        "paths": proof.paths,
        "passing": proof.passing,
        "decisions": proof.longest,
        "lowest": proof.lowest,
        "highest": proof.highest,
        "needed": scenario.min_percent,
        "guess": proof.guess_probability,
    }


def _picture(parsed: Parsed[Scenario]) -> Told | None:
    scenario = _drawable(parsed.content)
    try:
        graph = graph_of(scenario)
        return _as_told(draw(graph)) if 0 < len(graph.boxes) <= MOST_BOXES else None
    except Exception:  # noqa: BLE001  (what is half written may be too odd to draw; its problems are told all the same)
        return None


def _drawable(scenario: Scenario) -> Scenario:
    """The scenario with an ending wherever a way leads to nothing, and without the experts where they get lost."""
    known = {*scenario.nodes, *(ending.id for ending in scenario.endings)}
    named = [way for node in scenario.nodes.values() for way in _targets(node.model_dump())]
    missing = dict.fromkeys(target for target in [scenario.start, *named] if target not in known)
    own = (ending for ending in scenario.endings if ending.id not in scenario.nodes)
    endings = (*own, *(Ending(id=each, label=_("Not there"), text_html="") for each in missing))
    mended = scenario.model_copy(update={"endings": endings})
    try:
        graph_of(mended)
    except (Conflict, Invalid):
        debrief = scenario.debrief.model_copy(update={"expert_path": ()})
        mended = mended.model_copy(update={"debrief": debrief})
    return mended


def _targets(node: Told) -> Iterator[str]:
    if "goto" in node:
        yield node["goto"]
    for each in node.get("choices", ()):
        yield each["goto"]
    for each in node.get("branches", ()):
        yield each["to"]


def _as_told(picture: Picture) -> Told:
    told = asdict(picture)
    for sheet, drawn in zip(told["sheets"], picture.sheets, strict=True):
        for arrow, each in zip(sheet["arrows"], drawn.arrows, strict=True):
            arrow |= {"head": each.head, "weight": each.weight}
    return told


@lru_cache(maxsize=4)
def _bibliography(text: str) -> Bibliography:
    return parse_sources(text, Findings(SOURCES))


def main() -> None:
    """Answer requests."""
    limit_memory()
    serve(look, lazy("the checker"))


if __name__ == "__main__":
    main()
