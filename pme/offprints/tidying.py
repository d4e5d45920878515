"""The duty on files: those of editions that are over go, and what no row names."""

from datetime import timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, aliased

from pme.jobs.registry import Round, periodic
from pme.offprints.models import Offprint
from pme.people.models import Academy
from pme.stores.chosen import store_of
from pme.stores.home import OFFPRINTS

KEPT = timedelta(days=30)
"""How long files stay of which there are newer ones, or which were never made."""
OLD = timedelta(days=1)
"""After so long nobody writes any more to what no row names."""


@periodic("old files of modules", every=timedelta(hours=24))
def tidy(given: Round) -> None:
    """Delete the files of each academy that nobody is given any more."""
    store, at = store_of(given.settings), given.at()
    with given.database.session() as session:
        academies = session.scalars(select(Academy.id).order_by(Academy.id)).all()
    for academy_id in academies:
        with given.database.seeing(str(academy_id)).writing() as session:
            wanted = _wanted(session, academy_id, at - KEPT)
        folder = f"{OFFPRINTS}{academy_id}/"
        for each in store.list(folder):
            digest = each.name.removeprefix(folder).partition(".")[0]
            if digest not in wanted and each.at < at - OLD:
                store.delete(each.name)


def _wanted(session: Session, academy_id: int, before: object) -> set[str]:
    """The copies whose files stay, once the rows of others are gone."""
    newer = aliased(Offprint)
    is_followed = exists().where(
        newer.academy_id == academy_id,
        newer.course == Offprint.course,
        newer.module == Offprint.module,
        newer.language == Offprint.language,
        newer.made_at > Offprint.made_at,
    )
    session.execute(
        delete(Offprint).where(
            Offprint.academy_id == academy_id,
            Offprint.asked_at < before,
            Offprint.made_at.is_(None) | is_followed,
        )
    )
    return set(session.scalars(select(Offprint.digest).where(Offprint.academy_id == academy_id)))
