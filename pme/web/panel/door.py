"""What is behind the panellists' door, loaded with it."""

from pme.web.panel.views import blueprint

BLUEPRINTS = (blueprint,)
