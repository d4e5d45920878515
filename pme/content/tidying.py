"""Recordings and documents that came into the store of files and that nothing kept are taken away, once an hour."""

from datetime import timedelta

from pme.content.attachment_store import take_away
from pme.jobs.registry import Round, periodic
from pme.stores.chosen import store_of


@periodic("files that nothing kept", every=timedelta(hours=1))
def tidy(given: Round) -> None:
    """Take away what was brought by a form or a command that came to nothing."""
    take_away(given.database, store_of(given.settings), at=given.at())
