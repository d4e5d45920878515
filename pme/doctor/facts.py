"""What probes see, as plain facts for the checks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Programs:
    """The Python in use; packages that are not as tested: name -> (version here, "" where missing; version tested)."""

    python: tuple[int, int, int]
    other: Mapping[str, tuple[str, str]]
    tested: int


@dataclass(frozen=True)
class Storage:
    """A folder: its room in bytes, why it cannot be written ("" where it can), and who may read what is in it."""

    name: str
    path: str
    free: int
    total: int
    refuses: str
    mode: int
    key_mode: int | None


@dataclass(frozen=True)
class Shelf:
    """The store of files: where it is, whether that is this machine's folder, why it cannot be used ("" where it can),
    and whether it is reached without TLS.
    """

    describes: str
    is_folder: bool
    refuses: str
    is_open: bool = False


@dataclass(frozen=True)
class Unnamed:
    """Recordings and documents in the store that no row of the database names: how many, their bytes, some names."""

    number: int
    size: int
    some: tuple[str, ...]


@dataclass(frozen=True)
class Clocks:
    """Seconds by which clocks are apart: the database's and the folder's from ours, and ours from a steady one."""

    database: float | None
    folder: float | None
    jump: float
    newest_act: datetime | None


@dataclass(frozen=True)
class Printing:
    """Why pages cannot be printed ("" where they can), fonts that are missing or no fonts, and how many there are."""

    refuses: str
    broken: tuple[str, ...]
    fonts: int


@dataclass(frozen=True)
class Engine:
    """The database: kind and version, its settings by name, what its own check found (None where it
    was not asked, since it reads everything), and the schemas.
    """

    is_sqlite: bool
    version: tuple[int, ...]
    describes: str
    is_safe_build: bool
    settings: Mapping[str, str]
    faults: tuple[str, ...] | None
    unguarded: str
    revision: str
    newest: str
    is_known: bool


@dataclass(frozen=True)
class Signing:
    """Keys of academies: what each lacks, what cannot be opened, and when the first certificate of each chain ends."""

    academies: int
    lacking: Mapping[str, str]
    unopened: tuple[str, ...]
    ends: Mapping[str, datetime]


@dataclass(frozen=True)
class Content:
    """Files of which the folder and the published version differ; `published` is how many are published."""

    published: int
    edited: tuple[str, ...]
    conflicts: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True)
class Work:
    """What is done in the background: for how long no worker was seen (None: never), and what waits or failed."""

    silent: timedelta | None
    oldest_job: timedelta | None
    failed_jobs: int
    duties: Mapping[str, str]
    oldest_letter: timedelta | None
    failed_letters: int


@dataclass(frozen=True)
class Backups:
    """The last backup that was made: how old, where, and whether it is still there; None where none is known."""

    age: timedelta | None
    file: str
    is_there: bool


@dataclass(frozen=True)
class Erasures:
    """The journal of erasures: why it cannot be believed ("" where it can), its lines, and the database's rows."""

    refuses: str
    lines: int
    rows: int
    missing: int
