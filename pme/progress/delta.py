"""What changed between two editions of a course, and which parts a holder of the older one does anew. Pure.

A page counts as changed when what is read on it changed; a task when what it asks or its pass rule did. A
holder reads changed pages again and takes the tasks that changed or that test what changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pme.content.edition_content import EditionContent
from pme.content.shapes import Module, Outcome, Page
from pme.progress.completion import Place, StepKind, places
from pme.words.speech import _, _n


class Change(StrEnum):
    """What happened to a thing from one edition to the next."""

    NEW = "new"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class StepChange:
    """A page or task that is not what it was. `told` says what of a task changed, in words."""

    place: Place
    title: str
    change: Change
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class OutcomeChange:
    """A learning outcome that is not what it was; `module` is "" for one of the course itself."""

    module: str
    id: str
    change: Change
    before: str
    after: str


@dataclass(frozen=True)
class Delta:
    """What changed, in the order of the newer course. `asked` are the steps a holder does anew."""

    steps: tuple[StepChange, ...] = ()
    outcomes: tuple[OutcomeChange, ...] = ()
    asked: tuple[Place, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed that a holder would notice."""
        return not (self.steps or self.outcomes)


def compare(before: EditionContent | None, after: EditionContent) -> Delta:
    """What changed from an edition to a newer one; None: an edition of which nothing is known."""
    old = before or EditionContent(after.course.model_copy(update={"modules": (), "outcomes": ()}))
    steps: list[StepChange] = []
    outcomes = _outcomes("", old.course.outcomes, after.course.outcomes)
    asked: list[Place] = []
    for slug in after.course.modules:
        module = after.modules.get(slug)
        if module is None:
            continue
        known = old.modules.get(slug)
        changed = [*_pages(known, module), *_tasks(old, after, known, module)]
        steps += changed
        of_module = _outcomes(slug, known.outcomes if known else (), module.outcomes)
        outcomes += of_module if known else []
        if slug not in after.course.optional:
            asked += _asked(known, module, changed, of_module, after)
    steps += _gone(old, after)
    return Delta(tuple(steps), tuple(outcomes), tuple(asked))


def whole(content: EditionContent) -> tuple[Place, ...]:
    """Every task that completes a course, for a holder whose completion is no longer valid."""
    needed = [m for slug, m in content.modules.items() if slug not in content.course.optional]
    ordered = sorted(needed, key=lambda module: content.course.modules.index(module.slug))
    return tuple(p for module in ordered for p in places(module) if p.kind is not StepKind.PAGE)


def _asked(
    known: Module | None,
    module: Module,
    changed: Iterable[StepChange],
    outcomes: Iterable[OutcomeChange],
    after: EditionContent,
) -> Iterator[Place]:
    steps = places(module)
    if known is None:
        yield from steps
        return
    anew = {step.place for step in changed if step.change is not Change.GONE}
    touched = {each.id for each in outcomes if each.change is not Change.GONE}
    for place in anew:
        page = module.page(place.slug) if place.kind is StepKind.PAGE else None
        if page is not None:
            touched |= set(page.outcomes) or {outcome.id for outcome in module.outcomes}
    for place in steps:
        tests = place.kind is not StepKind.PAGE and touched & _tested(place, after)
        if place in anew or tests:
            yield place


def _tested(place: Place, content: EditionContent) -> set[str]:
    if place.kind is StepKind.QUIZ:
        quiz = content.quizzes.get(place.slug)
        return {item.outcome for item in quiz.items} if quiz else set()
    scenario = content.scenarios.get(place.slug)
    return {name for decision in scenario.decisions for name in decision.outcomes} if scenario else set()


def _pages(before: Module | None, after: Module) -> Iterator[StepChange]:
    for page in after.pages:
        known = before.page(page.slug) if before else None
        if known is None or _read(known) != _read(page):
            change = Change.NEW if known is None else Change.CHANGED
            yield StepChange(Place(StepKind.PAGE, after.slug, page.slug), page.title, change)


