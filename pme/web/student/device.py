"""The student's door at this device: whether it keeps opened modules for reading, and what it keeps."""

from http import HTTPStatus

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.web.devices import keep_here, keep_nothing
from pme.web.student.views import blueprint


@blueprint.get("/device")
def device() -> str:
    """What this device keeps, and the choice."""
    return render_template("student/device.html")


@blueprint.post("/device/keep")
def keep_on_device() -> ResponseReturnValue:
    """Keep the modules that are opened on this device, from now on."""
    response = _back()
    keep_here(response)
    return response


@blueprint.post("/device/forget")
def forget_on_device() -> ResponseReturnValue:
    """Take what is kept from this device, and keep nothing more."""
    response = _back()
    keep_nothing(response)
    return response


def _back() -> Response:
    response = redirect(url_for("student.device"), HTTPStatus.SEE_OTHER)
    assert isinstance(response, Response)  # noqa: S101  (what this framework redirects with)
    return response
