"""An academy's own texts in the pages that are served: put in their places, and asked for only where there are any."""

from collections.abc import Callable

from pme.content.catalogue import Versioned
from pme.content.shapes import Course, Module
from pme.overlay.checklist import Checklist, checklist
from pme.overlay.queries import kept_by, local_texts, texts_of_stamp
from pme.overlay.shown import LocalTexts
from pme.web.loaders import catalogue
from pme.web.session import database, db_session
from pme.web.signin import current_visitor

PLACE = 'id="local-'


def list_of(course: Versioned[Course]) -> Checklist:
    """How the places of a course stand at the visitor's academy."""
    modules = [each.content for slug in course.content.modules if (each := catalogue().module(slug))]
    return checklist(modules, kept_by(db_session(), current_visitor().academy_id))


def local_in(module: Module, academy_id: int | None) -> Callable[[str], str]:
    """What templates put around rendered texts of a module: the academy's own in its places, or nobody's."""
    if academy_id is None:
        return _putting(module, LocalTexts)
    return _putting(module, lambda: local_texts(db_session(), academy_id))


def local_here(module: Module, stamp: str | None) -> Callable[[str], str]:
    """The same at the visitor's academy, where another statement has told the stamp of its texts just now."""
    visitor, engine = current_visitor(), database().engine
    return _putting(
        module, lambda: texts_of_stamp(engine, db_session, visitor.academy_id, visitor.academy_name, stamp)
    )


def local_key(stamp: str | None) -> tuple[int, str, str] | None:
    """By what a page with the academy's own texts may be kept; None where it has none, and its pages say so."""
    visitor = current_visitor()
    return None if stamp is None else (visitor.academy_id, visitor.academy_name, stamp)


def _putting(module: Module, asked: Callable[[], LocalTexts]) -> Callable[[str], str]:
    texts: LocalTexts | None = None

    def put_in(html: str) -> str:
        nonlocal texts
        if PLACE not in html:
            return html
        if texts is None:
            texts = asked()
        return texts.put_in(html, module.slug, module.language)

    return put_in
