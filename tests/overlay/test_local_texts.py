"""An academy writes its own text at a marked place of a shared course; only its students read it."""

import io
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import event, select

from pme.content.local_places import LocalPlace
from pme.content.render import Renderer
from pme.db import Database
from pme.errors import Conflict, Invalid
from pme.overlay.models import BlockState, LocalBlock, LocalBlockVersion
from pme.overlay.queries import local_texts
from pme.overlay.service import Content, Where, save
from pme.overlay.shown import NOT_HERE, NOT_YET
from pme.overlay.written import LONGEST_TEXT, rendered
from pme.people.models import Academy, Person
from tests.authoring.test_preview import differing, everything
from tests.conftest import Visits
from tests.overlay.conftest import BOX, PROMPT, Publish
from tests.support.cast import HOME, START, email_of
from tests.support.client import Page, Visit

PLACE = "/local/core/listening/who-takes-over"
READ = "/learn/core/listening/next-steps"
WHOLE = "/learn/core/listening/whole-module"
LINE = "Call the **duty officer** on 555 0100."


def fill(visit: Visit, text: str = LINE, **more: Any) -> Page:
    return visit.get(PLACE).press("Save", state="filled", text=text, **more)


def test_students_read_their_own_academys_text_in_place_and_nobody_elses(core: Publish, visit: Visits):
    adams, gray = visit("adams"), visit("gray")
    before = adams.get(READ)
    assert NOT_YET in before.words
    assert "Name the office and its number" in before.words
    saved = fill(visit("clarke"))
    assert "Students of your academy see it from now on" in saved.words
    assert "1 of 1 place settled" in saved.words
    for where in (READ, WHOLE):
        page = adams.get(where)
        assert "Call the duty officer on 555 0100." in page.words
        assert "Local text of Home Academy" in page.words
        assert NOT_YET not in page.words
        away = gray.get(where)
        assert "555 0100" not in away.text
        assert "Home Academy" not in away.text
        assert NOT_YET in away.words


def test_the_text_stands_on_paper_too_and_a_change_of_it_is_another_sheet(core: Publish, visit: Visits):
    adams, gray = visit("adams"), visit("gray")
    before = adams.fetch(f"{READ}.pdf")
    assert NOT_YET in printed(before.get_data())
    fill(visit("clarke"))
    after = adams.fetch(f"{READ}.pdf", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Call the duty officer on 555 0100." in printed(after.get_data())
    away = printed(gray.fetch(f"{READ}.pdf").get_data())
    assert "555 0100" not in away
    assert "Home Academy" not in away


def printed(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_another_academys_staff_see_nothing_of_it(core: Publish, visit: Visits):
    fill(visit("clarke"))
    for name in ("hayes", "frost"):
        page = visit(name).get(PLACE)
        assert page.status == 200
        assert "555 0100" not in page.text
        assert "Clarke" not in page.text
        assert "To be completed" in visit(name).get("/local/core").words
    assert visit("davis").fetch(PLACE).status_code == 404
    assert visit("adams").fetch(PLACE).status_code == 403
    fill(visit("hayes"), "Away text.")
    assert "Away text." not in visit("evans").get(PLACE).text
    assert "555 0100" in visit("adams").get(READ).words


def test_what_does_not_apply_is_said_with_a_reason_that_only_staff_read(core: Publish, visit: Visits):
    evans = visit("evans")
    assert evans.get(PLACE).press("Save", state="not-applicable", reason=" ").status == 422
    listed = evans.get(PLACE).press("Save", state="not-applicable", reason="We have no such office.")
    assert "Does not apply: We have no such office." in listed.words
    read = visit("adams").get(READ)
    assert NOT_HERE in read.words
    assert "no such office" not in read.text
    taken = evans.get(PLACE).press("Remove it")
    assert "To be completed" in taken.words
    assert NOT_YET in visit("adams").get(READ).words
    assert "2 versions so far" in evans.get(PLACE).words


def test_a_core_update_keeps_the_text_and_shows_where_it_no_longer_fits(core: Publish, visit: Visits):
    clarke, adams = visit("clarke"), visit("adams")
    fill(clarke)
    core("Another sentence [@NOTES-2021].\n\n" + BOX)
    assert "1 of 1 place settled" in clarke.get("/local/core").words
    assert "555 0100" in adams.get(READ).words
    core(BOX.replace("its number", "its number at night"))
    changed = clarke.get("/local/core")
    assert "Check again" in changed.words
    assert "0 of 1 place settled" in changed.words
    assert "555 0100" in adams.get(READ).words
    assert "Check again" in clarke.get(PLACE).words
    assert "1 of 1 place settled" in clarke.get(PLACE).press("Save").words
    core("")
    gone = clarke.get("/local/core")
    assert "Texts without a place" in gone.words
    assert "555 0100" in gone.words
    assert "555 0100" not in adams.get(READ).text
    core(BOX)
    assert "555 0100" in adams.get(READ).words
    core("")
    off = gone.follow("Local: who takes over").press("Remove it from the list")
    assert "Texts without a place" not in off.words


def test_two_people_never_overwrite_each_other_and_every_version_is_kept(
    core: Publish, database: Database, visit: Visits
):
    clarke, evans = visit("clarke"), visit("evans")
    first, second = clarke.get(PLACE), evans.get(PLACE)
    first.press("Save", state="filled", text="Clarke's text.")
    refused = second.press("Save", state="filled", text="Evans's text.")
    assert refused.status == 409
    assert "Clarke's text." in refused.words
    assert "Evans&#39;s text." in refused.text
    refused.press("Save")
    with database.session() as session:
        texts = session.scalars(select(LocalBlockVersion.text).order_by(LocalBlockVersion.revision)).all()
        assert texts == ["Clarke's text.", "Evans's text."]
    assert "Evans's text." in visit("adams").get(READ).words


def test_a_text_is_written_for_each_language(core: Publish, visit: Visits):
    french = visit("clarke").get(f"{PLACE}?language=fr")
    french.press("Save", state="filled", text="Appelez le 555 0199.")
    page = visit("adams").get(READ)
    assert "Appelez le 555 0199." in page.words
    assert page.tree.xpath("//aside//div[@lang='fr']")
    fill(visit("clarke"))
    assert "Appelez" not in visit("adams").get(READ).text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write the text first"),
        ("x" * (LONGEST_TEXT + 1), "under 8,000 characters"),
        ("<script>alert(1)</script>", "HTML is not possible"),
        ('<img src=x onerror="alert(1)">', "HTML is not possible"),
        ("# Title", "Headings are not possible"),
        ("[@GUIDE-2020]", "Sources cannot be cited"),
        ("See [[consent]].", "Terms cannot be marked"),
        ("![x](media/steps.svg)", "Pictures are not possible"),
        ("{check: first}", "Questions cannot be asked"),
        ("[x](javascript:alert(1))", "is not allowed"),
        ("[x](page:listening/first-steps)", "Links to pages are not possible"),
        ("A.[^1]\n\n[^1]: Note.", "Notes at the foot"),
        ("!!! note\n    A box.", "Boxes are not possible"),
        ("!!! local hotline other\n    A box.", "Boxes are not possible"),
    ],
)
def test_a_text_that_only_a_page_may_have_is_refused_with_a_sentence(
    renderer: Renderer, text: str, says: str
):
    with pytest.raises(Invalid, match=says):
        rendered(text, "who", renderer)


