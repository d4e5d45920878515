"""Everything behind the door of those who run the installation, loaded with it."""

from pme.web.install import (
    second_step,
    status,
    work,
)
from pme.web.install.views import blueprint

BLUEPRINTS = (blueprint,)
HUNG = (
    second_step,
    status,
    work,
)
"""The files that hang their addresses on the door when they are imported."""
