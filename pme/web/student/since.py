"""What is new for the visitor since their last visit: a sentence each, with where it leads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from pme.news.queries import Change, News, NewsKind, news_for
from pme.web.addresses import url_for
from pme.web.loaders import catalogue
from pme.web.session import db_session
from pme.web.signin import current_visitor
from pme.words.speech import _
from pme.words.times import day

SHOWN = 5
OWN_NOTES = frozenset({"", "start-up", "written back to the folder"})  # not words
"""Notes on publications that no author wrote."""


@dataclass(frozen=True)
class Item:
    """One thing that is new, as it is told. `note` is what the author said of it."""

    says: str
    at: datetime
    href: str
    note: str = ""


@dataclass(frozen=True)
class Told:
    """What is new, and since when; `items` are the newest of `total`."""

    since: datetime | None
    items: tuple[Item, ...]
    total: int


def told(*, course: str = "", at_most: int = SHOWN) -> Told:
    """What is new for the visitor, in all their courses or in one."""
    visitor = current_visitor()
    news: News = news_for(db_session(), visitor.academy_id, visitor.person_id, session_id=visitor.session_id)
    items = [
        item for each in news.changes if course in ("", each.course) and (item := _item(each)) is not None
    ]
    return Told(news.since, tuple(items[:at_most]), len(items))


def _item(change: Change) -> Item | None:
    """A change in words; None where what it is about is published no longer."""
    return TELLING[change.kind](change)


def _edition(change: Change) -> Item | None:
    course, module = catalogue().course(change.course), catalogue().module(change.name)
    if course is None or module is None or change.name not in course.content.modules:
        return None
    title = module.content.in_language(_language()).title
    href = url_for("student.module", course=change.course, module=change.name)
    note = "" if change.about in OWN_NOTES else change.about
    return Item(_("“{module}”, which you read in, has a new edition.", module=title), change.at, href, note)


def _task(says: Callable[[str], str]) -> Callable[[Change], Item | None]:
    def tell(change: Change) -> Item | None:
        task = catalogue().quiz(change.name) or catalogue().scenario(change.name)
        if task is None:
            return None
        title = task.content.in_language(_language()).title
        endpoint = "attempts.result" if catalogue().quiz(change.name) else "attempts.debriefing"
        return Item(says(title), change.at, url_for(endpoint, attempt_id=change.number))

    return tell


def _dates(change: Change) -> Item:
    until = _day(change.about)
    says = (
        _("Dates of your cohort “{cohort}” were changed: it is due on {day}.", cohort=change.name, day=until)
        if until
        else _("Dates of your cohort “{cohort}” were changed.", cohort=change.name)
    )
    return Item(says, change.at, url_for("student.course", course=change.course))


def _window(change: Change) -> Item | None:
    found = catalogue()
    task = found.quiz(change.name) or found.scenario(change.name)
    if task is None:
        return None
    title = task.content.in_language(_language()).title
    href = url_for("student.course", course=change.course)
    says = (
        _("When your cohort may begin “{task}” was changed.", task=title)
        if change.about
        else _("Your cohort may begin “{task}” at any time now: its dates were taken away.", task=title)
    )
    return Item(says, change.at, href)


def _extended(change: Change) -> Item:
    title = _course(change)
    says = _("You have more time for “{course}”: until {day}.", course=title, day=_day(change.about))
    return Item(says, change.at, url_for("student.course", course=change.course))


def _completion(says: Callable[[str], str]) -> Callable[[Change], Item]:
    def tell(change: Change) -> Item:
        href = url_for("student.own_progress", course=change.course)
        return Item(says(_course(change)), change.at, href)

    return tell


def _certificate(change: Change) -> Item:
    says = _("You have a certificate of “{course}”: {number}.", course=_course(change), number=change.name)
    return Item(says, change.at, url_for("student.certificates"))


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso)) if iso else ""


def _course(change: Change) -> str:
    found = catalogue().course(change.course)
    return found.content.in_language(_language()).title if found else change.course


def _language() -> str | None:
    return current_visitor().reading_language


TELLING: dict[NewsKind, Callable[[Change], Item | None]] = {
    NewsKind.EDITION: _edition,
    NewsKind.MARKS: _task(lambda title: _("Your marks in “{task}” are there.", task=title)),
    NewsKind.CORRECTED: _task(lambda title: _("Your result in “{task}” was corrected.", task=title)),
    NewsKind.DATES: _dates,
    NewsKind.WINDOW: _window,
    NewsKind.EXTENDED: _extended,
    NewsKind.REVOKED: _completion(
        lambda title: _("Your completion of “{course}” was revoked.", course=title)
    ),
    NewsKind.RESTORED: _completion(
        lambda title: _("Your completion of “{course}” counts again.", course=title)
    ),
    NewsKind.CERTIFICATE: _certificate,
}