def test_hostile_text_is_refused_in_time_and_what_is_kept_cannot_run(core: Publish, visit: Visits):
    clarke = visit("clarke")
    refused = fill(clarke, "<script>alert(1)</script>")
    assert refused.status == 422
    assert "<script>alert" not in refused.text
    assert fill(clarke, "[" * 7_999).status in (200, 422)
    kept = fill(
        clarke, "Call \\1 \\g<0> </aside> & “them”\n\nTable: Numbers\n| Who | Number |\n|---|---|\n| Us | 1 |"
    )
    assert kept.status in (200, 422)
    fill(clarke, "Call \\1 & “them”.\n\nTable: Numbers\n| Who | Number |\n|---|---|\n| Us | 1 |")
    page = visit("adams").get(WHOLE)
    assert "Numbers" in page.words
    assert page.tree.xpath("//caption[contains(@id, 'local-who-takes-over-table-1')]")


def test_a_page_with_a_place_asks_no_query_more_than_one_without(
    core: Publish, database: Database, app: Any, visit: Visits
):
    adams = visit("adams")
    fill(visit("clarke"))

    def asked(where: str) -> int:
        statements: list[str] = []

        def note(_c: Any, _u: Any, statement: str, *_more: Any) -> None:
            statements.append(statement)

        engine = app.extensions["pme_database"].engine
        event.listen(engine, "before_cursor_execute", note)
        adams.fetch(where)
        event.remove(engine, "before_cursor_execute", note)
        asking = [one for one in statements if one.lstrip().upper().startswith("SELECT")]
        return len([one for one in asking if "set_config" not in one])  # whose rows it sees: no query

    adams.fetch(READ)
    with_place, without = asked(READ), asked("/learn/core/listening/first-steps")
    assert with_place == without  # what tells of changes comes with what every page asks


def test_filling_in_a_text_touches_no_attempt_and_nothing_of_what_is_published(
    core: Publish, database: Database, visit: Visits
):
    clarke = visit("clarke")
    before = everything(database)
    fill(clarke)
    assert differing(before, everything(database)) == {
        "local_block",
        "local_block_version",
        "local_stamp",
        "audit_entry",
        "audit_chain",
        "audit_alias",
    }


def test_the_course_page_of_staff_warns_until_every_place_is_settled(core: Publish, visit: Visits):
    clarke, evans = visit("clarke"), visit("evans")
    assert "Not ready for students yet" in clarke.get("/teach/core").words
    assert "1 place is still to be settled" in evans.get("/academy").words
    checklist = clarke.get("/teach/core").follow("Fill them in")
    assert checklist.title == "Before you go live"
    assert "Referral pathway · Next steps" in checklist.words
    fill(clarke)
    assert "Not ready for students yet" not in clarke.get("/teach/core").words
    assert "still to be settled" not in evans.get("/academy").words
    assert "Complete" in evans.get("/local").words


def test_a_text_is_saved_only_over_what_was_seen(database: Database, core: Publish):
    with database.writing() as session:
        academy = session.scalars(select(Academy.id).where(Academy.slug == HOME)).one()
        person = session.scalars(select(Person.id).where(Person.email == email_of("clarke"))).one()
        where = Where(academy, "listening", "who-takes-over", "en")
        place = LocalPlace(where.place, "referral", "Local: who takes over", "<p>Prompt</p>")
        content = Content(BlockState.FILLED, "Text", "<p>Text</p>")
        save(session, where, place, content, seen=0, by_id=person, at=START)
        with pytest.raises(Conflict):
            save(session, where, place, content, seen=0, by_id=person, at=START)
        save(session, where, place, content, seen=1, by_id=person, at=START)
        assert session.scalars(select(LocalBlock.revision)).one() == 2
        assert local_texts(session, academy).texts


def test_the_preview_shows_the_authors_academys_texts(core: Publish, visit: Visits):
    clarke = visit("clarke")
    fill(clarke)
    assert "555 0100" in clarke.get("/preview/published/learn/core/listening/next-steps").words
    assert PROMPT in visit("hayes").get("/preview/published/learn/core/listening/next-steps").words
