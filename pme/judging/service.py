"""Acts that change panels: open one, invite, open and close its rounds, save and hand in ratings."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from pme import audit
from pme.assessment.models import Task
from pme.content.catalogue import Versioned
from pme.content.shapes import Quiz, Scenario
from pme.db import insert_into
from pme.errors import Conflict, Invalid
from pme.judging.models import (
    Method,
    Panel,
    Panellist,
    PanelRating,
    PanelReason,
    PanelState,
    PanelSubmission,
    Trade,
)
from pme.judging.subjects import Subject, subjects_to_judge, subjects_to_rate
from pme.people.service import EMAIL
from pme.words.numbers import grouped
from pme.words.speech import _, _n

GRACE = timedelta(days=7)
"""How long after the due date a link still opens."""
FEWEST_TO_CLOSE = 3
"""With fewer, a distribution would show who rated what."""
LONGEST_REASON = 2_000
RANGES = {Method.RATING: range(1, 5), Method.ANGOFF: range(101)}


@dataclass(frozen=True)
class Invited:
    """A panellist and the secret of their link, which is nowhere else."""

    panellist: Panellist
    token: str


def token_digest(token: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def subjects_of(method: Method, content: Quiz | Scenario) -> tuple[Subject, ...]:
    """What a panel of this method judges in this content."""
    if method is Method.ANGOFF:
        return subjects_to_judge(content) if isinstance(content, Quiz) else ()
    return subjects_to_rate(content)


def open_panel(
    session: Session,
    content: Versioned[Quiz] | Versioned[Scenario],
    *,
    method: Method,
    academy_id: int,
    course: str,
    title: str,
    purpose: str,
    due_at: datetime,
    by_id: int,
    at: datetime,
) -> Panel:
    """Open round one on a published version. Raises Invalid when there is nothing to judge or no time."""
    if due_at <= at:
        raise Invalid(_("Choose a day that is still to come."), field="due")
    if not subjects_of(method, content.content):
        raise Invalid(
            _("There is nothing in it that such a panel could judge. Choose another."), field="subject"
        )
    panel = Panel(
        academy_id=academy_id,
        course=course,
        task=Task(content.content.kind),
        slug=content.content.slug,
        version_id=content.version_id,
        method=method,
        title=title,
        purpose=purpose,
        due_at=due_at,
        opened_by=by_id,
        opened_at=at,
    )
    session.add(panel)
    session.flush()
    note(session, "panel opened", panel, by_id=by_id, at=at, version=panel.version_id)
    return panel


def invite(
    session: Session,
    panel: Panel,
    *,
    name: str,
    email: str,
    trade: Trade,
    years: int | None,
    by_id: int,
    at: datetime,
) -> Invited:
    """Invite somebody to round one. Raises Conflict once it is over, Invalid for an address that is bad or known."""
    if panel.state is not PanelState.ROUND_ONE:
        raise Conflict(_("Round one is over: nobody can join this panel any more."))
    address = email.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Invalid(_("Give an e-mail address like name@academy.example."), field="email")
    known = select(Panellist.id).where(Panellist.panel_id == panel.id, Panellist.email == address)
    if session.scalar(known) is not None:
        raise Invalid(
            _("This person is already on the panel. Renew their link below if it is lost."), field="email"
        )
    token = secrets.token_urlsafe(32)
    panellist = Panellist(
        panel_id=panel.id,
        name=name.strip(),
        email=address,
        trade=trade,
        years=years,
        token_sha256=token_digest(token),
        expires_at=panel.due_at + GRACE,
        invited_at=at,
    )
    session.add(panellist)
    session.flush()
    note(session, "panellist invited", panel, by_id=by_id, at=at, panellist=panellist.id)
    return Invited(panellist, token)


def renew_link(session: Session, panel: Panel, panellist: Panellist, *, by_id: int, at: datetime) -> Invited:
    """Give a panellist a fresh link; the old one is dead. Raises Conflict when the panel is over."""
    _refuse_when_over(panel)
    token = secrets.token_urlsafe(32)
    panellist.token_sha256 = token_digest(token)
    panellist.expires_at = max(panel.due_at, at) + GRACE
    panellist.withdrawn_at = None
    session.flush()
    note(session, "panel link renewed", panel, by_id=by_id, at=at, panellist=panellist.id)  # not words
    return Invited(panellist, token)


def withdraw_link(session: Session, panel: Panel, panellist: Panellist, *, by_id: int, at: datetime) -> None:
    """Close a panellist's link; rounds they have finished still count. Doing it again changes nothing."""
    if panellist.withdrawn_at is None:
        panellist.withdrawn_at = at
        session.flush()
        note(session, "panel link withdrawn", panel, by_id=by_id, at=at, panellist=panellist.id)  # not words


def close_round(session: Session, panel: Panel, *, by_id: int, at: datetime) -> None:
    """End the open round. Raises Conflict when none is open or too few have finished it."""
    number = panel.open_round
    if number is None:
        raise Conflict(_("No round of this panel is open."))
    finished = session.scalar(
        select(func.count())
        .select_from(PanelSubmission)
        .join(Panellist)
        .where(Panellist.panel_id == panel.id, PanelSubmission.round == number)
    )
    if (finished or 0) < FEWEST_TO_CLOSE:
        raise Conflict(
            _n(
                "Only {n} panellists have finished this round. Wait for at least {fewest}: "
                "with fewer, the figures would show who rated what.",
                "Only {n} panellists have finished this round. Wait for at least {fewest}: "
                "with fewer, the figures would show who rated what.",
                finished or 0,
                fewest=FEWEST_TO_CLOSE,
            )
        )
    panel.state = PanelState.BETWEEN if number == 1 else PanelState.CLOSED
    panel.closed_at = at if number == 2 else None  # noqa: PLR2004  (of two rounds)
    session.flush()
    act = "panel round closed"  # not words
    note(session, act, panel, by_id=by_id, at=at, round=number, finished=finished)


