"""The academy's door at its letters: what went out by e-mail, what did not, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import audit
from pme.errors import Conflict, NotFound
from pme.outbox import service
from pme.outbox.models import Letter, LetterState
from pme.outbox.queries import (
    SORTS,
    count_letters,
    counts_of,
    find_letter,
    has_words,
    held_at,
    letters_of,
)
from pme.outbox.wording import closed
from pme.permissions import Can
from pme.signs import fit
from pme.undoing.models import Did, Thing
from pme.undoing.service import keep, stood
from pme.web.academy.views import blueprint, require
from pme.web.listed import narrowed, remember_list
from pme.web.loaders import UNKNOWN
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.sorting import Sorting
from pme.web.undo_notice import tell_held
from pme.words.lazily import lazy
from pme.words.speech import _, _n, _p

NONE_AGAIN = lazy(
    "No letter can be tried again from here: for each that may have arrived, ask the recipient first."
)
LONGEST_SEARCH = 120


@dataclass(frozen=True)
class Asked:
    """Letters in one state, with words in their address or subject; and in which order."""

    state: LetterState | None
    text: str
    sorting: Sorting

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Asked":
        """What a query or a form asks for."""
        return cls(
            state=next((one for one in LetterState if one.value == given.get("state")), None),
            text=fit(given.get("q", ""))[:LONGEST_SEARCH].strip(),
            sorting=Sorting.of(given, SORTS, "-written"),
        )

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a query that asks for these, without those that ask for nothing."""
        found = {"state": self.state.value if self.state else "", "q": self.text, **self.sorting.fields}
        return {name: value for name, value in found.items() if value}


@blueprint.get("/letters")
def letters() -> ResponseReturnValue:
    """The academy's letters, the newest first or sorted by a heading, by state and words."""
    require(Can.SEE_LETTERS)
    remember_list()
    academy_id, session, asked = current_visitor().academy_id, db_session(), Asked.of(request.args)
    paging = Paging.of(count_letters(session, academy_id, state=asked.state, text=asked.text))
    return render_template(
        "academy/letters.html",
        letters=letters_of(
            session,
            academy_id,
            state=asked.state,
            text=asked.text,
            sort=asked.sorting.asked,
            offset=paging.offset,
            limit=paging.size,
        ),
        paging=paging,
        heads=_heads(asked),
        chips=[
            (
                _("Words: {words}", words=asked.text),
                narrowed("academy.letters", asked.fields, "q"),
            )
        ]
        if asked.text
        else [],
        where=asked.fields,
        counts=counts_of(session, academy_id),
        held=held_at(session, academy_id),
        state=asked.state,
        mail=settings().mail,
        again=len(_again(asked)) if asked.state is LetterState.FAILED else 0,
        wait=settings().mail.many_wait,
    )


def _heads(asked: Asked) -> list[dict[str, Any]]:
    texts = {
        "letter": _("Letter"),
        "to": _p("letter", "To"),
        "written": _("Written"),
        "state": _("State"),
        "tries": _("Attempts to send"),
        "problem": _("Last problem"),
    }
    return asked.sorting.heads(texts, "academy.letters", asked.fields, numbers=("tries",))


def _again(asked: Asked) -> list[int]:
    """Those found that failed for certain."""
    return service.given_up(db_session(), current_visitor().academy_id, *has_words(asked.text))


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
    """Send every letter found that failed for certain once more.

    They wait a while, and can be called back meanwhile.
    """
    require(Can.SEE_LETTERS)
    asked = Asked.of(request.form)
    visitor, wait = current_visitor(), timedelta(seconds=settings().mail.many_wait)
    with transaction() as session:
        ids = service.given_up(session, visitor.academy_id, *has_words(asked.text))
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
    return redirect(url_for("academy.letters", **asked.fields), HTTPStatus.SEE_OTHER)  # type: ignore[arg-type]


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
