"""Everything that is wrong with content as a whole, once it has been read. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from pme.content import lint_length, lint_proof, lint_scenario
from pme.content.answers import answered, outlived_remarks
from pme.content.ethics import MODULE_GRADE, SCENARIO_GRADE, ethics, known_words, of_note
from pme.content.lint_banks import bank_remarks
from pme.content.lint_links import links
from pme.content.lint_quiz import quiz_remarks
from pme.content.lint_sources import doubtful_sources, overdue
from pme.content.parse import Collection
from pme.content.parse_bank import Bank
from pme.content.parsed import Parsed
from pme.content.problems import Problem, Remark
from pme.content.prove import Proof, prove
from pme.content.shapes import Module, Quiz, Scenario


def proofs(read: Collection) -> dict[str, Proof]:
    """The proof of every scenario by its slug, but for those whose ways are broken."""
    return {
        slug: prove(parsed.content)
        for slug, parsed in read.scenarios.items()
        if parsed.content.start and parsed.content.nodes and not lint_scenario.broken_ways(parsed.content)
    }


def lint(read: Collection, proven: Mapping[str, Proof], *, today: date) -> Iterator[Problem]:
    """Every problem that parsing alone does not show; `today` is held against review dates."""
    yield from links(read)
    for course in read.courses.values():
        yield from overdue(course, today=today)
    for module in read.modules.values():
        yield from overdue(module, today=today)
        yield from doubtful_sources(module, read.bibliography)
    yield from bank_remarks(read)
    banks = [bank for bank in read.banks.values() if bank is not None]
    asking: list[Parsed[Bank] | Parsed[Quiz]] = [*banks, *read.quizzes.values()]
    for each in asking:
        yield from doubtful_sources(each, read.bibliography)
    for quiz in read.quizzes.values():
        yield from map(quiz.problem, quiz_remarks(quiz.content))
    for scenario in read.scenarios.values():
        yield from map(
            scenario.problem, scenario_remarks(scenario.content, proven.get(scenario.content.slug))
        )
        yield from doubtful_sources(scenario, read.bibliography)
    told = list(ethics_of(read))
    yield from answered(told, read.answers)
    yield from outlived_remarks(told, read.answers)


def ethics_of(read: Collection) -> Iterator[Problem]:
    """What the check of ethics and language says of everything, before any of it is answered."""
    known = known_words(read.bibliography, read.terms, read.answers)
    banks = [bank for bank in read.banks.values() if bank is not None]
    shelves = (read.courses.values(), read.modules.values(), banks, read.quizzes.values())
    for parsed in (each for shelf in shelves for each in shelf):
        note = parsed.content.content_note if isinstance(parsed.content, Module) else None
        yield from ethics(
            parsed.passages,
            language_code=parsed.content.language,
            most_grade=MODULE_GRADE,
            known=known,
            note=note,
        )
        yield from of_note(note, file=parsed.file, line=parsed.line("content_note"))
    for scenario in read.scenarios.values():
        note = scenario.content.content_note
        yield from ethics(
            scenario.passages,
            language_code=scenario.content.language,
            most_grade=SCENARIO_GRADE,
            known=known,
            note=note,
        )
        yield from of_note(note, file=scenario.file, line=scenario.line("content_note"))


def scenario_remarks(scenario: Scenario, proof: Proof | None) -> Iterator[Remark]:
    """What reading and proving say of one scenario; nothing is proved where ways are broken."""
    loose = lint_scenario.loose_names(scenario)
    yield from lint_scenario.broken_ways(scenario)
    yield from loose
    yield from lint_scenario.unread_state(scenario)
    yield from lint_scenario.weak_keys(scenario)
    yield from lint_scenario.unexercised(scenario)
    yield from lint_scenario.betraying_marks(scenario)
    yield from lint_length.length(scenario, proof)
    if proof is None:
        return
    yield from lint_proof.proven(scenario, proof)
    if not loose:
        yield from lint_proof.expert_path(scenario, proof)
