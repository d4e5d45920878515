"""What every source of statements is asked: of which academy, from which row on, and how its activities are named."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute, Session

from pme.content.catalogue import Versioned, version
from pme.content.library import Content
from pme.keys.documents import Place
from pme.privacy.models import Erasure
from pme.xapi.models import LrsStatement
from pme.xapi.statements import Activity, Told
from pme.xapi.vocabulary import Extension, Kind, Words

AT_ONCE = 200
"""Rows of a source that are told in one transaction."""


@dataclass(frozen=True)
class Ask:
    """Whose history is told. `names_certificates` as in `Lrs`."""

    academy_id: int
    slug: str
    public_url: str
    is_demo: bool
    names_certificates: bool = True

    @property
    def words(self) -> Words:
        """The IRIs of this installation."""
        return Words(self.public_url)

    @property
    def home(self) -> str:
        """The address of the academy, where its pseudonyms belong."""
        return Place(self.public_url, self.slug).url

    @property
    def marks(self) -> dict[Extension, str | int | bool]:
        """What every statement of the academy says besides."""
        return {Extension.DEMO: True} if self.is_demo else {}

    def course(self, course: str, name: str = "", language: str = "en") -> Activity:
        """A course, at the address at which it is taken."""
        return Activity(f"{self.public_url}/learn/{course}", Kind.COURSE, name, language)

    def module(self, course: str, module: str, name: str = "", language: str = "en") -> Activity:
        """A module of a course."""
        return Activity(f"{self.public_url}/learn/{course}/{module}/", Kind.MODULE, name, language)

    def page(self, course: str, module: str, page: str, name: str, language: str) -> Activity:
        """A page of a module."""
        return Activity(f"{self.public_url}/learn/{course}/{module}/{page}", Kind.PAGE, name, language)

    def task(self, where: tuple[str, str], kind: Kind, slug: str, name: str, language: str) -> Activity:
        """A quiz or scenario; `where` are course and module."""
        folder = "/".join(where)
        return Activity(f"{self.public_url}/learn/{folder}/{kind}/{slug}", kind, name, language)

    def certificate(self, code: str, number: str, name: str, language: str) -> Activity:
        """A certificate: where it is verified, or a name that leads nowhere."""
        hidden = uuid5(NAMESPACE_URL, f"{self.home}#certificate/{number}")
        address = (
            f"{self.public_url}/verify/{code}"
            if self.names_certificates
            else f"{self.home}/issuer#certificate-{hidden}"
        )
        return Activity(address, Kind.CERTIFICATE, name, language)

    def name_of_certificate(self, certificate_id: int) -> str:
        """What the statement on it is known by: another one where it says something else."""
        return f"certificate/{certificate_id}" + ("" if self.names_certificates else "/unnamed")

    def is_new(
        self, source: str, row_id: InstrumentedAttribute[int], person_id: InstrumentedAttribute[int]
    ) -> ColumnElement[bool]:
        """Nothing is told of the row yet, and its person was not erased."""
        is_told = exists().where(
            LrsStatement.academy_id == self.academy_id,
            LrsStatement.source == source,
            LrsStatement.source_id == row_id,
        )
        is_erased = exists().where(Erasure.academy_id == self.academy_id, Erasure.person_id == person_id)
        return ~is_told & ~is_erased


@dataclass(frozen=True)
class Found:
    """What is told of one row, without the pseudonym of its person; `is_open`: the end of it is told later."""

    id: int
    person_id: int
    told: tuple[Told, ...]
    is_open: bool = False


class Contents:
    """Versions of content, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[int, Versioned[Content]] = {}

    def __call__(self, version_id: int) -> Versioned[Any]:
        """The version of this id."""
        if version_id not in self._known:
            self._known[version_id] = version(self._session, version_id)
        return self._known[version_id]


Source = Callable[[Session, Ask, int], list[Found]]
"""Gives the rows after an id of which nothing is told, in the order of their ids, at most `AT_ONCE`."""
