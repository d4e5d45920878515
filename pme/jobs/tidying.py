"""Results whose days are over are deleted, once an hour."""

from datetime import timedelta

from pme.jobs.registry import Round, periodic
from pme.jobs.results import purge


@periodic("tidy results", every=timedelta(hours=1))
def tidy(given: Round) -> None:
    """Delete what nobody may download any more."""
    purge(given.database, given.settings.instance_dir, at=given.at())
