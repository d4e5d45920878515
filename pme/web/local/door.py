"""What is behind the door at local places, loaded with it."""

from pme.web.local.views import blueprint

BLUEPRINTS = (blueprint,)
