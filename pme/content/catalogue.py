"""The catalogue: what is published now, and any version that something was earned on.

Reading costs one tiny query; parsed content is kept in the process by its hash, so that it can
never be stale. No request reads a file.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Row, bindparam, select
from sqlalchemy.orm import Session

from pme.content.library import Content, Kind
from pme.content.models import ContentVersion, MediaFile, Publication, PublicationEntry
from pme.content.shapes import Course, Glossary, Module, Quiz, Scenario
from pme.content.sharing import shared
from pme.db import asked
from pme.errors import NotFound
from pme.words.speech import _

T = TypeVar("T", bound=Content, covariant=True)
S = TypeVar("S", bound=Content)
SHAPES: Mapping[Kind, type[Content]] = {
    Kind.COURSE: Course,
    Kind.MODULE: Module,
    Kind.QUIZ: Quiz,
    Kind.SCENARIO: Scenario,
    Kind.GLOSSARY: Glossary,
}
PARSED_KEPT = 512
PORTION = 200
"""Versions whose texts are read at a time."""

# Built once: they run with nearly every request.
_publication, _version = Publication.__table__.c, ContentVersion.__table__.c
NEWEST = select(_publication.id, _publication.digest).order_by(_publication.id.desc()).limit(1)
BESIDE = tuple(
    select(column).order_by(_publication.id.desc()).limit(1).scalar_subquery()
    for column in (_publication.id, _publication.digest)
)
"""The same as columns of another statement, which a request sends anyway."""
Newest = tuple[int | None, str | None]
"""What these say."""
VERSION = select(_version.kind, _version.sha256).where(_version.id == bindparam("version_id"))


@dataclass(frozen=True)
class Versioned(Generic[T]):
    """Content with the version it is, so that an attempt can pin it."""

    version_id: int
    sha256: str
    content: T


@dataclass(frozen=True)
class Catalogue:
    """Everything published at one moment, by slug and by hash; `publication_id` is None before the first."""

    publication_id: int | None = None
    digest: str = ""
    courses_by_slug: Mapping[str, Versioned[Course]] = field(default_factory=dict)
    modules_by_slug: Mapping[str, Versioned[Module]] = field(default_factory=dict)
    quizzes_by_slug: Mapping[str, Versioned[Quiz]] = field(default_factory=dict)
    scenarios_by_slug: Mapping[str, Versioned[Scenario]] = field(default_factory=dict)
    glossaries_by_language: Mapping[str, Versioned[Glossary]] = field(default_factory=dict)
    by_hash: Mapping[tuple[Kind, str], Content] = field(default_factory=dict, repr=False)

    @property
    def every_course(self) -> tuple[Versioned[Course], ...]:
        """Every course by title, the tours among them."""
        return tuple(sorted(self.courses_by_slug.values(), key=lambda each: each.content.title))

    @property
    def courses(self) -> tuple[Versioned[Course], ...]:
        """Every course that can be taken and counts, by title."""
        return tuple(each for each in self.every_course if each.content.counts)

    @property
    def tours(self) -> tuple[Versioned[Course], ...]:
        """The courses that count for nothing and are open to everybody who signs in, by title."""
        return tuple(each for each in self.every_course if not each.content.counts)

    @property
    def glossary(self) -> Glossary:
        """The English terms, or an empty glossary."""
        return self.glossary_in("en")

    def glossary_in(self, language: str) -> Glossary:
        """The terms of a language, or an empty glossary."""
        found = self.glossaries_by_language.get(language)
        return found.content if found else Glossary(slug=language, terms=())

    def course(self, slug: str) -> Versioned[Course] | None:
        """The published course of this slug, or None."""
        return self.courses_by_slug.get(slug)

    def module(self, slug: str) -> Versioned[Module] | None:
        """The published module of this slug, or None."""
        return self.modules_by_slug.get(slug)

    def quiz(self, slug: str) -> Versioned[Quiz] | None:
        """The published quiz of this slug, or None."""
        return self.quizzes_by_slug.get(slug)

    def scenario(self, slug: str) -> Versioned[Scenario] | None:
        """The published scenario of this slug, or None."""
        return self.scenarios_by_slug.get(slug)


@dataclass(frozen=True)
class MediaContent:
    """A picture as it is served."""

    name: str
    mime: str
    body: bytes


_newest: WeakKeyDictionary[Engine, Catalogue] = WeakKeyDictionary()
_building = Lock()
_parsed: OrderedDict[tuple[Kind, str], Content] = OrderedDict()
_parsing = Lock()


def current(session: Session, newest: Newest | None = None) -> Catalogue:
    """What students see now: one tiny query, and the process's own copy when it is the same. Where another
    statement has asked just now, `newest` is what it was told.
    """
    if newest is None:
        told = asked(session, NEWEST).one_or_none()
        newest = (told[0], told[1]) if told else (None, None)
    publication_id, digest = newest
    if publication_id is None or digest is None:
        return Catalogue()
    engine = session.get_bind().engine
    with _building:
        known = _newest.get(engine)
        if known and (known.publication_id, known.digest) == (publication_id, digest):
            return known
        built = _build(session, publication_id, digest)
        _newest[engine] = built
        return built


def known(engine: Engine, newest: Newest | None) -> Catalogue | None:
    """The process's own copy of what another statement was told is the newest, if it has it."""
    found = _newest.get(engine) if newest else None
    return found if found and (found.publication_id, found.digest) == newest else None


