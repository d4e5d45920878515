"""Results whose days are over are deleted, once an hour."""

from datetime import timedelta

from pme.jobs.registry import Round, periodic
from pme.jobs.results import purge
from pme.stores.chosen import scratch_of, store_of


@periodic("tidy results", every=timedelta(hours=1))
def tidy(given: Round) -> None:
    """Delete what nobody may download any more."""
    purge(given.database, store_of(given.settings), scratch_of(given.settings), at=given.at())
