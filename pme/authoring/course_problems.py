"""What is wrong with a course file or a module's front matter as a draft has it, told at the fields of its form.

Only the file itself and what it names are read, so that it can be done at every save. Pure.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from pme.authoring.front_matter import fields_text
from pme.authoring.loose_library import LooseLibrary, fields_in, text_in, texts_in
from pme.authoring.naming import FileKind, FileName
from pme.content.parse_course import open_file, parse_course
from pme.content.parse_fields import Book
from pme.content.parse_module import module_of
from pme.content.parse_page import Composed
from pme.content.prerequisites import circle, in_words
from pme.content.problems import Findings, Problem, near, with_english
from pme.content.shapes import Page
from pme.content.unwritten import unwritten
from pme.content.yaml_tree import Fields, read_yaml
from pme.errors import Conflict
from pme.words.speech import _, _p

WITHIN = ("certificate", "completion", "content_note")
"""Fields whose own fields stand in the form one by one."""


def problems_of(name: FileName, text: str, library: LooseLibrary) -> dict[str, list[Problem]]:
    """The problems of a file by the place that each is at, such as `certificate.title`; "" for the file itself."""
    is_module = name.kind is FileKind.MODULE
    try:
        front = fields_text(name, text)
    except Conflict as error:
        return {"": [Problem(name.path, 1, error.says)]}
    first = 2 if is_module else 1
    found = with_english(_found(name, text, front, library), lambda: _found(name, text, front, library))
    tree = read_yaml(front, Findings(""), first_line=first)
    lines = list(_places(tree)) if isinstance(tree, Fields) else []
    placed: dict[str, list[Problem]] = {}
    for problem in dict.fromkeys(found):
        placed.setdefault(_place(problem, lines), []).append(problem)
    for place, says in _loose_ends(name, library):
        placed.setdefault(place, []).append(Problem(name.path, 1, says))
    return placed


def _found(name: FileName, text: str, front: str, library: LooseLibrary) -> list[Problem]:
    findings = Findings(name.path)
    if name.kind is FileKind.MODULE:
        _read_module(name, front, library, findings)
        last = 2 + front.count("\n")
        findings.problems += [each for each in unwritten(name.path, text) if each.line < last]
    else:
        parse_course(name.slug, front, findings)
        findings.problems += unwritten(name.path, text)
    return findings.problems


def for_form(placed: Mapping[str, Sequence[Problem]], places: Collection[str]) -> dict[str, list[Problem]]:
    """The problems at the places that a page shows; those at others stand at what is around them, or at ""."""
    found: dict[str, list[Problem]] = {}
    for place, problems in placed.items():
        at = "completion.rule" if place in ("completion.pages", "completion.modules") else place
        while at and at not in places:
            at = at.rpartition(".")[0]
        found.setdefault(at, []).extend(problems)
    return found


def refused_prerequisites(slug: str, wanted: Sequence[str], library: LooseLibrary) -> str:
    """Why a module cannot build on these, as a sentence; "" where it can."""
    builds_on = {each: texts_in(content, "prerequisites") for each, content in library.modules.items()}
    way = circle(slug, {**builds_on, slug: list(wanted)})
    if not way:
        return ""
    titles = [library.module_title(each) for each in way]
    return _(
        "{circle}: nobody could begin. Untick “{title}”, or change the others first.",
        circle=in_words(titles),
        title=titles[1],
    )


def _read_module(name: FileName, front: str, library: LooseLibrary, findings: Findings) -> None:
    form = open_file(
        front, Book(findings), what=_p("kind of file", "module"), schema="pme-module/1", first_line=2
    )
    if form is not None:
        pages = tuple(
            Page(slug=page.slug, number=page.number, title=page.title, html="", words=0)
            for page in library.pages.get(name.slug, ())
        )
        module_of(name.slug, form, Composed(), pages, [], [page.slug for page in pages])
        if not pages:
            findings.error(2, _("The module has no page yet. Begin one below."))


def _loose_ends(name: FileName, library: LooseLibrary) -> Iterator[tuple[str, str]]:
    """Names that lead nowhere, at the field that holds them."""
    is_course = name.kind is FileKind.COURSE
    content = (library.courses if is_course else library.modules).get(name.slug)
    field = "modules" if is_course else "prerequisites"
    for slug in texts_in(content, field):
        if slug not in library.modules:
            yield field, _("There is no module “{slug}”.", slug=slug) + near(slug, library.modules)
    if is_course:
        return
    if says := refused_prerequisites(name.slug, texts_in(content, field), library):
        yield field, says
    yield from _loose_tasks(name.slug, library)
    yield from _loose_outcomes(name.slug, library)


def _loose_tasks(slug_of_module: str, library: LooseLibrary) -> Iterator[tuple[str, str]]:
    done = fields_in(library.modules.get(slug_of_module), "completion")
    shelves: tuple[tuple[str, str, Mapping[str, object]], ...] = (
        ("quizzes", _("There is no “{slug}” among the quizzes."), library.quizzes),
        ("scenarios", _("There is no “{slug}” among the scenarios."), library.scenarios),
    )
    for shelf, says, known in shelves:
        for slug in texts_in(done, shelf):
            if slug not in known:
                yield (
                    f"completion.{shelf}",
                    says.format(slug=slug) + near(slug, known),
                )
            elif (owner := text_in(getattr(library, shelf)[slug], "module")) != slug_of_module:
                yield (
                    f"completion.{shelf}",
                    _("“{slug}” says that it belongs to the module “{owner}”.", slug=slug, owner=owner),
                )


def _loose_outcomes(module: str, library: LooseLibrary) -> Iterator[tuple[str, str]]:
    courses = [content for content in library.courses.values() if module in texts_in(content, "modules")]
    served = {outcome for course in courses for outcome in fields_in(course, "outcomes")}
    for outcome, value in fields_in(library.modules.get(module), "outcomes").items():
        for wanted in texts_in(value, "serves"):
            if courses and wanted not in served:
                yield (
                    f"outcomes.{outcome}",
                    _(
                        "{outcome} serves {wanted}, which is not an outcome of its course.",
                        outcome=outcome,
                        wanted=wanted,
                    ),
                )


def _places(tree: Fields) -> Iterator[tuple[int, str]]:
    """The line of every place that a form shows, in the order of the file."""
    for key, value in tree.entries:
        yield key.line, key.value
        if key.value in (*WITHIN, "outcomes") and isinstance(value, Fields):
            yield from ((inner.line, f"{key.value}.{inner.value}") for inner, _ in value.entries)


def _place(problem: Problem, lines: Sequence[tuple[int, str]]) -> str:
    named = [place for _, place in lines if f"“{place.rpartition('.')[2]}”" in problem.in_english]
    here = [place for line, place in lines if line == problem.line]
    if both := [place for place in named if place in here]:
        return both[-1]
    if len(here) == 1 or (here and not named):
        return here[-1]
    if named and not here and problem.line <= min((line for line, _ in lines), default=1):
        return named[0]
    before = [place for line, place in lines if line <= problem.line]
    return before[-1] if before and "is missing" not in problem.in_english else ""
