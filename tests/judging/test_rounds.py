"""A panel from its opening to its end: who may rate when, what counts, and what nobody sees too early."""

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from pme.audit import AuditEntry
from pme.content.catalogue import current
from pme.errors import Conflict, Invalid
from pme.judging.models import Method, Panel, Panellist, PanelRating, PanelState, PanelSubmission, Trade
from pme.judging.queries import (
    closed_round,
    find_seat,
    own_ratings,
    own_reasons,
    progress_of,
    reasons_given,
)
from pme.judging.results import cut_of, rating_results, standard_results
from pme.judging.service import (
    GRACE,
    close_round,
    hand_in,
    invite,
    open_panel,
    open_round_for,
    open_second_round,
    renew_link,
    save_ratings,
    subjects_of,
    token_digest,
    withdraw_link,
    withdraw_panel,
)
from tests.judging.conftest import DUE, Rates, content_of, panel_on, rate_all, seat
from tests.support.cast import START

LATER = DUE + timedelta(days=14)
BEST = {"CANARY-listen", "CANARY-help"}


def agreeing(_subject: str, option: str) -> int:
    return 4 if option in BEST else 1


def hesitating(_subject: str, option: str) -> int:
    return 3 if option in BEST else 2


def always(value: int) -> Rates:
    return lambda *_: value


def close(session: Session, panel: Panel) -> None:
    close_round(session, panel, by_id=panel.opened_by, at=START)


def second(session: Session, panel: Panel) -> None:
    open_second_round(session, panel, due_at=LATER, by_id=panel.opened_by, at=DUE)


def test_a_panel_is_opened_on_the_published_version_and_recorded(session: Session, panel: Panel):
    published = current(session).scenario("checkpoint")
    assert published is not None
    assert (panel.version_id, panel.state, panel.open_round) == (
        published.version_id,
        PanelState.ROUND_ONE,
        1,
    )
    assert session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()[-1] == "panel opened"


def test_a_panel_needs_time_and_something_to_judge(session: Session):
    quiz = current(session).quiz("check")
    assert quiz is not None
    more = {"academy_id": 1, "course": "core", "title": "T", "purpose": "", "by_id": 1, "at": START}
    with pytest.raises(Invalid, match="still to come"):
        open_panel(session, quiz, method=Method.ANGOFF, due_at=START, **more)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="nothing in it"):
        open_panel(session, quiz, method=Method.RATING, due_at=DUE, **more)  # type: ignore[arg-type]
    assert subjects_of(Method.ANGOFF, content_of(session, panel_on(session))) == ()


def test_only_the_hash_of_a_link_is_kept_and_a_renewed_one_replaces_it(session: Session, panel: Panel):
    asked = {"name": " Kim ", "email": "Kim@Panel.example", "trade": Trade.LEGAL, "years": 12}
    by = {"by_id": panel.opened_by, "at": START}
    first = invite(session, panel, **asked, **by)  # type: ignore[arg-type]
    kept = first.panellist
    assert (kept.name, kept.email, kept.expires_at) == ("Kim", "kim@panel.example", DUE + GRACE)
    assert kept.token_sha256 == token_digest(first.token)
    assert first.token not in repr(vars(kept))
    assert find_seat(session, first.token) == (kept, panel)
    with pytest.raises(Invalid, match="already on the panel"):
        invite(session, panel, **asked, **by)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="e-mail address like"):
        invite(session, panel, **asked | {"email": "kim"}, **by)  # type: ignore[arg-type]
    withdraw_link(session, panel, kept, **by)  # type: ignore[arg-type]
    withdraw_link(session, panel, kept, by_id=panel.opened_by, at=DUE)
    assert kept.withdrawn_at == START
    again = renew_link(session, panel, kept, by_id=panel.opened_by, at=LATER)
    assert find_seat(session, first.token) is None
    assert find_seat(session, again.token) == (kept, panel)
    session.refresh(kept)
    assert kept.withdrawn_at is None
    assert kept.expires_at == LATER + GRACE


