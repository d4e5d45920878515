"""The WSGI entry point: `granian --interface wsgi wsgi:app`, or any other WSGI server."""

from pme import create_app

app = create_app()
