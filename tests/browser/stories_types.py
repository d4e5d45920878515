"""The story of answers that are typed, rated, written and said to be sure of."""

from pme.content.publish import publish
from pme.db import Database
from tests.browser.album import Album
from tests.support import student
from tests.support.cast import START
from tests.support.client import Visit
from tests.support.every_type import every_type
from tests.support.student import FURTHER


def answered(album: Album, adams: Visit, database: Database) -> None:
    """Every type asked, refused, answered and marked."""
    with database.writing() as session:
        publish(session, every_type(), by_id=None, at=START, note="every type")
    for slug in ("judgement", "letter"):
        start = f"{FURTHER}/quiz/{slug}"
        album.walk(adams, (start,), "every type")
        page = adams.get(start).submit()
        while "Question" in page.title:
            album.take(page, "nothing said yet")
            wrong = {"answer": "word " * 41, "sure": "9", "rate-1": "9"}
            album.take(page.press("Save and continue", **wrong), "a type refused")
            page = student.answer(page, student.WRONG_JUDGED, sure="Fairly sure")
        album.take(page.press("Hand in"), f"{slug} handed in")
    passed = student.answer_all(
        adams, student.RIGHT_JUDGED, quiz=f"{FURTHER}/quiz/judgement", sure="Very sure"
    )
    album.take(passed.press("Hand in"), "every type right")
