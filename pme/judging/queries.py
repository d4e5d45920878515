"""Reads about panels, shaped for pages. Ratings of an open round are read for their own panellist only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from pme.assessment.effective import effective_results
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.errors import Conflict
from pme.judging.models import Panel, Panellist, PanelRating, PanelReason, PanelSubmission, Trade
from pme.judging.service import token_digest
from pme.words.speech import _


@dataclass(frozen=True)
class Progress:
    """How far one panellist is, and nothing of what they rated. `done` are the rounds they finished."""

    panellist: Panellist
    rated: int
    done: frozenset[int]


@dataclass(frozen=True)
class Round:
    """All that was rated in a closed round, by those who finished it, without their names.

    `ratings` are by subject and option; panellists stand in the same order everywhere, as do `trades`.
    """

    panellists: tuple[int, ...]
    trades: tuple[Trade, ...]
    ratings: Mapping[str, Mapping[str, Sequence[int]]]

    @property
    def composition(self) -> dict[Trade, int]:
        """How many of each trade, in the order of the list of trades."""
        counted = Counter(self.trades)
        return {trade: counted[trade] for trade in Trade if counted[trade]}


def panels_in(session: Session, scope: ColumnElement[bool]) -> Sequence[Panel]:
    """The panels of a scope, the latest first."""
    return session.scalars(select(Panel).where(scope).order_by(Panel.opened_at.desc(), Panel.id.desc())).all()


def finished_counts(session: Session, panel_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """How many panellists have finished each round, by (panel, round)."""
    rows = session.execute(
        select(Panellist.panel_id, PanelSubmission.round, func.count())
        .join(PanelSubmission, PanelSubmission.panellist_id == Panellist.id)
        .where(Panellist.panel_id.in_(panel_ids))
        .group_by(Panellist.panel_id, PanelSubmission.round)
    )
    return {(panel_id, number): count for panel_id, number, count in rows}


def find_panel(session: Session, panel_id: int, academy_id: int, *, for_update: bool = False) -> Panel | None:
    """The panel of this id at an academy, or None. `for_update` holds it until the transaction ends."""
    wanted = select(Panel).where(Panel.id == panel_id, Panel.academy_id == academy_id)
    return session.scalar(wanted.with_for_update() if for_update else wanted)


def find_seat(session: Session, token: str, *, for_update: bool = False) -> tuple[Panellist, Panel] | None:
    """The panellist whose link has this secret, with their panel at whichever academy, or None."""
    wanted = (
        select(Panellist, Panel)
        .join(Panel, Panel.id == Panellist.panel_id)
        .where(Panellist.token_sha256 == token_digest(token))
    )
    row = session.execute(wanted.with_for_update(of=Panel) if for_update else wanted).one_or_none()
    return (row[0], row[1]) if row else None


def panellist_of(session: Session, panel_id: int, panellist_id: int) -> Panellist | None:
    """The panellist of this id, if they are on this panel."""
    return session.scalar(
        select(Panellist).where(Panellist.id == panellist_id, Panellist.panel_id == panel_id)
    )


def progress_of(session: Session, panel: Panel) -> tuple[Progress, ...]:
    """How far everybody invited is in the round that is open (or was last), in the order of their invitations."""
    number = panel.open_round or max(1, panel.closed_rounds)
    panellists = session.scalars(
        select(Panellist).where(Panellist.panel_id == panel.id).order_by(Panellist.id)
    ).all()
    ids = [each.id for each in panellists]
    rated = {  # noqa: C416  (rows are not pairs to the type checker)
        panellist_id: count
        for panellist_id, count in session.execute(
            select(PanelRating.panellist_id, func.count())
            .where(PanelRating.panellist_id.in_(ids), PanelRating.round == number)
            .group_by(PanelRating.panellist_id)
        )
    }
    done: dict[int, set[int]] = {each: set() for each in ids}
    for panellist_id, finished in session.execute(
        select(PanelSubmission.panellist_id, PanelSubmission.round).where(
            PanelSubmission.panellist_id.in_(ids)
        )
    ):
        done[panellist_id].add(finished)
    return tuple(Progress(each, rated.get(each.id, 0), frozenset(done[each.id])) for each in panellists)


def own_ratings(session: Session, panellist_id: int, number: int) -> dict[str, dict[str, int]]:
    """What one panellist rated in a round, by subject and option."""
    found: dict[str, dict[str, int]] = {}
    for subject, option, value in session.execute(
        select(PanelRating.subject, PanelRating.option, PanelRating.value).where(
            PanelRating.panellist_id == panellist_id, PanelRating.round == number
        )
    ):
        found.setdefault(subject, {})[option] = value
    return found


def own_reasons(session: Session, panellist_id: int, number: int) -> dict[str, str]:
    """The reasons one panellist gave in a round, by subject."""
    rows = session.execute(
        select(PanelReason.subject, PanelReason.text).where(
            PanelReason.panellist_id == panellist_id, PanelReason.round == number
        )
    )
    return {row.subject: row.text for row in rows}


def submitted_at(session: Session, panellist_id: int) -> dict[int, datetime]:
    """When a panellist finished each round."""
    rows = session.execute(
        select(PanelSubmission.round, PanelSubmission.at).where(PanelSubmission.panellist_id == panellist_id)
    )
    return {row.round: row.at for row in rows}


def closed_round(session: Session, panel: Panel, number: int, *, only: Sequence[int] | None = None) -> Round:
    """What was rated in a round that is over, of all who finished it or `only` of these panellists.

    Raises Conflict while the round is open: until then nobody sees anybody's ratings.
    """
    if number > panel.closed_rounds:
        raise Conflict(_("Ratings are shown once the round is closed; until then only who has answered."))
    finished = session.execute(
        select(Panellist.id, Panellist.trade)
        .join(PanelSubmission, PanelSubmission.panellist_id == Panellist.id)
        .where(Panellist.panel_id == panel.id, PanelSubmission.round == number)
        .order_by(Panellist.id)
    ).all()
    kept = [(row.id, row.trade) for row in finished if only is None or row.id in only]
    ids = [panellist_id for panellist_id, _ in kept]
    ratings: dict[str, dict[str, list[int]]] = {}
    for subject, option, value in session.execute(
        select(PanelRating.subject, PanelRating.option, PanelRating.value)
        .where(PanelRating.panellist_id.in_(ids), PanelRating.round == number)
        .order_by(PanelRating.panellist_id)
    ):
        ratings.setdefault(subject, {}).setdefault(option, []).append(value)
    return Round(tuple(ids), tuple(trade for _, trade in kept), ratings)


def reasons_given(session: Session, panel: Panel, number: int) -> dict[str, tuple[str, ...]]:
    """The reasons given in a closed round by subject, without names and in no order that tells whose they are.

    Raises Conflict while the round is open.
    """
    round_ = closed_round(session, panel, number)
    found: dict[str, list[str]] = {}
    for subject, text in session.execute(
        select(PanelReason.subject, PanelReason.text)
        .where(PanelReason.panellist_id.in_(round_.panellists), PanelReason.round == number)
        .order_by(PanelReason.subject, PanelReason.text)
    ):
        found.setdefault(subject, []).append(text)
    return {subject: tuple(texts) for subject, texts in found.items()}


def facilities(session: Session, academy_id: int, version_id: int) -> dict[str, tuple[int, float]]:
    """How items of a quiz version fared in first attempts at this academy, by the results in force: how many,
    and the mean credit 0-1.
    """
    earned: dict[str, list[float]] = {}
    results = effective_results(
        session,
        Attempt.academy_id == academy_id,
        Attempt.version_id == version_id,
        Attempt.task == Task.QUIZ,
        Attempt.number == 1,
        Attempt.status == AttemptStatus.FINISHED,
    )
    for result in results:
        for item, credit in result.result.get("items", {}).items():
            earned.setdefault(item, []).append(float(credit))
    return {item: (len(each), sum(each) / len(each)) for item, each in earned.items()}
