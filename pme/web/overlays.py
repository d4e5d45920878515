"""An academy's own texts in the pages that are served: put in their places, and asked for only where there are any."""

from collections.abc import Callable

from pme.content.catalogue import Versioned
from pme.content.shapes import Course, Module
from pme.overlay.checklist import Checklist, checklist
from pme.overlay.queries import kept_by, local_texts
from pme.overlay.shown import LocalTexts
from pme.web.loaders import catalogue
from pme.web.session import db_session
from pme.web.signin import current_visitor

PLACE = 'id="local-'


def list_of(course: Versioned[Course]) -> Checklist:
    """How the places of a course stand at the visitor's academy."""
    modules = [each.content for slug in course.content.modules if (each := catalogue().module(slug))]
    return checklist(modules, kept_by(db_session(), current_visitor().academy_id))


def local_in(module: Module, academy_id: int | None) -> Callable[[str], str]:
    """What templates put around rendered texts of a module: the academy's own in its places, or nobody's."""
    texts: LocalTexts | None = None

    def put_in(html: str) -> str:
        nonlocal texts
        if PLACE not in html:
            return html
        if texts is None:
            texts = LocalTexts() if academy_id is None else local_texts(db_session(), academy_id)
        return texts.put_in(html, module.slug, module.language)

    return put_in
