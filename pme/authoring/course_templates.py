"""What a new course or module begins with: files that are laid out rightly, with guides where its author has to write.

Nothing in them is a sample that could be published by mistake: every guide is an error until it is written. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pme.authoring.item_forms import Entry
from pme.authoring.scenario_new import Wanted, begun
from pme.content.shapes_course import NOBODY_YET
from pme.content.unwritten import guide
from pme.content.yaml_write import Plain, block
from pme.words.lazily import lazy
from pme.words.speech import _

COURSES = {
    "short": lazy("Short course: one module with three pages and a quiz"),
    "standard": lazy("Standard course: three modules with a quiz each, the last with a scenario"),
    "empty": lazy("Empty course: no module yet"),
}
MODULES = {
    "lesson": lazy("Three pages and a quiz"),
    "case": lazy("Three pages, a quiz and a scenario"),
    "page": lazy("One page"),
}
"""The templates in the words of their authors."""
_OF_COURSE = {"short": ("lesson",), "standard": ("lesson", "lesson", "case"), "empty": ()}
MOST_MODULES = 12
DECISIONS = 3
MINUTES = "10"
"""Of a scenario that a template begins."""
_PAGES = {
    "why-it-matters": {
        "en": "Why it matters",  # not words (of a page)
        "fr": "Pourquoi c’est important",  # not words
        "uk": "Чому це важливо",
        "ar": "لماذا هذا مهم",
    },
    "what-to-do": {"en": "What to do", "fr": "Que faire", "uk": "Що робити", "ar": "ما العمل"},  # not words
    "at-your-level": {
        "en": "At your level",  # not words
        "fr": "À votre niveau",  # not words
        "uk": "На вашому рівні",
        "ar": "على مستواك",
    },
}
_GUIDES = {
    "why-it-matters": (
        lazy("Say in two or three sentences what goes wrong when nobody knows this. Use an invented place."),
        lazy("Say what the law or a policy asks for, and cite its source."),
    ),
    "what-to-do": (
        lazy("Say here step by step what the student does, one step a line."),
        lazy("Say what the student never does, and what to do instead."),
    ),
    "at-your-level": (
        lazy("Say what this means on duty, for each level that takes this course."),
        lazy("Say where your academy’s own rules come first, and whom to ask."),
    ),
}
_CERTIFICATES = {
    "en": ("Certificate of completion", "has completed the course and met its standard"),  # not words
    "fr": ("Certificat de réussite", "a suivi le cours et satisfait à ses exigences"),  # not words
    "uk": ("Сертифікат про завершення", "завершує курс і виконує його вимоги"),
    "ar": ("شهادة إتمام", "أتمّ المقرر واستوفى متطلباته"),
}


@dataclass(frozen=True)
class NewModule:
    """A module to begin. `serves` are outcomes of its course; "" as title leaves it to be written."""

    slug: str
    template: str
    language: str
    level: str
    author: str
    review_date: str
    title: str = ""
    summary: str = ""
    serves: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewCourse:
    """A course to begin. `titles` are those of its modules with their slugs; none leaves them to the template."""

    slug: str
    template: str
    title: str
    summary: str
    language: str
    level: str
    hours: str
    author: str
    review_date: str
    titles: Sequence[tuple[str, str]] = field(default_factory=tuple)


def files_of_course(new: NewCourse) -> dict[str, str]:
    """The files of a new course by path: its own, and those of its modules."""
    modules = _modules(new)
    title, statement = _CERTIFICATES[new.language]
    entry: Entry = {
        "schema": "pme-course/1",
        "title": new.title,
        "summary": new.summary,
        "language": new.language,
        "hours": new.hours,
        "level": new.level,
        "modules": [module.slug for module in modules],
        "outcomes": {"CO1": guide(_("Say what a holder of the certificate can do. Begin with a verb."))},
        "certificate": {"title": title, "statement": statement},
        "authors": [new.author],
        "review_date": new.review_date,
    }
    files = {f"modules/{new.slug}.course.yaml": f"{block(entry, 0).strip(chr(10))}\n"}
    for module in modules:
        files |= files_of_module(module)
    return files


def files_of_module(new: NewModule) -> dict[str, str]:
    """The files of a new module by path: its front matter, its pages, its quiz and scenario."""
    pages = list(_PAGES)[: 1 if new.template == "page" else len(_PAGES)]
    quizzes = [f"{new.slug}-check"] if new.template in ("lesson", "case") else []
    scenarios = [f"{new.slug}-case"] if new.template == "case" else []
    verb = guide(_("The verb of it, such as recognise."))
    outcome: dict[str, Plain] = {
        "text": guide(_("Say what the student can do. Begin with a verb.")),
        "verb": verb,
    }
    if new.serves:
        outcome["serves"] = list(new.serves)
    completion: Entry = {"pages": "all", "quizzes": [*quizzes], "scenarios": [*scenarios]}
    entry: Entry = {
        "schema": "pme-module/1",
        "title": new.title or guide(_("Give this module a title.")),
        "summary": new.summary or guide(_("Say in one or two sentences what students learn here.")),
        "language": new.language,
        "level": new.level,
        "outcomes": {"LO1": outcome},
        "prerequisites": [*new.prerequisites],
        "teaches": {page: ["LO1"] for page in pages},
        "completion": {name: value for name, value in completion.items() if value},
        "authors": [new.author],
        "reviewer": NOBODY_YET,
        "review_date": new.review_date,
    }
    entry = {name: value for name, value in entry.items() if value}
    intro = guide(_("Say in a few sentences what students do in this module, and how long it takes."))
    files = {f"modules/{new.slug}/module.md": f"---\n{block(entry, 0).strip(chr(10))}\n---\n{intro}\n"}
    for number, page in enumerate(pages, start=1):
        files[f"modules/{new.slug}/{number * 10}-{page}.md"] = _page(page, new.language)
    for slug in quizzes:
        files[f"quizzes/{slug}.quiz.yaml"] = _quiz(new)
    for slug in scenarios:
        files[f"quizzes/{slug}.scenario.yaml"] = _scenario(slug, new)
    return files


def _modules(new: NewCourse) -> list[NewModule]:
    kinds = list(_OF_COURSE[new.template])
    first = NewModule("", "lesson", new.language, new.level, new.author, new.review_date, serves=("CO1",))
    if not new.titles:
        return [
            replace(first, slug=f"{new.slug}-{number}", template=kind)
            for number, kind in enumerate(kinds, start=1)
        ]
    # The last is the one that the others lead to.
    of = [kinds[-1] if at == len(new.titles) - 1 and kinds else "lesson" for at in range(len(new.titles))]
    return [
        replace(first, slug=slug, title=title, template=kind)
        for (title, slug), kind in zip(new.titles, of, strict=True)
    ]


def _page(page: str, language: str) -> str:
    first, second = _GUIDES[page]
    return f"# {_PAGES[page][language]}\n\n{guide(first)}\n\n{guide(second)}\n"


def _quiz(new: NewModule) -> str:
    entry: Mapping[str, Plain] = {
        "schema": "pme-quiz/1",
        "title": guide(_("Give this quiz a title.")),
        "summary": guide(_("Say in one sentence what it asks about.")),
        "language": new.language,
        "module": new.slug,
        "minutes": "10",
        "pass": {"min_percent": "80"},
        "attempts": "unlimited",
        "shuffle": {"items": "yes", "options": "yes"},
        "key": {"by": "author"},
        "items": [],
    }
    return f"{block(dict(entry), 0).strip(chr(10))}\n"


def _scenario(slug: str, new: NewModule) -> str:
    wanted = Wanted(
        slug=slug,
        title=guide(_("a title for the scenario")),
        module=new.slug,
        outcomes={"LO1": guide(_("what of it this scenario exercises"))},
        decisions=DECISIONS,
        mode="summative",
        minutes=MINUTES,
        role=guide(_("who the student is, such as section commander")),
        level=new.level,
        source="",
    )
    return f"{block({**begun(wanted), 'language': new.language}, 0).strip(chr(10))}\n"
