"""What is behind the door at dates, loaded with it."""

from pme.web.calendar.views import blueprint, feeds

BLUEPRINTS = (
    blueprint,
    feeds,
)
