"""Compiled templates, shared: what one application of the run has compiled none of the others compiles again."""

from pathlib import Path

from pme.web.compiled import FOLDER


def share_templates(instance: Path, kept: Path) -> None:
    """Let an installation keep its compiled templates there, before it has begun to.

    It takes what others compiled where it has their secret key, as the environment of the tests gives it.
    """
    instance.mkdir(parents=True, exist_ok=True)
    own = instance / FOLDER
    if not own.exists():
        own.symlink_to(kept)
