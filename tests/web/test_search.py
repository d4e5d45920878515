"""Search as a student uses it: hits lead to their place, show what was looked for, and stay within own courses."""

from http import HTTPStatus

from sqlalchemy import update

from pme.db import Database
from pme.enrolment.models import Enrolment
from tests.conftest import Visits


def test_a_student_finds_a_page_by_its_words_and_goes_there(visit: Visits):
    found = visit("adams").get("/search?q=claim")
    assert found.status == HTTPStatus.OK
    assert "<mark>" in found.text
    assert "found" in found.words
    there = found.tree.xpath("//ol[contains(@class, 'hits')]//h3/a/@href")
    assert there
    assert visit("adams").get(str(there[0])).status == HTTPStatus.OK


def test_nothing_found_says_what_to_do_and_keeps_the_words(visit: Visits):
    found = visit("adams").get("/search?q=zebrawood+%3Cscript%3E")
    assert "Nothing found" in found.words
    assert 'value="zebrawood &lt;script&gt;"' in found.text
    assert "<script>" not in found.text.partition("<main")[2]


def test_who_has_left_a_course_finds_nothing_of_it_any_more(visit: Visits, database: Database):
    assert "<mark>" in visit("adams").get("/search?q=claim").text
    with database.writing() as session:
        session.execute(update(Enrolment).values(status="withdrawn"))
    left = visit("adams").get("/search?q=claim")
    assert "<mark>" not in left.text
    assert "Nothing found" in left.words


def test_what_is_found_says_its_language_where_the_page_speaks_another(visit: Visits):
    adams = visit("adams")
    assert not adams.get("/search?q=claim").tree.xpath("//ol[contains(@class, 'hits')]//*[@lang]")
    hit = adams.get("/search?q=claim&lang=ar").tree.xpath("//ol[contains(@class, 'hits')]/li")[0]
    for place in (".//span[@class='small']", ".//h3/a", "./p[last()]"):
        assert hit.xpath(f"{place}/span[@lang='en'][@dir='ltr']"), place
