"""What a preview offers beside the courses: what the draft changes, and what no module asks for yet."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from pme.authoring import queries
from pme.authoring.naming import FileKind, file_name
from pme.content.catalogue import Catalogue
from pme.errors import Invalid
from pme.web.preview.access import Looker
from pme.web.session import db_session
from pme.words.speech import _


@dataclass(frozen=True)
class Way:
    """One piece to look at; `address` is empty where it is no page of its own."""

    title: str
    path: str
    address: str


def changed(who: Looker) -> list[Way]:
    """Every file of the draft, with where it is seen."""
    if who.draft is None:
        return []
    found = []
    for file in queries.files_of(db_session(), who.draft.id):
        title, address = named(who, file.path)
        says = _("{title} (to be removed)", title=title) if file.content is None else title
        found.append(Way(says, file.path, "" if file.content is None else address))
    return found


def loose(who: Looker) -> list[Way]:
    """Quizzes and scenarios that no module asks for: students would not meet them."""
    known = who.shown.catalogue
    if who.courses is not None:
        return []
    asked = {
        slug
        for module in known.modules_by_slug.values()
        for slug in (*module.content.completion.quizzes, *module.content.completion.scenarios)
    }
    paths = [f"quizzes/{slug}.quiz.yaml" for slug in known.quizzes_by_slug if slug not in asked]
    paths += [f"quizzes/{slug}.scenario.yaml" for slug in known.scenarios_by_slug if slug not in asked]
    return [Way(title, path, address) for path in paths for title, address in [named(who, path)] if address]


def named(who: Looker, path: str) -> tuple[str, str]:
    """What a file is for people, and where it is seen; the path and nothing where it is no page of its own."""
    try:
        name = file_name(path)
    except Invalid:
        return path, ""
    known = who.shown.catalogue
    match name.kind:
        case FileKind.COURSE:
            course = known.course(name.slug)
            if course:
                return course.content.title, url_for("preview.course", key=who.key, course=name.slug)
        case FileKind.MODULE | FileKind.PAGE:
            return _read(who, name.slug, name.part.partition("-")[2], path)
        case FileKind.QUIZ:
            quiz = known.quiz(name.slug)
            if quiz and (at := _home(known, quiz.content.module)):
                return quiz.content.title, url_for("preview.quiz", key=who.key, **at, slug=name.slug)
        case FileKind.SCENARIO:
            scenario = known.scenario(name.slug)
            if scenario and (at := _home(known, scenario.content.module or "")):
                return scenario.content.title, url_for("preview.scenario", key=who.key, **at, slug=name.slug)
        case _:
            pass
    return path, ""


def _read(who: Looker, slug: str, part: str, path: str) -> tuple[str, str]:
    module, at = who.shown.catalogue.module(slug), _home(who.shown.catalogue, slug)
    if module is None or not at:
        return path, ""
    if not part:
        return module.content.title, url_for("preview.module", key=who.key, **at)
    page = module.content.page(part)
    return (page.title or part, url_for("preview.page", key=who.key, **at, page=part)) if page else (path, "")


def _home(known: Catalogue, module: str) -> dict[str, Any]:
    """The first course that has this module, or nothing."""
    course = next((each for each in known.every_course if module in each.content.modules), None)
    return {"course": course.content.slug, "module": module} if course and known.module(module) else {}
