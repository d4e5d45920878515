"""How a page of students is shown in a preview: by the same templates, with every address leading back here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
from flask import Response, make_response, render_template

from pme.authoring import previews
from pme.authoring.trial import Trial
from pme.content.problems import Problem
from pme.errors import Invalid
from pme.web.first_page import first_page_of
from pme.web.preview.access import Looker, look_again, looker
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _

ENDPOINTS = {
    "student.dashboard": "overview",
    "student.certificates": "overview",
    "student.course": "course",
    "student.module": "module",
    "student.page": "page",
    "student.page_pdf": "page_pdf",
    "student.read_page": "read_page",
    "student.whole_module": "whole_module",
    "student.answer_check": "answer_check",
    "student.quiz": "quiz",
    "student.begin_quiz": "begin_quiz",
    "student.scenario": "scenario",
    "student.begin_scenario": "begin_scenario",
    "attempts.quiz": "sitting",
    "attempts.question": "question",
    "attempts.answer": "answer",
    "attempts.check": "check",
    "attempts.pause": "check",
    "attempts.finish": "finish",
    "attempts.result": "result",
    "attempts.scenario": "situation",
    "attempts.decide": "decide",
    "attempts.take_back": "take_back",
    "attempts.close": "close",
    "attempts.debriefing": "debriefing",
    "attempts.finish_debrief": "finish_debrief",
}
"""Where a student's address leads in a preview."""


@dataclass(frozen=True)
class Banner:
    """What stands on top of every page of a preview: `links` are pairs (text, address)."""

    title: str
    is_tour: bool = False
    links: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


def address_in(key: str, place: Mapping[str, str]) -> Callable[..., str]:
    """What templates of students call in place of `url_for`; `place` is the task that an attempt is at."""

    def address(endpoint: str, **values: Any) -> str:
        known = ENDPOINTS.get(endpoint)
        if known is None:
            return flask.url_for(endpoint, **values)
        if endpoint.startswith("attempts."):
            values = {**place, **values}
            values.pop("attempt_id", None)
        return flask.url_for(f"preview.{known}", key=key, **values)

    return address


def show(
    template: str,
    *,
    place: Mapping[str, str] | None = None,
    about: str = "",
    problems: Sequence[Problem] = (),
    more: Sequence[tuple[str, str]] = (),
    **context: Any,
) -> Response:
    """A page of the preview. `about` is the file that it shows; `more` are links of its own for the banner."""
    who = looker()
    html = render_template(
        template,
        url_for=address_in(who.key, place or {}),
        main_address=flask.url_for,
        trial=Banner(who.title, who.is_on_tour, (*_links(who, about), *more), tuple(problems)),
        looker=who,
        **context,
    )
    return make_response(_own_pictures(who, html))


def trial() -> Trial:
    """What was done in this preview so far."""
    return previews.trial_of(db_session(), looker().owner, at=now())


def keep(change: Callable[[Trial], Trial]) -> str:
    """Keep what was done now; says why where that cannot be, or nothing."""
    try:
        with transaction() as session:
            who = look_again()
            so_far = previews.trial_of(session, who.owner, at=now(), for_update=True)
            previews.keep(session, who.owner, change(so_far), at=now())
            if who.link is not None:
                who.link.used_at = now()
    except Invalid as error:
        return error.says
    return ""


def _links(who: Looker, about: str) -> list[tuple[str, str]]:
    if who.is_on_tour:
        return [
            (_("The tour from its beginning"), flask.url_for("preview.overview", key=who.key)),
            (_("Leave the tour"), first_page_of(current_visitor())),
        ]
    links = [(_("Everything in this preview"), flask.url_for("preview.overview", key=who.key))]
    if who.link is not None:
        links.append(
            (_("Comment on this page"), flask.url_for("preview.comment", key=who.key, about=about or None))
        )
    elif who.draft is not None:
        links.append((_("Back to the draft"), flask.url_for("author.draft", draft_id=who.draft.id)))
    return links


def _own_pictures(who: Looker, html: str) -> str:
    """Pictures that only the draft has are shown from it."""
    if "/media/" not in html:
        return html
    for sha256 in who.shown.media:
        here = flask.url_for("preview.media", key=who.key, sha256=sha256, name="-")[: -len("-")]
        html = html.replace(f'"/media/{sha256}/', f'"{here}')
    return html
