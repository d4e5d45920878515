"""What publishing a draft will change, and for how many: counts, never names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus
from pme.authoring.models import Draft, DraftFile
from pme.authoring.queries import ENDED
from pme.authoring.translating import Progress, newly_stale
from pme.content.catalogue import Catalogue, Versioned
from pme.content.edit import Edits, published_tree
from pme.content.files import Tree
from pme.content.library import Content, Entry, Kind, Library
from pme.content.publish import canonical, sha256_of
from pme.content.shapes import Course, Glossary, Module
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.progress.models import ModuleCompletion, PageRead
from pme.scope import everywhere
from pme.words.speech import _


@dataclass(frozen=True)
class Count:
    """How many at the academy that keeps the content, and in the whole install."""

    here: int = 0
    total: int = 0


@dataclass(frozen=True)
class Piece:
    """A piece of content that becomes another. `what` is "changed", "new" or "retired"."""

    kind: Kind
    slug: str
    title: str
    what: str


@dataclass(frozen=True)
class Plan:
    """What changes for whom. `under_way` and `attempts` go by the piece's title."""

    pieces: tuple[Piece, ...]
    under_way: tuple[tuple[str, Count], ...]
    attempts: tuple[tuple[str, Count], ...]
    completion: tuple[str, ...]
    stale: tuple[Progress, ...]
    other_drafts: int


def plan(session: Session, draft: Draft, library: Library, published: Catalogue, edits: Edits) -> Plan:
    """What publishing this checked library changes, as things stand now."""
    pieces = tuple(changed_pieces(library.entries, published))
    touched = {(piece.kind, piece.slug): piece for piece in pieces}
    modules = {slug: each.content for slug, each in published.modules_by_slug.items()}
    return Plan(
        pieces=pieces,
        under_way=_under_way(session, draft.academy_id, _modules_touched(modules, touched)),
        attempts=_attempts(session, draft.academy_id, pieces),
        completion=tuple(_completion_changes(library.entries, published)),
        stale=tuple(newly_stale(published_tree(session), Tree(library.files))),
        other_drafts=_other_drafts(session, draft, list(edits)),
    )


def changed_pieces(entries: Iterable[Entry], published: Catalogue) -> list[Piece]:
    """The pieces of content that become others, in the order of their kinds and names."""
    before: dict[tuple[Kind, str], Versioned[Content]] = {
        (Kind(each.content.kind), each.content.slug): each for each in _everything(published)
    }
    after = {(entry.kind, entry.slug): entry for entry in entries}
    found = []
    for (kind, slug), entry in after.items():
        was = before.get((kind, slug))
        if was is None:
            found.append(Piece(kind, slug, _title(entry.content), "new"))
        elif was.sha256 != sha256_of(canonical(entry.content)):
            found.append(Piece(kind, slug, _title(entry.content), "changed"))
    found += [
        Piece(kind, slug, _title(was.content), "retired")
        for (kind, slug), was in before.items()
        if (kind, slug) not in after
    ]
    order = list(Kind)
    return sorted(found, key=lambda piece: (order.index(piece.kind), piece.slug))


def _everything(published: Catalogue) -> Iterable[Versioned[Content]]:
    yield from published.courses_by_slug.values()
    yield from published.modules_by_slug.values()
    yield from published.quizzes_by_slug.values()
    yield from published.scenarios_by_slug.values()
    yield from published.glossaries_by_language.values()


def _title(content: Content) -> str:
    return _("Glossary ({slug})", slug=content.slug) if isinstance(content, Glossary) else content.title


def _modules_touched(
    modules: Mapping[str, Module], touched: Mapping[tuple[Kind, str], Piece]
) -> dict[str, str]:
    """The published modules that change, or whose quizzes or scenarios do: slug -> title."""
    return {
        slug: module.title
        for slug, module in modules.items()
        if (Kind.MODULE, slug) in touched
        or any((Kind.QUIZ, quiz) in touched for quiz in module.completion.quizzes)
        or any((Kind.SCENARIO, scenario) in touched for scenario in module.completion.scenarios)
    }


