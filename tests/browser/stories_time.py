"""The stories of time behind the album: cohorts and their dates, a timed quiz, a break, an end that has passed."""

from pme.content.publish import publish
from pme.db import Database
from tests.browser.album import Album
from tests.support import student
from tests.support.cast import START, email_of
from tests.support.client import Visit
from tests.support.clock import Clock
from tests.support.library import library
from tests.support.student import BASICS
from tests.support.timed import timed

LATE = "2020-01-01T08:00"
COHORTS = "/teach/core/cohorts"
QUIZ = f"{BASICS}/quiz/check"


def under_time(album: Album, cast: dict[str, Visit], database: Database) -> None:
    """Clarke makes a cohort and its dates; Evans arranges time; Adams sits the quiz until the time is over."""
    own = album.app.extensions["pme_clock"]
    album.app.extensions["pme_clock"] = clock = Clock(own())
    with database.writing() as session:
        publish(session, library(timed()), by_id=None, at=START, note="timed")
    try:
        _arranged(album, cast)
        _sat(album, cast["adams"], clock)
    finally:
        album.app.extensions["pme_clock"] = own


def _arranged(album: Album, cast: dict[str, Visit]) -> None:
    clarke, evans = cast["clarke"], cast["evans"]
    album.take(clarke.get(COHORTS).press("Create the cohort", name=" "), "no name")
    page = album.take(clarke.get(COHORTS).press("Create the cohort", name="Spring"), "a new cohort")
    page = page.press("Add the chosen students", student=list(page.choices("student").values())[:1])
    album.take(page, "somebody in it")
    album.take(page.press("Rename", name=""), "no name")
    album.walk(clarke, (COHORTS, "/teach/core"), "with a cohort")
    window = album.take(page.follow("Change: A short check"), "no dates")
    album.take(window.press("Set the dates", opens="soon", closes=LATE), "dates that are none")
    album.take(page.follow("Change: At the gate").press("Set the dates", closes=LATE), "closed long ago")
    album.take(page.follow("Change: At the gate"), "with dates")
    album.walk(cast["adams"], (f"{BASICS}/scenario/checkpoint",), "when it is closed")
    times = album.take(evans.get("/academy/time"), "nothing arranged")
    times = album.take(times.press("Set the time", email="who", time_percent="9"), "nobody's time")
    given = {"email": email_of("adams"), "time_percent": "150", "break_minutes": "10"}
    album.take(times.press("Set the time", **given), "arranged")
    for link in clarke.get("/teach/core").tree.xpath("//tbody//a/@href")[:1]:
        album.take(clarke.get(f"{link}/time"), "attempts and time")
        album.take(
            clarke.get(f"{link}/time").press("Set the time", time_percent="1"), "a time that cannot be"
        )


def _sat(album: Album, adams: Visit, clock: Clock) -> None:
    page = album.take(adams.get(QUIZ), "with a time limit").press(_begin(adams))
    album.take(page, "under time")
    album.take(page.press("Save and take a break"), "on a break")
    page = adams.get(page.path).press("Go on with the questions")
    while "Question" in page.title:
        page = student.answer(page, student.RIGHT)
    album.take(page, "under time")
    clock.move(minutes=46)
    over = album.take(adams.get(page.path), "time is over")
    album.take(over.press("See your result"), "handed in by time")


def _begin(adams: Visit) -> str:
    """What the button says that begins an attempt."""
    button = adams.get(QUIZ).form().xpath(".//button")[0]
    return " ".join(button.xpath("string()").split())
