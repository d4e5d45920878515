"""PME: courseware and assessment that bring human security into professional military education.

`create_app()` reads like a table of contents; everything it names is a file in `pme/web`.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from pme.config import Settings

__version__ = "0.1.0"


def create_app(settings: "Settings | None" = None, *, is_late: bool = False) -> "Flask":
    """The web application; `is_late`: what students never see is loaded when it is needed.

    Raises Refused with every reason when settings are incomplete.
    """
    with _no_garbage():
        from pme.later import without  # noqa: PLC0415  (importing pme alone stays light)

        with without(
            "rich"
        ):  # it colours logs for developers, where it is installed, and loads fifty modules
            import structlog  # noqa: F401, PLC0415
        from pme.config import Settings  # noqa: PLC0415
        from pme.web import build  # noqa: PLC0415

        return build(settings or Settings.from_environment(), is_late=is_late)


@contextmanager
def _no_garbage() -> Iterator[None]:
    """While all is loaded, which stays, nobody looks for garbage; whoever does not look anyway begins it himself."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()