def test_ratings_are_kept_as_they_come_and_only_whole_rounds_count(session: Session, panel: Panel):
    one, *_ = seat(session, panel, 3)
    subjects = subjects_of(panel.method, content_of(session, panel))
    save_ratings(session, panel, one, "d1", values={"CANARY-listen": 3}, reason=" Why. ", at=START)
    save_ratings(session, panel, one, "d1", values={"CANARY-listen": 4}, reason="", at=START)
    assert own_ratings(session, one.id, 1) == {"d1": {"CANARY-listen": 4}}
    assert own_reasons(session, one.id, 1) == {}
    with pytest.raises(Invalid, match="4 of 5 ratings are still open"):
        hand_in(session, panel, one, subjects, at=START)
    assert [(each.rated, each.done) for each in progress_of(session, panel)] == [
        (1, frozenset()),
        (0, frozenset()),
        (0, frozenset()),
    ]
    rate_all(session, panel, one, agreeing)
    with pytest.raises(Conflict, match="sent this round already"):
        save_ratings(session, panel, one, "d1", values={"CANARY-listen": 1}, reason="", at=START)
    assert own_ratings(session, one.id, 1)["d1"]["CANARY-listen"] == 4


@pytest.mark.alike
@pytest.mark.parametrize("value", [0, 5, -1])
def test_a_rating_outside_its_range_is_refused_and_nothing_is_kept(
    session: Session, panel: Panel, value: int
):
    (one,) = seat(session, panel, 1)
    with pytest.raises(Invalid, match="from 1 to 4"):
        save_ratings(
            session, panel, one, "d1", values={"CANARY-wait": 2, "CANARY-listen": value}, reason="", at=START
        )
    with pytest.raises(Invalid, match="2,000 characters"):
        save_ratings(session, panel, one, "d1", values={}, reason="x" * 2001, at=START)
    assert session.scalar(select(func.count()).select_from(PanelRating)) == 0


def test_the_database_keeps_a_value_in_range_too(session: Session, panel: Panel):
    (one,) = seat(session, panel, 1)
    session.add(PanelRating(panellist_id=one.id, round=1, subject="d1", option="a", value=5, saved_at=START))
    with pytest.raises(IntegrityError, match="value_in_range"):
        session.flush()


def test_nobody_sees_ratings_while_their_round_is_open(session: Session, panel: Panel):
    people = seat(session, panel, 3)
    for each in people:
        rate_all(session, panel, each, agreeing)
    for look in (
        lambda: closed_round(session, panel, 1),
        lambda: reasons_given(session, panel, 1),
        lambda: rating_results(session, panel, content_of(session, panel)),
    ):
        with pytest.raises(Conflict, match="once the round is closed"):
            look()
    close(session, panel)
    assert closed_round(session, panel, 1).ratings["d1"]["CANARY-listen"] == [4, 4, 4]
    second(session, panel)
    with pytest.raises(Conflict, match="once the round is closed"):
        closed_round(session, panel, 2)


def test_a_round_is_not_closed_before_three_have_finished_it(session: Session, panel: Panel):
    people = seat(session, panel, 3)
    for each in people[:2]:
        rate_all(session, panel, each, agreeing)
    with pytest.raises(Conflict, match="Only 2 panellists have finished"):
        close(session, panel)
    assert panel.state is PanelState.ROUND_ONE
    with pytest.raises(Conflict, match="once round one is closed"):
        second(session, panel)


