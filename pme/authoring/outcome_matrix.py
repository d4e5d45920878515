"""Where each outcome of a course is taught, practised and assessed, and where it is not. Pure.

A module's outcome is taught by the pages that its `teaches` names, and assessed by the questions that the
quizzes in its completion may ask and by the decisions of its scenarios.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pme.authoring.loose_library import (
    Loose,
    LooseLibrary,
    entries_in,
    fields_in,
    shown_outcome,
    text_in,
    texts_in,
    title_of,
)
from pme.words.speech import _, _n

FEWEST = 3
"""Questions and decisions below which a result says little about an outcome."""


@dataclass(frozen=True)
class Column:
    """Something that teaches or asks: a page, a bank, a quiz or a scenario. `counts` are by outcome; `things`
    are the outcomes of each page or decision in it, which may have several.
    """

    kind: str
    slug: str
    title: str
    path: str
    counts: Mapping[str, int]
    least: Mapping[str, int] = field(default_factory=dict)
    checks: Mapping[str, int] = field(default_factory=dict)
    things: tuple[frozenset[str], ...] = ()
    is_reached: bool = True

    def cell(self, outcome: str) -> str:
        """What it does for an outcome, in words; "" for nothing."""
        number, asked = self.counts.get(outcome, 0), self.checks.get(outcome, 0)
        match self.kind:
            case "page":
                checks = _n("{n} check", "{n} checks", asked) if asked else ""
                return ", ".join(part for part in (_("taught") if number else "", checks) if part)
            case "quiz":
                least = self.least.get(outcome, 0)
                if least == number:
                    return _("asks all {number}", number=number) if number else ""
                return _("asks {least} or more of {number}", least=least, number=number) if number else ""
            case _:
                return str(number) if number else ""


@dataclass(frozen=True)
class Row:
    """An outcome and what there is for it. `checks` are on pages, `drawn` is how many questions every attempt
    asks at the least, `questions` how many may be asked.
    """

    id: str
    text: str
    serves: tuple[str, ...] = ()
    pages: int = 0
    checks: int = 0
    in_banks: int = 0
    questions: int = 0
    drawn: int = 0
    decisions: int = 0

    @property
    def assessed(self) -> int:
        """How many questions and decisions can tell of it."""
        return self.questions + self.decisions


@dataclass(frozen=True)
class ModulePart:
    """A module of the course: its outcomes down, what it holds across."""

    slug: str
    title: str
    path: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    is_there: bool = True


@dataclass(frozen=True)
class Matrix:
    """A course: its own outcomes with what its modules do for them, and each module."""

    slug: str
    title: str
    rows: tuple[Row, ...]
    modules: tuple[ModulePart, ...]
    gaps: tuple[tuple[str, tuple[str, ...]], ...]
    """What is missing, as (kind of gap, a sentence for each), in order of weight; kinds without any left out."""


def matrix_of(library: LooseLibrary, slug: str) -> Matrix:
    """The matrix of a course of this library."""
    course = library.courses.get(slug, {})
    modules = tuple(_module(library, each) for each in texts_in(course, "modules"))
    rows = tuple(
        _of_course(name, shown_outcome(value), modules)
        for name, value in fields_in(course, "outcomes").items()
    )
    return Matrix(slug, title_of(course, slug), rows, modules, tuple(_gaps(rows, modules, library)))


def _module(library: LooseLibrary, slug: str) -> ModulePart:
    module = library.modules.get(slug, {})
    columns = tuple(_columns(library, slug, module))
    rows = tuple(_row(name, value, columns) for name, value in fields_in(module, "outcomes").items())
    title, path = library.module_title(slug), f"modules/{slug}/module.md"
    return ModulePart(slug, title, path, rows, columns, slug in library.modules)


def _columns(library: LooseLibrary, slug: str, module: Loose) -> Iterator[Column]:
    banks = library.of_module("banks", slug)
    done, teaches = fields_in(module, "completion"), fields_in(module, "teaches")
    for page in library.pages.get(slug, ()):
        asked = Counter(found for check in page.checks if (found := _outcome_of_check(check, banks)))
        taught = dict.fromkeys(texts_in(teaches, page.slug), 1)
        yield Column(
            "page",
            page.slug,
            page.title,
            page.name.path,
            taught,
            checks=asked,
            things=(frozenset(taught),),
        )
    for name, bank in banks.items():
        counts = Counter(text_in(item, "outcome") for item in entries_in(bank, "items"))
        yield Column("bank", name, title_of(bank, name), f"quizzes/{name}.bank.yaml", counts)
    for name, quiz in library.of_module("quizzes", slug).items():
        may, least = _asked(quiz, banks)
        is_reached = name in texts_in(done, "quizzes")
        title, path = title_of(quiz, name), f"quizzes/{name}.quiz.yaml"
        yield Column("quiz", name, title, path, may, least=least, is_reached=is_reached)
    for name, scenario in library.of_module("scenarios", slug).items():
        nodes = fields_in(scenario, "nodes").values()
        decisions = [
            frozenset(texts_in(node, "outcomes")) for node in nodes if text_in(node, "kind") == "decision"
        ]
        counts = Counter(outcome for named in decisions for outcome in named)
        is_reached = name in texts_in(done, "scenarios")
        title, path = title_of(scenario, name), f"quizzes/{name}.scenario.yaml"
        yield Column("scenario", name, title, path, counts, things=tuple(decisions), is_reached=is_reached)


def _outcome_of_check(check: str, banks: Mapping[str, Loose]) -> str:
    bank, _unused, item = check.rpartition("/")
    found = [
        text_in(each, "outcome")
        for name, content in banks.items()
        if bank in ("", name)
        for each in entries_in(content, "items")
        if each.get("id") == item
    ]
    return found[0] if found else ""


def _asked(quiz: Loose, banks: Mapping[str, Loose]) -> tuple[Counter[str], Counter[str]]:
    """How many questions of each outcome a quiz may ask, and how many it asks whatever is drawn."""
    may = Counter(text_in(item, "outcome") for item in entries_in(quiz, "items"))
    least = may.copy()
    for line in entries_in(quiz, "blueprint"):
        only, bank = text_in(line, "outcome"), banks.get(text_in(line, "bank"), {})
        drawn = Counter(text_in(item, "outcome") for item in entries_in(bank, "items"))
        if only:
            drawn = Counter({only: drawn[only]})
        count = (
            int(number)
            if (number := text_in(line, "count")).isdecimal() and len(number) < len("10000")
            else 0
        )
        of = drawn.total()
        may.update(drawn)
        # The worst draw takes all the others first.
        least.update({name: max(0, min(count, of) - (of - number)) for name, number in drawn.items()})
    return may, least


def _row(name: str, value: object, columns: Sequence[Column]) -> Row:
    def total(kind: str, of: str = "counts") -> int:
        return sum(
            getattr(each, of).get(name, 0) for each in columns if each.kind == kind and each.is_reached
        )

    plain = value if isinstance(value, str | dict) else ""
    return Row(
        id=name,
        text=shown_outcome(plain),
        serves=tuple(texts_in(plain, "serves")) if isinstance(plain, dict) else (),
        pages=total("page"),
        checks=total("page", "checks"),
        in_banks=total("bank"),
        questions=total("quiz"),
        drawn=total("quiz", "least"),
        decisions=total("scenario"),
    )


def _of_course(name: str, text: str, modules: Sequence[ModulePart]) -> Row:
    found = Row(name, text)
    for of, row in ((module, row) for module in modules for row in module.rows if name in row.serves):
        found = replace(
            found,
            serves=(*found.serves, _("{outcome} of {title}", outcome=row.id, title=of.title)),
            checks=found.checks + row.checks,
            in_banks=found.in_banks + row.in_banks,
            questions=found.questions + row.questions,
            drawn=found.drawn + row.drawn,
        )
    return replace(found, pages=_things("page", name, modules), decisions=_things("scenario", name, modules))


def _things(kind: str, name: str, modules: Sequence[ModulePart]) -> int:
    """How many pages or decisions serve an outcome of the course, each counted once."""
    return sum(
        bool(thing & {row.id for row in module.rows if name in row.serves})
        for module in modules
        for column in module.columns
        if column.kind == kind and column.is_reached
        for thing in column.things
    )


def _gaps(
    rows: Sequence[Row], modules: Sequence[ModulePart], library: LooseLibrary
) -> Iterator[tuple[str, tuple[str, ...]]]:
    known = {row.id for row in rows}
    every = [(module, row) for module in modules for row in module.rows]
    kinds: tuple[tuple[str, list[str]], ...] = (
        (_("Taught on no page"), [_named(m, r) for m, r in every if not r.pages]),
        (_("Assessed nowhere"), [_named(m, r) for m, r in every if not r.assessed]),
        (
            _("Assessed by fewer than {fewest} questions and decisions", fewest=FEWEST),
            [f"{_named(m, r)} ({_counted(r)})" for m, r in every if 0 < r.assessed < FEWEST],
        ),
        (_("Questions and decisions without an outcome"), list(_loose_items(modules, library))),
        (
            _("Outcomes of the course that no module serves"),
            [f"{r.id}: {r.text}" for r in rows if not r.serves],
        ),
        (
            _("Outcomes of modules that serve none of the course"),
            [_named(m, r) for m, r in every if not known.intersection(r.serves)],
        ),
        (_("Modules that are not there"), [m.slug for m in modules if not m.is_there]),
    )
    return ((title, tuple(told)) for title, told in kinds if told)


def _named(module: ModulePart, row: Row) -> str:
    return f"{module.title}, {row.id}: {row.text}"


def _counted(row: Row) -> str:
    questions = _n("{n} question", "{n} questions", row.questions) if row.questions else ""
    decisions = _n("{n} decision", "{n} decisions", row.decisions) if row.decisions else ""
    return ", ".join(part for part in (questions, decisions) if part)


def _loose_items(modules: Sequence[ModulePart], library: LooseLibrary) -> Iterator[str]:
    for module in modules:
        known = {row.id for row in module.rows}
        for shelf, one in (("quizzes", _("quiz {slug}")), ("banks", _("bank {slug}"))):
            for slug, content in library.of_module(shelf, module.slug).items():
                for number, item in enumerate(entries_in(content, "items"), start=1):
                    if text_in(item, "outcome") not in known:
                        yield _(
                            "{title}, {file}: {question}",
                            title=module.title,
                            file=one.format(slug=slug),
                            question=text_in(item, "id") or _("question {number}", number=number),
                        )
        for slug, content in library.of_module("scenarios", module.slug).items():
            for name, node in fields_in(content, "nodes").items():
                if text_in(node, "kind") == "decision" and not known.intersection(texts_in(node, "outcomes")):
                    yield _("{title}, scenario {slug}: {name}", title=module.title, slug=slug, name=name)
