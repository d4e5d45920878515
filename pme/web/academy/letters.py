"""The academy's door at its letters: what went out by e-mail, what did not, and why."""

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
from pme.web.academy.views import blueprint, require
from pme.web.addresses import number_in
from pme.web.listed import remember_list
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings


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
