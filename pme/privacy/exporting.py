"""All that an academy and the account hold of a person, in one file: JSON, certificates, essays, explained."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Table, func, or_, select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate
from pme.errors import NotFound, PmeError
from pme.people.models import Academy, Personnel
from pme.privacy.classes import CLASSES
from pme.privacy.erasing import NOBODY
from pme.privacy.finding import known, of_account, primary_key, table_of, theirs
from pme.privacy.holdings import DONE, ELSEWHERE, HOLDINGS, OWN_ONLY, Holding
from pme.privacy.retention import rules_of
from pme.privacy.told import attempts_told, essays_in
from pme.scope import everywhere
from pme.words.speech import _, _n

SCHEMA = "pme-personal-data/1"
Print = Callable[[Certificate], bytes]
"""Makes the PDF of a certificate; may take a while."""


def gather(
    session: Session, academy_id: int, person_id: int, *, at: datetime, by_oneself: bool
) -> dict[str, Any]:
    """Everything in tables, lists and words; what is private in the strictest sense only where the person asks
    `by_oneself`. Raises NotFound for who is not of the academy.
    """
    if not session.scalar(
        select(Personnel.id).where(Personnel.academy_id == academy_id, Personnel.person_id == person_id)
    ):
        raise NotFound(NOBODY)
    with everywhere(session):  # what belongs to the account belongs to no academy
        return _gathered(session, academy_id, person_id, at, by_oneself)


def _gathered(
    session: Session, academy_id: int, person_id: int, at: datetime, by_oneself: bool
) -> dict[str, Any]:
    academy, rules = session.get_one(Academy, academy_id), rules_of(session, academy_id)
    return {
        "schema": SCHEMA,
        "academy": academy.name,
        "made_at": at.isoformat(),
        "classes": {
            kept.value: {
                "title": about.title,
                "holds": about.holds,
                "basis": rules[kept].basis,
                "years": rules[kept].years,
            }
            for kept, about in CLASSES.items()
        },
        "account": {
            table.name: _rows(session, table, holding, person_id, academy_id)
            for table, holding in reversed(list(of_account()))
        },
        "at the academy": {
            table.name: _rows(session, table, holding, person_id, academy_id)
            for table, holding in reversed(list(known()))
            if by_oneself or not holding.is_own_only
        },
        "attempts in words": attempts_told(session, academy_id, person_id),
        "done for the academy": _done(session, academy_id, person_id),
        "not in this file": ELSEWHERE | ({} if by_oneself else _own_only()),
    }


def _own_only() -> dict[str, str]:
    return {name: OWN_ONLY for name, each in HOLDINGS.items() if each.is_own_only}


def zipped(found: dict[str, Any], certificates: list[Certificate], print_: Print) -> bytes:
    """The file: what was gathered, each certificate as PDF, each essay as text. No transaction is open meanwhile."""
    file = io.BytesIO()
    missing = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for certificate in certificates:
            try:
                archive.writestr(f"certificates/{certificate.number}.pdf", print_(certificate))
            except PmeError as error:
                missing.append(f"{certificate.number}: {error.says}")
        for name, text in essays_in(found["attempts in words"]):
            archive.writestr(f"essays/{name}", text)
        archive.writestr("data.json", json.dumps(found, ensure_ascii=False, indent=1))
        archive.writestr("READ-ME.txt", _explained(found, missing))
    return file.getvalue()


def certificates_of(session: Session, academy_id: int, person_id: int) -> list[Certificate]:
    """The certificates of a person at an academy."""
    return list(
        session.scalars(
            select(Certificate)
            .where(Certificate.academy_id == academy_id, Certificate.person_id == person_id)
            .order_by(Certificate.id)
        )
    )


def _rows(
    session: Session, table: Table, holding: Holding, person_id: int, academy_id: int
) -> list[dict[str, Any]]:
    left_out = {*holding.hidden.split(), *holding.acts.split()}
    shown = [column for column in table.columns if column.name not in left_out]
    rows = session.execute(
        select(*shown).where(theirs(table, person_id, academy_id, whole=True)).order_by(*primary_key(table))
    )
    return [{key: _plain(value) for key, value in row._mapping.items()} for row in rows]  # noqa: SLF001


def _done(session: Session, academy_id: int, person_id: int) -> dict[str, dict[str, Any]]:
    """How often, first and last, the person did each kind of thing for the academy."""
    found = {}
    for name, done in DONE.items():
        table = table_of(name)
        named = done.columns.split()
        columns = [
            column for column in named if column != "person_id"
        ] or named  # an erasure's is not its doer
        where = or_(*(table.c[column] == person_id for column in columns))
        if "academy_id" in table.c:
            where = where & (table.c.academy_id == academy_id)
        at = table.c[done.at]
        many, first, last = session.execute(
            select(func.count(), func.min(at), func.max(at)).where(where)
        ).one()
        if many:
            found[name] = {"rows": many, "first": _plain(first), "last": _plain(last)}
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return value


def _explained(found: dict[str, Any], missing: list[str]) -> str:
    lines = [
        _(
            "What {academy} and your account on this platform hold of you, as of {moment}.",
            academy=found["academy"],
            moment=found["made_at"],
        ),
        "",
        _("data.json      everything, table by table; “attempts in words” is what you answered and decided"),
        _("certificates/  your certificates as they were printed"),
        _("essays/        what you wrote in quizzes"),
        "",
        _("How long each class of data is kept, and on what basis:"),
        *(
            "- "
            + _n(
                "{title}: {n} year. {basis}.",
                "{title}: {n} years. {basis}.",
                each["years"],
                title=str(each["title"]),
                basis=str(each["basis"]),
            )
            for each in found["classes"].values()
        ),
        "",
        _("Right answers, secrets such as passwords, and what others wrote for themselves are not in it."),
    ]
    if missing:
        lines += ["", _("These could not be printed just now; ask again for them:"), *missing]
    return "\n".join(lines) + "\n"