def version(session: Session, version_id: int) -> Versioned[Content]:
    """One version, published now or long ago. Raises NotFound when it never was."""
    row = session.execute(VERSION, {"version_id": version_id}).one_or_none()
    if row is None:
        raise NotFound(_("There is no such version of this content."))
    return Versioned(version_id, row.sha256, parsed(session, version_id, row.kind, row.sha256))


def contents(session: Session, version_ids: Iterable[int]) -> Mapping[int, Content]:
    """Several versions by their ids, in two statements however many there are. One that never was is left out."""
    wanted = sorted(set(version_ids))
    found = select(ContentVersion.id, ContentVersion.kind, ContentVersion.sha256)
    return _several(session, session.execute(found.where(ContentVersion.id.in_(wanted))).all())


def published_at(session: Session, version_id: int) -> datetime:
    """When a version was published. Raises NotFound when it never was."""
    at = session.scalar(select(ContentVersion.published_at).where(ContentVersion.id == version_id))
    if at is None:
        raise NotFound(_("There is no such version of this content."))
    return at


def pinned(session: Session, version_id: int, shape: type[S]) -> Versioned[S]:
    """The version that an attempt or certificate is pinned to, known to be of this shape.

    Raises NotFound when there is no such version of that shape.
    """
    found = version(session, version_id)
    if not isinstance(found.content, shape):
        raise NotFound(_("There is no such version of this content."))
    return Versioned(found.version_id, found.sha256, found.content)


def media(session: Session, sha256: str) -> MediaContent | None:
    """The picture of this hash, or None."""
    row = session.get(MediaFile, sha256)
    return MediaContent(row.name, row.mime, row.content) if row else None


def _build(session: Session, publication_id: int, digest: str) -> Catalogue:
    rows = session.execute(
        select(ContentVersion.id, ContentVersion.kind, ContentVersion.sha256)
        .join(PublicationEntry, PublicationEntry.version_id == ContentVersion.id)
        .where(PublicationEntry.publication_id == publication_id)
    ).all()
    content = _several(session, rows)
    found = [Versioned(row.id, row.sha256, content[row.id]) for row in rows]
    return Catalogue(
        by_hash={(row.kind, row.sha256): content[row.id] for row in rows},
        publication_id=publication_id,
        digest=digest,
        courses_by_slug=_of(Course, found),
        modules_by_slug=_of(Module, found),
        quizzes_by_slug=_of(Quiz, found),
        scenarios_by_slug=_of(Scenario, found),
        glossaries_by_language=_of(Glossary, found),
    )


def _several(session: Session, rows: Sequence[Row[int, Kind, str]]) -> Mapping[int, Content]:
    """The contents of versions, those that are not in memory read some at a time and parsed."""
    found, lacking = {}, []
    for row in rows:
        known = remembered(session.get_bind().engine, row.kind, row.sha256)
        if known is None:
            lacking.append(row)
        else:
            found[row.id] = known
    for first in range(0, len(lacking), PORTION):
        some = lacking[first : first + PORTION]
        wanted = ContentVersion.id.in_([row.id for row in some])
        texts = dict(session.execute(select(ContentVersion.id, ContentVersion.compiled).where(wanted)).all())
        for row in some:
            found[row.id] = parsed(session, row.id, row.kind, row.sha256, texts[row.id])
    return found


def remembered(engine: Engine, kind: Kind, sha256: str) -> Content | None:
    """The content of a hash where the process has it: in the newest catalogue, however large, or parsed lately."""
    newest = _newest.get(engine)
    if newest is not None and (kind, sha256) in newest.by_hash:
        return newest.by_hash[kind, sha256]
    with _parsing:
        if (kind, sha256) in _parsed:
            _parsed.move_to_end((kind, sha256))
            return _parsed[kind, sha256]
    return None


def _of(shape: type[S], found: Iterable[Versioned[Content]]) -> Mapping[str, Versioned[S]]:
    return {
        each.content.slug: Versioned(each.version_id, each.sha256, each.content)
        for each in found
        if isinstance(each.content, shape)
    }


def parsed(
    session: Session, version_id: int, kind: Kind, sha256: str, compiled: str | None = None
) -> Content:
    """The content of a version whose kind and hash were read with something else: from memory, nearly always.

    It is kept by the hash of the content itself: right in every database, whatever its ids.
    """
    known = remembered(session.get_bind().engine, kind, sha256)
    if known is not None:
        return known
    if compiled is None:
        found = select(ContentVersion.compiled).where(ContentVersion.id == version_id)
        compiled = session.scalars(found).one()
    content = shared(SHAPES[kind].model_validate_json(compiled))
    with _parsing:
        _parsed[kind, sha256] = content
        while len(_parsed) > PARSED_KEPT:
            _parsed.popitem(last=False)
    return content
