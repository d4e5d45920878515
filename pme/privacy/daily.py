"""What the worker does about personal data, once a day, at every academy."""

import re
from datetime import timedelta
from itertools import islice

from sqlalchemy import select

from pme.db import Database
from pme.jobs.registry import Round, periodic
from pme.people.models import Academy
from pme.privacy.due import propose
from pme.privacy.finding import table_of
from pme.privacy.letting_go import let_go
from pme.stores.chosen import store_of
from pme.stores.home import CERTIFICATES

AT_ONCE = 500
DAY = timedelta(days=1)
CODE = re.compile(rf"{CERTIFICATES}([A-Za-z0-9]+)")


@periodic("keep personal data no longer", every=DAY)
def keep_no_longer(given: Round) -> None:
    """Propose whom the rules say to forget, and let go of what stayed of those who were."""
    with given.database.session() as session:
        academies = session.scalars(select(Academy.id)).all()
    for academy_id in academies:
        with given.database.writing() as session:
            propose(session, academy_id, at=given.at())
            let_go(session, academy_id, at=given.at())


@periodic("files of the erased", every=DAY)
def files_of_nobody(given: Round) -> None:
    """Take away what is kept of certificates that name nobody any more: the store may have been away when they did."""
    store, old = store_of(given.settings), given.at() - DAY
    files = (each.name for each in store.list(CERTIFICATES) if each.at < old)
    while names := list(islice(files, AT_ONCE)):
        codes = {name: found[1] if (found := CODE.match(name)) else "" for name in names}
        held = _held(given.database, set(codes.values()))
        for name in names:
            if codes[name] not in held:
                store.delete(name)


def _held(database: Database, codes: set[str]) -> set[str]:
    """Those of the codes whose certificates still name their holder."""
    certificate = table_of("certificate")
    with database.session() as session:
        asked = select(certificate.c.code).where(
            certificate.c.code.in_(codes), certificate.c.holder_name != ""
        )
        return set(session.scalars(asked))