def test_round_two_asks_those_who_finished_round_one_again(session: Session, panel: Panel):
    *people, late = seat(session, panel, 4)
    for each in people:
        rate_all(session, panel, each, agreeing)
    save_ratings(session, panel, late, "d1", values={"CANARY-listen": 1}, reason="", at=START)
    close(session, panel)
    with pytest.raises(Conflict, match="No round is open"):
        open_round_for(session, panel, people[0])
    with pytest.raises(Conflict, match="nobody can join"):
        seat(session, panel, 1)
    with pytest.raises(Invalid, match="still to come"):
        open_second_round(session, panel, due_at=DUE, by_id=panel.opened_by, at=DUE)
    second(session, panel)
    session.expire_all()
    assert {each.expires_at for each in session.scalars(select(Panellist))} == {LATER + GRACE}
    with pytest.raises(Conflict, match="asks those who finished round one"):
        open_round_for(session, panel, late)
    assert open_round_for(session, panel, people[0]) == 2
    for each in people:
        rate_all(session, panel, each, agreeing)
    close(session, panel)
    assert (panel.state, panel.closed_rounds, panel.closed_at) == (PanelState.CLOSED, 2, START)
    with pytest.raises(Conflict, match="No round of this panel is open"):
        close(session, panel)
    with pytest.raises(Conflict, match="panel is over"):
        renew_link(session, panel, late, by_id=panel.opened_by, at=START)
    assert session.scalar(select(func.count()).select_from(PanelSubmission)) == 6


def test_a_panel_that_is_given_up_takes_nothing_more(session: Session, panel: Panel):
    (one,) = seat(session, panel, 1)
    withdraw_panel(session, panel, by_id=panel.opened_by, at=START)
    with pytest.raises(Conflict, match="No round is open"):
        save_ratings(session, panel, one, "d1", values={}, reason="", at=START)
    with pytest.raises(Conflict, match="panel is over"):
        withdraw_panel(session, panel, by_id=panel.opened_by, at=START)


def test_ten_who_agree_give_a_key_with_its_provenance(session: Session, panel: Panel):
    people = seat(session, panel, 10)
    for each in people:
        rate_all(session, panel, each, hesitating)
    close(session, panel)
    second(session, panel)
    for each in people:
        rate_all(session, panel, each, agreeing)
    close(session, panel)
    results = rating_results(session, panel, content_of(session, panel))
    assert (results.number, results.panellists) == (2, 10)
    assert results.change is not None
    assert (results.change.ratings, results.change.changed) == (50, 50)
    offer = results.offer
    assert (offer.lacking, offer.to_rewrite) == ((), ())
    assert offer.ratings["d1", "CANARY-listen"] == (4,) * 10
    assert (offer.record.n, offer.record.date, offer.record.rounds) == (10, "2026-03-02", 2)
    assert [(each.role, each.count) for each in offer.record.composition][:2] == [
        ("legal", 2),
        ("medical", 2),
    ]
    assert results.means["d1", "CANARY-listen"] == {}  # nobody's trade has three


def test_means_of_a_trade_are_told_from_three_people_on(session: Session, panel: Panel):
    people = seat(session, panel, 4, (Trade.LEGAL, Trade.LEGAL, Trade.LEGAL, Trade.SURVIVOR))
    for number, each in enumerate(people):
        rate_all(session, panel, each, always(4 if number else 1))
    close(session, panel)
    results = rating_results(session, panel, content_of(session, panel))
    assert results.means["d1", "CANARY-wait"] == {Trade.LEGAL: 3.0}
    assert "n too small" in results.offer.lacking[0]


def test_judges_say_how_many_would_get_an_item_right(session: Session):
    panel = panel_on(session, "check", Method.ANGOFF)
    for number, each in enumerate(seat(session, panel, 3)):
        rate_all(session, panel, each, always(60 + 10 * number))
    close(session, panel)
    quiz = content_of(session, panel)
    results = standard_results(session, panel, quiz)  # type: ignore[arg-type]
    assert results.cut == cut_of(closed_round(session, panel, 1), quiz)  # type: ignore[arg-type]
    assert (results.cut.percent, results.cut.spread) == (Fraction(70), 10.0)
    assert (results.first, results.facility) == (None, {})