def _under_way(session: Session, academy_id: int, titles: Mapping[str, str]) -> tuple[tuple[str, Count], ...]:
    """Enrolments with a page read in a module that is not completed, by module."""
    is_completed = (
        select(ModuleCompletion.id)
        .where(
            ModuleCompletion.enrolment_id == PageRead.enrolment_id, ModuleCompletion.module == PageRead.module
        )
        .exists()
    )
    counted = (
        select(PageRead.module, Enrolment.academy_id, func.count(PageRead.enrolment_id.distinct()))
        .join(Enrolment, Enrolment.id == PageRead.enrolment_id)
        .where(PageRead.module.in_(titles), Enrolment.status == EnrolmentStatus.ACTIVE, ~is_completed)
        .group_by(PageRead.module, Enrolment.academy_id)
    )
    with everywhere(session):  # shared content is published for every academy
        rows = session.execute(counted).all()
    counts = _counted([(slug, academy, number) for slug, academy, number in rows], academy_id)
    return tuple((title, counts.get(slug, Count())) for slug, title in titles.items())


def _attempts(session: Session, academy_id: int, pieces: Iterable[Piece]) -> tuple[tuple[str, Count], ...]:
    """Attempts under way at what changes or is retired; each keeps the version it was begun on."""
    tasks = {
        f"{piece.kind}/{piece.slug}": piece.title
        for piece in pieces
        if piece.kind in (Kind.QUIZ, Kind.SCENARIO) and piece.what != "new"
    }
    counted = (
        select(Attempt.task, Attempt.slug, Attempt.academy_id, func.count())
        .where(
            Attempt.status != AttemptStatus.FINISHED,
            Attempt.slug.in_([name.partition("/")[2] for name in tasks]),
        )
        .group_by(Attempt.task, Attempt.slug, Attempt.academy_id)
    )
    with everywhere(session):  # shared content is published for every academy
        rows = session.execute(counted).all()
    counts = _counted(
        [(f"{task}/{slug}", academy, number) for task, slug, academy, number in rows], academy_id
    )
    return tuple((title, counts.get(name, Count())) for name, title in tasks.items())


def _counted(rows: Sequence[tuple[str, int, int]], academy_id: int) -> dict[str, Count]:
    return {
        name: Count(
            here=sum(number for each, academy, number in rows if each == name and academy == academy_id),
            total=sum(number for each, _, number in rows if each == name),
        )
        for name in {name for name, _, _ in rows}
    }


def _completion_changes(entries: Iterable[Entry], published: Catalogue) -> Iterable[str]:
    """The titles of what is completed by another rule than before: modules, and courses of other modules."""
    for content in (entry.content for entry in entries):
        was: Versioned[Course] | Versioned[Module] | None = None
        if isinstance(content, Module):
            was = published.module(content.slug)
        elif isinstance(content, Course):
            was = published.course(content.slug)
        if was is not None and _rule(was.content) != _rule(content):
            yield _title(content)


def _rule(content: Content) -> tuple[object, ...]:
    if isinstance(content, Course):
        return (set(content.required or content.modules),)
    if not isinstance(content, Module):
        return ()
    done = content.completion
    pages = {page.slug for page in content.pages} if done.pages == "all" else set(done.pages)
    return pages, set(done.quizzes), set(done.scenarios)


def _other_drafts(session: Session, draft: Draft, paths: Sequence[str]) -> int:
    return (
        session.scalar(
            select(func.count(Draft.id.distinct()))
            .join(DraftFile, DraftFile.draft_id == Draft.id)
            .where(
                Draft.academy_id == draft.academy_id,
                Draft.id != draft.id,
                Draft.status.not_in(ENDED),
                DraftFile.path.in_(paths),
            )
        )
        or 0
    )
