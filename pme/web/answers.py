"""What every answer pays for on its way to the server, by the shortest way: its headers, and where it leads."""

import re
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.datastructures import Headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PLAIN = re.compile(r"/[A-Za-z0-9/_.-]*")
"""An address that is sent as it is: nothing in it has to be quoted."""


WITH_A_BODY = frozenset({200, 303, 400, 403, 404, 409, 422})


class Answer(Response):
    """An answer whose headers are gone through once, where they say nothing out of the ordinary."""

    def get_wsgi_headers(self, environ: "WSGIEnvironment") -> Headers:
        """As the parent tells them; a whole body and a plain address need nothing but the length."""
        headers = self.headers
        told = {name.lower(): value for name, value in headers}
        is_plain = self.is_sequence and self.status_code in WITH_A_BODY and "content-location" not in told
        if not is_plain or not PLAIN.fullmatch(told.get("location", "/")):
            return super().get_wsgi_headers(environ)
        if "content-length" not in told:
            headers.add("Content-Length", str(sum(map(len, self.iter_encoded()))))
        return headers


def vary_by(response: Response, *names: str) -> None:
    """Say that an answer depends on these headers of its request, beside what it says already."""
    told = response.headers.get("Vary")  # not words
    if told is None:
        response.headers["Vary"] = ", ".join(names)
        return
    known = {each.strip().lower() for each in told.split(",")}
    if new := [name for name in names if name.lower() not in known]:
        response.headers["Vary"] = ", ".join([told, *new])
