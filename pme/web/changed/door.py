"""What is behind the door at what changed, loaded with it."""

from pme.web.changed.views import blueprint

BLUEPRINTS = (blueprint,)
