"""Whether courses, modules, quizzes and scenarios fit together. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping

from pme.content.blueprint import fewest_by_outcome
from pme.content.parse import Collection
from pme.content.parsed import Parsed
from pme.content.prerequisites import circle, in_words
from pme.content.problems import Problem, Remark, Severity, near
from pme.content.shapes import Course, DecisionNode, Module
from pme.words.lazily import lazy
from pme.words.speech import _

FEWEST_SCORED = 2
VAGUE = (
    "understand",
    "know",
    "appreciate",
    "be aware",
    "be aware of",  # not words
    "learn",
    "realise",
    "be familiar with",  # not words
)
SENSITIVE = (
    "sexual violence",
    "rape",
    "traffick",
    "tortur",
    "killed",
    "massacre",
    "survivor",
    "child soldier",
)


NONE_OF = {
    "quiz": lazy("There is no quiz “{slug}”.{near}"),
    "scenario": lazy("There is no scenario “{slug}”.{near}"),
}
ELSEWHERE = {
    "quiz": lazy("The quiz “{slug}” says that it belongs to “{owner}”."),
    "scenario": lazy("The scenario “{slug}” says that it belongs to “{owner}”."),
}
UNNAMED = {
    "quiz": lazy("The module “{module}” does not name this quiz in its completion; nobody can reach it."),
    "scenario": lazy(
        "The module “{module}” does not name this scenario in its completion; nobody can reach it."
    ),
}


def links(read: Collection) -> Iterator[Problem]:
    """Every name that leads nowhere, and everything that nothing leads to."""
    for course in read.courses.values():
        yield from map(course.problem, _course(course.content, read))
    for module in read.modules.values():
        yield from map(module.problem, _module(module.content, read))
        yield from map(module.problem, _circle(module.content, read))
        yield from map(module.problem, _course_of(module.content, read))
        yield from map(module.problem, _content_note(module))
        yield from map(module.problem, _outcomes(module.content, read))
    for quiz in read.quizzes.values():
        yield from map(quiz.problem, _belongs(quiz.content.slug, quiz.content.module, "quiz", read))
    for scenario in read.scenarios.values():
        content = scenario.content
        yield from map(scenario.problem, _belongs(content.slug, content.module, "scenario", read))


def _course(course: Course, read: Collection) -> Iterator[Remark]:
    for slug, number in Counter(course.modules).items():
        if slug not in read.named["module"]:
            yield Remark(
                "modules",
                _("There is no module “{slug}”.{near}", slug=slug, near=near(slug, read.named["module"])),
            )
        elif number > 1:
            yield Remark(
                "modules", _("The module “{slug}” is named {number} times.", slug=slug, number=number)
            )
    known = [read.modules[slug].content for slug in course.modules if slug in read.modules]
    for position, module in enumerate(known):
        later = {other.slug for other in known[position + 1 :]}
        for slug in sorted(later.intersection(module.prerequisites)):
            says = _("“{slug}” comes before “{slug2}”, which it builds on.", slug=module.slug, slug2=slug)
            yield Remark("modules", says, Severity.WARNING)
    served = {name for module in known for outcome in module.outcomes for name in outcome.serves}
    for outcome in course.outcomes:
        if outcome.id not in served and len(known) == len(course.modules):
            says = _("No module's outcome serves {id}.", id=outcome.id)
            yield Remark(f"outcomes.{outcome.id}", says, Severity.WARNING)


def _module(module: Module, read: Collection) -> Iterator[Remark]:
    for slug in module.prerequisites:
        if slug not in read.named["module"] or slug == module.slug:
            says = _(
                "The prerequisite “{slug}” is not another module.{near}",
                slug=slug,
                near=near(slug, read.named["module"]),
            )
            yield Remark("prerequisites", says)
    owners: tuple[tuple[str, str, tuple[str, ...], Mapping[str, str | None]], ...] = (
        ("quiz", "quizzes", module.completion.quizzes, _owners_of_quizzes(read)),
        ("scenario", "scenarios", module.completion.scenarios, _owners_of_scenarios(read)),
    )
    for kind, field, slugs, owner in owners:
        for slug in slugs:
            if slug not in read.named[kind]:
                says = NONE_OF[kind].format(slug=slug, near=near(slug, read.named[kind]))
                yield Remark(f"completion.{field}", says)
            elif owner.get(slug, module.slug) != module.slug:
                says = ELSEWHERE[kind].format(slug=slug, owner=owner[slug])
                yield Remark(f"completion.{field}", says)


def _circle(module: Module, read: Collection) -> Iterator[Remark]:
    builds_on = {slug: parsed.content.prerequisites for slug, parsed in read.modules.items()}
    way = circle(module.slug, builds_on)
    if len(way) > len((module.slug, module.slug)):
        yield Remark(
            "prerequisites",
            _("{in_words}: nobody could begin. Remove one of them.", in_words=in_words(way)),
        )


def _course_of(module: Module, read: Collection) -> Iterator[Remark]:
    courses = [c.content for c in read.courses.values() if module.slug in c.content.modules]
    if not courses:
        yield Remark("", _("No course names this module; students cannot reach it."), Severity.WARNING)
    known = {outcome.id for course in courses for outcome in course.outcomes}
    for outcome in module.outcomes:
        for name in outcome.serves:
            if courses and name not in known:
                says = _(
                    "{id} serves {name}, which is not an outcome of its course.{near}",
                    id=outcome.id,
                    name=name,
                    near=near(name, known),
                )
                yield Remark(f"outcomes.{outcome.id}.serves", says)


def _outcomes(module: Module, read: Collection) -> Iterator[Remark]:
    scored: Counter[str] = Counter()
    for slug in module.completion.quizzes:
        if slug in read.quizzes:
            scored.update(fewest_by_outcome(read.quizzes[slug].content))
    for slug in module.completion.scenarios:
        if slug in read.scenarios:
            nodes = read.scenarios[slug].content.nodes.values()
            scored.update(name for node in nodes if isinstance(node, DecisionNode) for name in node.outcomes)
    for outcome in module.outcomes:
        place = f"outcomes.{outcome.id}"
        if scored[outcome.id] < FEWEST_SCORED:
            says = (
                _("{id} has only one scored question or decision.", id=outcome.id)
                if scored[outcome.id]
                else _("{id} has no scored question or decision.", id=outcome.id)
            )
            yield Remark(place, says, Severity.WARNING)
        if any(page.outcomes for page in module.pages) and not any(
            outcome.id in page.outcomes for page in module.pages
        ):
            yield Remark(
                place, _("According to “teaches”, no page teaches {id}.", id=outcome.id), Severity.WARNING
            )
        if (outcome.verb or "").lower() in VAGUE:
            says = _(
                "“{verb}” cannot be seen in what a student does; choose a verb that can.", verb=outcome.verb
            )
            yield Remark(f"{place}.verb", says, Severity.WARNING)  # not words


def _content_note(parsed: Parsed[Module]) -> Iterator[Remark]:
    if parsed.content.content_note is None:
        told = " ".join(passage.text.lower() for passage in parsed.passages)
        met = next((word for word in SENSITIVE if word in told), None)
        if met:
            yield Remark("", _("The module speaks of “{met}…” and has no content_note; add one.", met=met))


def _belongs(slug: str, module: str | None, kind: str, read: Collection) -> Iterator[Remark]:
    if not module:
        if kind == "scenario":
            yield Remark("", _("This scenario names no module; students cannot reach it."), Severity.WARNING)
    elif module not in read.named["module"]:
        yield Remark(
            "module",
            _("There is no module “{module}”.{near}", module=module, near=near(module, read.named["module"])),
        )
    elif module in read.modules:
        done = read.modules[module].content.completion
        if slug not in (*done.quizzes, *done.scenarios):
            says = UNNAMED[kind].format(module=module)
            yield Remark("module", says, Severity.WARNING)


def _owners_of_quizzes(read: Collection) -> dict[str, str | None]:
    return {slug: parsed.content.module for slug, parsed in read.quizzes.items()}


def _owners_of_scenarios(read: Collection) -> dict[str, str | None]:
    return {slug: parsed.content.module for slug, parsed in read.scenarios.items()}