def _read(page: Page) -> tuple[Any, ...]:
    return page.title, page.html, tuple(check.item for check in page.checks)


def _tasks(
    old: EditionContent, new: EditionContent, before: Module | None, after: Module
) -> Iterator[StepChange]:
    known = set(places(before)) if before else set()
    for place in places(after):
        if place.kind is StepKind.PAGE:
            continue
        found = (_quiz if place.kind is StepKind.QUIZ else _scenario)(place.slug, old, new)
        if found is None:
            continue
        title, told = found
        if told is None or place not in known:
            yield StepChange(place, title, Change.NEW)
        elif told:
            yield StepChange(place, title, Change.CHANGED, told)


Found = tuple[str, tuple[str, ...] | None]
"""A task's title and what changed in it, in words; None for one that was not there."""


def _quiz(slug: str, old: EditionContent, new: EditionContent) -> Found | None:
    was, task = old.quizzes.get(slug), new.quizzes.get(slug)
    if task is None or was is None:
        return (task.title, None) if task else None
    told = _counted({i.id: i for i in was.items}, {i.id: i for i in task.items}, "question")
    is_same = (was.pass_rule, was.blueprint) == (task.pass_rule, task.blueprint)
    return task.title, (*told, *(() if is_same else (_("the pass rule or the choice of questions"),)))


def _scenario(slug: str, old: EditionContent, new: EditionContent) -> Found | None:
    was, task = old.scenarios.get(slug), new.scenarios.get(slug)
    if task is None or was is None:
        return (task.title, None) if task else None
    told = _counted(was.nodes, task.nodes, "situation")
    rules = [(each.endings, each.critical_actions, each.min_percent, each.mode) for each in (was, task)]
    return task.title, (*told, *(() if rules[0] == rules[1] else (_("the endings or the pass rule"),)))


def _counted(was: Mapping[str, object], now: Mapping[str, object], what: str) -> Iterator[str]:
    new, gone = len(now.keys() - was.keys()), len(was.keys() - now.keys())
    changed = sum(now[key] != was[key] for key in now.keys() & was.keys())
    is_quiz = what == "question"
    if new:
        yield (
            _n("{n} question new", "{n} questions new", new)
            if is_quiz
            else _n("{n} situation new", "{n} situations new", new)
        )
    if changed:
        yield (
            _n("{n} question changed", "{n} questions changed", changed)
            if is_quiz
            else _n("{n} situation changed", "{n} situations changed", changed)
        )
    if gone:
        yield (
            _n("{n} question gone", "{n} questions gone", gone)
            if is_quiz
            else _n("{n} situation gone", "{n} situations gone", gone)
        )


def _gone(old: EditionContent, new: EditionContent) -> Iterator[StepChange]:
    for slug in old.course.modules:
        before, after = old.modules.get(slug), new.modules.get(slug)
        still = set(places(after)) if after else set()
        for place in places(before) if before else ():
            page = after.page(place.slug) if after and place.kind is StepKind.PAGE else None
            if place not in still and page is None:
                yield StepChange(place, _title(place, old), Change.GONE)


def _title(place: Place, content: EditionContent) -> str:
    module = content.modules[place.module]
    page = module.page(place.slug)
    if place.kind is StepKind.PAGE:
        return page.title if page else place.slug
    task = (content.quizzes if place.kind is StepKind.QUIZ else content.scenarios).get(place.slug)
    return task.title if task else place.slug


def _outcomes(module: str, was: Iterable[Outcome], now: Iterable[Outcome]) -> list[OutcomeChange]:
    before, after = {each.id: each.text for each in was}, {each.id: each.text for each in now}
    found = []
    for key in dict.fromkeys((*after, *before)):
        old, new = before.get(key), after.get(key)
        if old != new:
            change = Change.NEW if old is None else Change.GONE if new is None else Change.CHANGED
            found.append(OutcomeChange(module, key, change, old or "", new or ""))
    return found
