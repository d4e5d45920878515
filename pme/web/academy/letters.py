"""The academy's door at its letters: what went out by e-mail, what did not, and why."""

from datetime import timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import audit
from pme.errors import Conflict, NotFound
from pme.outbox import service
from pme.outbox.models import Letter, LetterState
from pme.outbox.queries import PAGE, counts_of, find_letter, held_at, letters_of
from pme.outbox.wording import closed
from pme.permissions import Can
from pme.undoing.models import Did, Thing
from pme.undoing.service import keep, stood
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.listed import remember_list
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.undo_notice import tell_held
from pme.words.lazily import lazy
from pme.words.speech import _n

NONE_AGAIN = lazy("No letter can be tried again as it was: what may have arrived is asked after one by one.")


@blueprint.get("/letters")
def letters() -> ResponseReturnValue:
    """The academy's letters, the newest first, all or those in one state."""
    require(Can.SEE_LETTERS)
    remember_list()
    academy_id = current_visitor().academy_id
    asked = request.args.get("state", "")
    state = LetterState(asked) if asked in list(LetterState) else None
    found = letters_of(db_session(), academy_id, state=state, before=number_in(request.args.get("before")))
    return render_template(
        "academy/letters.html",
        letters=found[:PAGE],
        more_before=found[PAGE - 1].id if len(found) > PAGE else None,
        counts=counts_of(db_session(), academy_id),
        held=held_at(db_session(), academy_id),
        state=state,
        mail=settings().mail,
        again=len(service.given_up(db_session(), academy_id)) if state is LetterState.FAILED else 0,
        wait=settings().mail.many_wait,
    )


@blueprint.get("/letters/<int:letter_id>")
def letter(letter_id: int) -> ResponseReturnValue:
    """One letter: what it says, and how sending it went."""
    found = _load(letter_id)
    return render_template(
        "academy/letter.html",
        letter=found,
        text=closed(found.body, found.language),
        mail=settings().mail,
    )


@blueprint.post("/letters/again")
def letters_again() -> ResponseReturnValue:
    """Send every letter that failed for certain once more; they wait a while, and can be called back meanwhile."""
    require(Can.SEE_LETTERS)
    visitor, wait = current_visitor(), timedelta(seconds=settings().mail.many_wait)
    with transaction() as session:
        ids = service.given_up(session, visitor.academy_id)
        before = stood(session, Thing.LETTER, visitor.academy_id, ids)
        service.try_all_again(session, visitor.academy_id, ids, at=now() + wait)
        by, until = visitor.person_id, now() + wait
        kept = keep(session, before, Did.SENT_AGAIN, by=by, at=now(), until=until) if ids and wait else None
        acts = [
            audit.Act("letter sent again", actor=f"person {by}", subject=f"letter {number}")  # not words
            for number in ids
        ]
        if acts:
            audit.record_all(session, acts, at=now(), academy_id=visitor.academy_id)
    if ids:
        flash(_n("{n} letter is tried again.", "{n} letters are tried again.", len(ids)), "success")
    else:
        flash(NONE_AGAIN, "problem")
    tell_held(kept)
    return redirect(url_for("academy.letters"), HTTPStatus.SEE_OTHER)


@blueprint.post("/letters/<int:letter_id>/again")
def letter_again(letter_id: int) -> ResponseReturnValue:
    """Send a letter that was given up once more."""
    try:
        with transaction() as session:
            service.try_again(session, _load(letter_id, for_update=True), at=now())
            audit.record(
                session,
                "letter sent again",
                actor=f"person {current_visitor().person_id}",
                subject=f"letter {letter_id}",
                at=now(),
                academy_id=current_visitor().academy_id,
            )
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("academy.letter", letter_id=letter_id), HTTPStatus.SEE_OTHER)


def _load(letter_id: int, *, for_update: bool = False) -> Letter:
    require(Can.SEE_LETTERS)
    academy_id = current_visitor().academy_id
    found = find_letter(db_session(), letter_id, academy_id=academy_id, for_update=for_update)
    if found is None:
        raise NotFound(UNKNOWN)
    return found
