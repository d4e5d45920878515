"""The request and its notes themselves, for what runs with every request: Flask's `request` and `g` are proxies that
look for them anew at each use, which took a tenth of the time of a page.
"""

from typing import TYPE_CHECKING

from flask.globals import _cv_app, _cv_request

if TYPE_CHECKING:
    from flask import Flask, Request
    from flask.ctx import _AppCtxGlobals


def this_request() -> "Request":
    """The request that is answered now."""
    return _cv_request.get().request


def this_app() -> "Flask":
    """The application that answers it."""
    return _cv_app.get().app


def this_g() -> "_AppCtxGlobals":
    """What is noted while it is answered, and forgotten after it: Flask's `g`."""
    return _cv_app.get().g
