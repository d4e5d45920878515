"""The WSGI entry point: `granian --interface wsgi wsgi:app`, or any other WSGI server."""

from pme.upkeep import serving

app = serving()
