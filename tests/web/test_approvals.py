"""Who approves content: set by the staff of the academy that keeps it, on record."""

from sqlalchemy import select

from pme.audit import AuditEntry
from pme.authoring.models_review import FunctionHolder, ReviewAct, ReviewFunction, ReviewKind
from pme.authoring.service import begin_draft
from pme.db import Database
from tests.authoring.reviewing import let_review, person_id
from tests.conftest import Visits
from tests.support.cast import START

WHERE = "/academy/approvals"


def test_a_function_is_added_held_required_released_and_removed(database: Database, visit: Visits):
    let_review(database, "baker")
    evans, baker = visit("evans"), str(person_id(database, "baker"))
    page = evans.get("/academy").follow("Who approves content")
    assert "No function yet" in page.words
    page = page.press("Add", name=" Legal  adviser ")
    assert "Legal adviser Need not approve" in page.words
    assert "Nobody reviews as Legal adviser yet" in page.press("Require it: Legal adviser").words
    page = page.press("Save these reviewers: Legal adviser", person=[baker])
    page = page.press("Require it: Legal adviser")
    assert "Legal adviser Has to approve" in page.words
    emptied = page.press("Save these reviewers: Legal adviser", person=[])
    assert "Nobody reviews as Legal adviser yet" in emptied.words
    page = page.press("Stop requiring it: Legal adviser").press("Remove: Legal adviser")
    assert "No function yet" in page.words
    with database.session() as session:
        acts = session.scalars(
            select(AuditEntry.act).where(AuditEntry.act.like("review %")).order_by(AuditEntry.id)
        ).all()
        assert session.scalars(select(FunctionHolder)).all() == []
    assert acts == [
        "review function added",
        "review function changed",
        "review function changed",
        "review function changed",
        "review function removed",
    ]


def test_a_bad_name_is_told(visit: Visits):
    page = visit("evans").get(WHERE).press("Add", name="Legal adviser")
    for name, says in (
        (" ", "Give the function a name"),
        ("x" * 81, "at most 80"),
        ("LEGAL adviser", "already"),
    ):
        refused = page.press("Add", name=name)
        assert refused.status == 422
        assert says in refused.words
    for number in range(19):
        page.press("Add", name=f"Function {number}")
    assert "20 functions already" in page.press("Add", name="One more").words


def test_only_reviewers_hold_a_function_and_strange_forms_change_nothing(database: Database, visit: Visits):
    evans, adams = visit("evans"), str(person_id(database, "adams"))
    evans.get(WHERE).press("Add", name="Legal adviser")
    with database.session() as session:
        function = str(session.scalars(select(ReviewFunction.id)).one())
    evans.send(f"{WHERE}/holders", function=function, person=[adams, "x", "-1"])
    assert evans.send(f"{WHERE}/change", function=function, act="burn").status_code == 303
    assert evans.send(f"{WHERE}/change", function="x", act="remove").status_code == 404
    with database.session() as session:
        assert session.scalars(select(FunctionHolder)).all() == []
        assert session.scalars(select(ReviewFunction.is_required)).all() == [False]


def test_a_function_that_drafts_were_approved_as_stays_on_record(database: Database, visit: Visits):
    evans = visit("evans")
    page = evans.get(WHERE).press("Add", name="Legal adviser")
    by = person_id(database, "clarke")
    with database.writing() as session:
        function = session.scalars(select(ReviewFunction)).one()
        draft = begin_draft(session, academy_id=function.academy_id, author_id=by, title="A", at=START)
        session.add(
            ReviewAct(
                draft_id=draft.id,
                kind=ReviewKind.APPROVED,
                digest="0" * 64,
                by_id=by,
                function_id=function.id,
                note="",
                at=START,
            )
        )
    assert "stays on record" in page.press("Remove: Legal adviser").words


def test_another_academy_has_no_such_page(visit: Visits):
    frost = visit("frost")
    assert frost.fetch(WHERE).status_code == 404
    assert "Who approves content" not in frost.get("/academy").words
