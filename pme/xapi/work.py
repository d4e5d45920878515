"""The duties on statements: telling and delivering for each academy in turn, and tidying."""

import time
from datetime import timedelta

import structlog
from sqlalchemy import delete, exists, select, update

from pme.errors import PmeError
from pme.jobs.registry import Round, periodic
from pme.privacy.models import Erasure
from pme.xapi.delivering import deliver
from pme.xapi.models import Lrs, LrsActor, LrsStatement, StatementState
from pme.xapi.telling import tell

TURN, ROUND = 15.0, 60.0
"""Seconds of one academy in a round, and of a whole round: a slow LRS holds up nobody for long."""
TEXT_KEPT = timedelta(days=30)
"""How long the outbox shows what it delivered."""


@periodic("xapi statements", every=timedelta(seconds=30), line="lrs")
def go_round(given: Round) -> None:
    """Tell and deliver at every academy with an LRS, those first that were tried longest ago."""
    with given.database.session() as session:
        academies = session.scalars(
            select(Lrs.academy_id).order_by(Lrs.tried_at.asc().nulls_first(), Lrs.id)
        ).all()
    until = time.monotonic() + ROUND
    for academy_id in academies:
        if time.monotonic() > until:
            break
        try:
            tell(given.database, given.settings, academy_id, at=given.at(), seconds=TURN)
            deliver(given.database, given.settings, academy_id, at=given.at(), seconds=TURN)
        except PmeError as error:  # the others have their turn
            structlog.get_logger().error("statements not told", academy=academy_id, exc_info=error)


@periodic("old xapi statements", every=timedelta(hours=6))
def tidy(given: Round) -> None:
    """Forget what delivered statements said, and whatever was told of somebody while they were erased."""
    with given.database.session() as session:
        academies = session.scalars(select(Lrs.academy_id).order_by(Lrs.id)).all()
    for academy_id in academies:
        with given.database.seeing(str(academy_id)).writing() as session:
            session.execute(
                update(LrsStatement)
                .where(
                    LrsStatement.academy_id == academy_id,
                    LrsStatement.state == StatementState.DELIVERED,
                    LrsStatement.delivered_at < given.at() - TEXT_KEPT,
                    LrsStatement.body != "",
                )
                .values(body="")
            )
            for table in (LrsStatement, LrsActor):
                is_erased = exists().where(
                    Erasure.academy_id == academy_id, Erasure.person_id == table.person_id
                )
                session.execute(delete(table).where(table.academy_id == academy_id, is_erased))
