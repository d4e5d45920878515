"""How much waits to be looked at again, for the front page of authoring."""

from pme.authoring import due
from pme.web.author.reading import reading_of
from pme.web.loaders import catalogue
from pme.web.session import db_session
from pme.web.signin import now

DAYS = 90
"""How far ahead a day of review is told."""


def waiting(academy_id: int) -> due.Counts:
    """How many tasks, days of review and unread sources there are."""
    today, reading = now().date(), reading_of()
    reviews = due.reviews_due(catalogue(), today=today, days=DAYS)
    sources = due.sources_due(reading.read.bibliography, reading.citations)
    return due.counts(db_session(), academy_id, reviews, len(sources), today=today)
