"""A draft as students would be served it: everything published with the draft's files in it, sound or not.

What cannot be read is left out and told; nothing here is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from pme.authoring.naming import file_name
from pme.content.catalogue import Catalogue, Versioned
from pme.content.files import Tree
from pme.content.library import Content, Kind, Media
from pme.content.lint import lint, proofs
from pme.content.parse import parse
from pme.content.parse_module import PAGE_NAME
from pme.content.problems import Problem, Severity
from pme.content.publish import canonical, sha256_of
from pme.content.render import Renderer
from pme.content.shapes import CertificateWording, Course, Glossary, Module, Quiz, Scenario
from pme.words.speech import _

T = TypeVar("T", bound=Content)
UNPUBLISHED = 0
"""The version of what is no version."""
NO_COURSE = "in-no-course"


@dataclass(frozen=True)
class Compiled:
    """What there is to look at. `sources` are the files of each piece, `media` pictures that may be new."""

    catalogue: Catalogue
    problems: tuple[Problem, ...] = ()
    sources: Mapping[tuple[Kind, str], frozenset[str]] = field(default_factory=dict)
    media: Mapping[str, Media] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What is wrong in it."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    def wrong_in(self, kind: Kind, slug: str) -> tuple[Problem, ...]:
        """The errors in the files that a piece is made of."""
        files = self.sources.get((kind, slug), frozenset())
        return tuple(problem for problem in self.errors if problem.file in files)

    def courses_of(self, paths: Iterable[str]) -> frozenset[str]:
        """The courses that these files belong to; every course where they belong to none of their own."""
        wanted, known = frozenset(paths), self.catalogue
        touched = {piece for piece, files in self.sources.items() if files & wanted}
        tasks = {slug for kind, slug in touched if kind in (Kind.QUIZ, Kind.SCENARIO)}
        modules = {file_name(path).slug for path in wanted if path.startswith("modules/")}
        modules |= {slug for kind, slug in touched if kind is Kind.MODULE}
        modules |= {
            slug
            for slug, module in known.modules_by_slug.items()
            if tasks.intersection((*module.content.completion.quizzes, *module.content.completion.scenarios))
        }
        modules |= {
            task.content.module or ""
            for slug in tasks
            if (task := known.quiz(slug) or known.scenario(slug)) is not None
        }
        found = {
            course.content.slug
            for course in known.courses
            if (Kind.COURSE, course.content.slug) in touched or modules.intersection(course.content.modules)
        }
        return frozenset(found or known.courses_by_slug)

    def page_path(self, module: str, page: str) -> str:
        """The file of a page, or that of its module where no file is known."""
        front = f"modules/{module}/module.md"
        for path in self.sources.get((Kind.MODULE, module), frozenset()):
            match = PAGE_NAME.match(path.rpartition("/")[2])
            if match and match["slug"] == page:
                return path
        return front

    def wrong_at(self, path: str) -> tuple[Problem, ...]:
        """The errors in one file."""
        return tuple(problem for problem in self.errors if problem.file == path)


def compile_tree(
    tree: Tree, renderer: Renderer, *, today: date, published: Catalogue | None = None
) -> Compiled:
    """Everything that can be read of these files, as a catalogue, and every problem in them.

    Scenarios that are published as they stand are not proved again, which is what takes longest.
    """
    collection = parse(tree, renderer)
    known = {each.sha256 for each in published.scenarios_by_slug.values()} if published else set()
    unknown = {
        slug: parsed
        for slug, parsed in collection.scenarios.items()
        if sha256_of(canonical(parsed.content)) not in known
    }
    proven = proofs(replace(collection, scenarios=unknown))
    found = [*tree.problems, *collection.problems, *lint(collection, proven, today=today)]
    everything: list[Content] = [parsed.content for parsed in collection.everything]
    everything += _homeless(everything)
    sources = {
        (Kind(parsed.content.kind), parsed.content.slug): frozenset(parsed.source)
        for parsed in collection.everything
    }
    return Compiled(
        catalogue=Catalogue(
            courses_by_slug={one.slug: _versioned(one) for one in everything if isinstance(one, Course)},
            modules_by_slug={one.slug: _versioned(one) for one in everything if isinstance(one, Module)},
            quizzes_by_slug={one.slug: _versioned(one) for one in everything if isinstance(one, Quiz)},
            scenarios_by_slug={one.slug: _versioned(one) for one in everything if isinstance(one, Scenario)},
            glossaries_by_language={
                one.slug: _versioned(one) for one in everything if isinstance(one, Glossary)
            },
        ),
        problems=tuple(sorted(set(found))),
        sources=sources,
        media={media.sha256: media for media in collection.media},
    )


def _homeless(everything: Sequence[Content]) -> list[Course]:
    """A course of the modules that are in none yet, so that they can be looked at."""
    placed = {slug for one in everything if isinstance(one, Course) for slug in one.modules}
    left = [one for one in everything if isinstance(one, Module) and one.slug not in placed]
    if not left:
        return []
    return [
        Course(
            slug=NO_COURSE,
            title=_("Modules that are in no course"),
            summary=_("Students do not see these until a course names them."),
            language=left[0].language,
            hours=round(sum(module.minutes for module in left) / 60, 1),
            level="",
            modules=tuple(module.slug for module in left),
            outcomes=(),
            certificate=CertificateWording(title="", statement=""),
            authors=(),
            review_date="",
        )
    ]


def _versioned(content: T) -> Versioned[T]:
    return Versioned(UNPUBLISHED, sha256_of(canonical(content)), content)