def open_second_round(session: Session, panel: Panel, *, due_at: datetime, by_id: int, at: datetime) -> None:
    """Ask everybody who finished round one again. Raises Conflict unless round one has just been closed."""
    if panel.state is not PanelState.BETWEEN:
        raise Conflict(_("Round two opens once round one is closed."))
    if due_at <= at:
        raise Invalid(_("Choose a day that is still to come."), field="due")
    panel.state, panel.due_at = PanelState.ROUND_TWO, due_at
    session.execute(update(Panellist).where(Panellist.panel_id == panel.id).values(expires_at=due_at + GRACE))
    session.flush()
    note(session, "panel round two opened", panel, by_id=by_id, at=at)  # not words


def withdraw_panel(session: Session, panel: Panel, *, by_id: int, at: datetime) -> None:
    """Give a panel up: its links close, nothing of it is used. Raises Conflict when it is over."""
    _refuse_when_over(panel)
    panel.state = PanelState.WITHDRAWN
    session.flush()
    note(session, "panel withdrawn", panel, by_id=by_id, at=at)


def save_ratings(
    session: Session,
    panel: Panel,
    panellist: Panellist,
    subject: str,
    *,
    values: Mapping[str, int],
    reason: str,
    at: datetime,
) -> None:
    """Keep what a panellist has rated of one subject so far, by option, with their reason.

    Raises Conflict when they cannot rate now, Invalid for a value out of range or too long a reason.
    """
    number = open_round_for(session, panel, panellist)
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            _("Keep the reason under {most} characters.", most=grouped(LONGEST_REASON)),
            field="reason",
        )
    if any(value not in RANGES[panel.method] for value in values.values()):
        raise Invalid(
            _("Choose from {least} to {most}.", least=RANGES[panel.method][0], most=RANGES[panel.method][-1])
        )
    mine = {"panellist_id": panellist.id, "round": number, "subject": subject}
    for option, value in values.items():
        row = mine | {"option": option, "value": value, "saved_at": at}
        session.execute(
            insert_into(session, PanelRating)
            .values(**row)
            .on_conflict_do_update(
                index_elements=["panellist_id", "round", "subject", "option"],
                set_={"value": value, "saved_at": at},
            )
        )
    session.execute(delete(PanelReason).filter_by(**mine))
    if reason.strip():
        session.add(PanelReason(**mine, text=reason.strip(), saved_at=at))
    session.flush()


def hand_in(
    session: Session, panel: Panel, panellist: Panellist, subjects: Sequence[Subject], *, at: datetime
) -> None:
    """Finish the open round. Raises Invalid while anything is unrated, Conflict when it cannot be done now."""
    number = open_round_for(session, panel, panellist)
    rows = session.execute(
        select(PanelRating.subject, PanelRating.option).where(
            PanelRating.panellist_id == panellist.id, PanelRating.round == number
        )
    )
    rated = {(row.subject, row.option) for row in rows}
    wanted = {(subject.id, option) for subject in subjects for option in options_of(subject)}
    if missing := len(wanted - rated):
        raise Invalid(
            _(
                "{missing} of {all} ratings are still open. Finish them, then send.",
                missing=missing,
                all=len(wanted),
            )
        )
    session.add(PanelSubmission(panellist_id=panellist.id, round=number, at=at))
    session.flush()


def options_of(subject: Subject) -> tuple[str, ...]:
    """What is rated of a subject: each option, or the subject as a whole under an empty name."""
    return tuple(option for option, _ in subject.options) or ("",)


def open_round_for(session: Session, panel: Panel, panellist: Panellist) -> int:
    """The round in which this panellist may rate now. Raises Conflict, with the reason, when they may not."""
    number = panel.open_round
    if number is None:
        raise Conflict(_("No round is open just now. Your ratings are kept as you sent them."))
    done = set(
        session.scalars(select(PanelSubmission.round).where(PanelSubmission.panellist_id == panellist.id))
    )
    if number in done:
        raise Conflict(_("You have sent this round already. Your ratings are kept as you sent them."))
    if number - 1 and number - 1 not in done:
        raise Conflict(_("Round two asks those who finished round one. Thank you for your time."))
    return number


def note(session: Session, act: str, panel: Panel, *, by_id: int, at: datetime, **detail: object) -> None:
    """Record an act on a panel in its academy's audit trail."""
    audit.record(
        session,
        act,
        actor=f"person {by_id}",
        subject=f"panel {panel.id}",
        at=at,
        academy_id=panel.academy_id,
        detail=detail,
    )


def _refuse_when_over(panel: Panel) -> None:
    if panel.state in (PanelState.CLOSED, PanelState.ADOPTED, PanelState.WITHDRAWN):
        raise Conflict(_("This panel is over. Open a new one to ask again."))
