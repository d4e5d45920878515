"""Reads of an academy's own texts: for students from the process's memory, for staff as a list with who and when."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from pme.db import asked
from pme.overlay.checklist import Kept
from pme.overlay.models import BlockState, LocalBlock, LocalBlockVersion, LocalStamp
from pme.overlay.shown import LocalTexts, OwnText, Place
from pme.people.models import Academy, Person

ACADEMIES_KEPT = 64
"""Academies whose texts stay in a process."""


@dataclass
class _Memory:
    kept: OrderedDict[int, tuple[str, LocalTexts]] = field(default_factory=OrderedDict)


@dataclass(frozen=True)
class Version:
    """A text as it was saved once."""

    revision: int
    state: BlockState
    text: str
    reason: str
    by: str
    saved_at: datetime


STAMP = (
    select(Academy.name, LocalStamp.stamp)
    .outerjoin(LocalStamp, LocalStamp.academy_id == Academy.id)
    .where(Academy.id == bindparam("academy_id"))
)
_memories: WeakKeyDictionary[Engine, _Memory] = WeakKeyDictionary()
_turn = Lock()


def local_texts(session: Session, academy_id: int) -> LocalTexts:
    """What an academy has at places: one tiny query, and the process's own copy where nothing has changed."""
    name, stamp = asked(session, STAMP, {"academy_id": academy_id}).one()
    return texts_of_stamp(session.get_bind().engine, lambda: session, academy_id, name, stamp)


def texts_of_stamp(
    engine: Engine, session: Callable[[], Session], academy_id: int, name: str, stamp: str | None
) -> LocalTexts:
    """The same where another statement has told the academy's name and stamp just now."""
    if stamp is None:
        return LocalTexts(name)
    with _turn:
        memory = _memories.setdefault(engine, _Memory())
        known = memory.kept.get(academy_id)
    if known and known[0] == stamp and known[1].academy == name:
        return known[1]
    texts = LocalTexts(name, _texts(session(), academy_id))
    with _turn:
        memory.kept[academy_id] = (stamp, texts)
        memory.kept.move_to_end(academy_id)
        while len(memory.kept) > ACADEMIES_KEPT:
            memory.kept.popitem(last=False)
    return texts


def kept_by(session: Session, academy_id: int) -> list[Kept]:
    """Everything that an academy has said of places, but for what was taken away."""
    rows = session.execute(
        select(LocalBlock, Person.name)
        .join(Person, Person.id == LocalBlock.saved_by)
        .where(LocalBlock.academy_id == academy_id, LocalBlock.state != BlockState.EMPTY)
        .order_by(LocalBlock.module, LocalBlock.place, LocalBlock.language)
    )
    return [
        Kept(
            module=block.module,
            place=block.place,
            language=block.language,
            title=block.title,
            text=block.text,
            reason=block.reason,
            is_filled=block.state is BlockState.FILLED,
            prompt_sha256=block.prompt_sha256,
            by=name,
            saved_at=block.saved_at,
        )
        for block, name in rows
    ]


def versions_of(session: Session, block_id: int) -> list[Version]:
    """Every version of a text, the newest first."""
    rows = session.execute(
        select(LocalBlockVersion, Person.name)
        .join(Person, Person.id == LocalBlockVersion.saved_by)
        .where(LocalBlockVersion.block_id == block_id)
        .order_by(LocalBlockVersion.revision.desc())
    )
    return [Version(one.revision, one.state, one.text, one.reason, name, one.saved_at) for one, name in rows]


def _texts(session: Session, academy_id: int) -> dict[Place, tuple[OwnText, ...]]:
    found: dict[Place, tuple[OwnText, ...]] = {}
    rows = session.scalars(
        select(LocalBlock)
        .where(LocalBlock.academy_id == academy_id, LocalBlock.state != BlockState.EMPTY)
        .order_by(LocalBlock.language)
    )
    for block in rows:
        place = (block.module, block.place)
        text = OwnText(block.language, block.html, block.saved_at, block.state is BlockState.FILLED)
        found[place] = (*found.get(place, ()), text)
    return found
