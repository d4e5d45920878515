"""Search: pages, terms and sources of the modules that a student may read."""

from collections import OrderedDict
from threading import Lock

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from pme.content.shapes import Module
from pme.enrolment.queries import enrolments_of
from pme.finding.index import LONGEST, MOST, Hit, Index, words_in
from pme.finding.passages import Found, passages_of
from pme.signs import fit
from pme.web.loaders import catalogue
from pme.web.session import db_session
from pme.web.signin import current_visitor
from pme.web.student.views import blueprint
from pme.web.tongues import spoken_in

MOST_KEPT = 4
"""Indexes that a process keeps: one a language, for what is published now."""
_making = Lock()


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    """What was looked for, with what was found of it."""
    looked_for = fit(request.args.get("q", ""))[:LONGEST].strip()
    readable = _readable()
    hits = _index().find(looked_for, modules=list(readable)) if readable and words_in(looked_for) else ()
    return render_template(
        "student/search.html",
        looked_for=looked_for,
        hits=[(hit, *readable[hit.module], _tongues(readable[hit.module][1], hit)) for hit in hits],
        most=MOST,
    )


def _tongues(module: Module, hit: Hit) -> tuple[str, str]:
    """The languages of what a hit is called and of what it says, where they are not the page's around it."""
    text = spoken_in(module, f"pages.{hit.page}.text")
    if hit.kind is Found.PAGE:
        return spoken_in(module, f"pages.{hit.page}.title"), text
    page = module.page(hit.page)
    named = [t.language for t in page.terms if hit.anchor == f"term-{t.slug}"] if page else []
    return ((named[0] or text) if named else text,) * 2


def _readable() -> dict[str, tuple[str, Module]]:
    """Each module that the visitor may read, and the course in which."""
    visitor, published = current_visitor(), catalogue()
    found: dict[str, tuple[str, Module]] = {}
    for enrolment in enrolments_of(db_session(), visitor.person_id, visitor.academy_id):
        course = published.course(enrolment.course) if enrolment.status == "active" else None
        for slug in course.content.modules if course else ():
            module = published.module(slug)
            if module is not None:
                found.setdefault(slug, (enrolment.course, module.content.in_language(_language())))
    return found


def _language() -> str | None:
    return current_visitor().reading_language


def _index() -> Index:
    """The index of what is published now, in the language that the visitor reads."""
    kept: OrderedDict[tuple[str, str], Index] = current_app.extensions.setdefault(
        "pme_finding", OrderedDict()
    )
    published, language = catalogue(), _language()
    key = (published.digest, language or "")
    with _making:
        if key not in kept:
            modules = (each.content.in_language(language) for each in published.modules_by_slug.values())
            kept[key] = Index(passages_of(modules))
            while len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        kept.move_to_end(key)
        return kept[key]
