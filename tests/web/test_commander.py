"""The page for commanders on screen and on paper: of one academy, for a period, on record, and without few people."""

import io

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select

from pme.audit import AuditEntry
from pme.db import Database
from tests.conftest import Visits
from tests.reports.test_commander import CROWD, play
from tests.support.cast import AWAY
from tests.support.client import Visit
from tests.support.completed import Learner, bring

PAGE = "/academy/reports/courses/core/commander"
MONTHS = f"{PAGE}?first=2026-03&last=2026-04"


@pytest.fixture
def crowd(database: Database) -> None:
    with database.writing() as session:
        bring(session, CROWD)
        bring(session, [Learner(f"Gil {n}", unit="Away unit") for n in range(9)], academy=AWAY)
        for number in range(20):
            play(session, number, "listen" if number < 17 else "shout", "nothing" if number < 9 else "help")


def on_paper(visit: Visit, where: str = MONTHS, marking: str = "EXERCISE SECRET") -> str:
    response = visit.send(where, marking=marking)
    assert response.status_code == 200, response.get_data(as_text=True)[:2000]
    assert response.content_type == "application/pdf"
    pdf = pypdf.PdfReader(io.BytesIO(response.get_data()))
    assert len(pdf.pages) == 1
    width, height = pdf.pages[0].mediabox[2:]
    assert (round(float(width)), round(float(height))) == (595, 842)
    return " ".join(pdf.pages[0].extract_text().split())


@pytest.mark.usefixtures("crowd")
def test_a_commander_reads_the_same_on_screen_and_on_one_sheet(visit: Visits, database: Database):
    page = visit("evans").get("/academy/reports").follow("Core course")
    assert page.path == PAGE
    page = visit("evans").get(MONTHS)
    paper = on_paper(visit("keller"))
    for said in (
        "19 people completed the course from 1\u00a0March\u00a02026 to 30\u00a0April\u00a02026",
        "9 of 20 (45\u00a0%)",
        "Other units together",
        "1 other critical action somebody failed",
        "What to teach again",
    ):
        assert " ".join(said.split()) in " ".join(page.words.split()), said
        assert " ".join(said.split()) in paper, said
    assert paper.count("EXERCISE SECRET") == 2
    assert "Page 1 of 1" in paper
    for hidden in ("Away unit", "3rd", "4th", "Gil", "CA1", "3 of 20", "(15\u00a0%)", "17 of 20"):
        assert hidden not in page.words
        assert hidden not in paper
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "report exported")).one()
        assert entry.subject == "page for commanders core"
        assert entry.detail == {"form": "pdf", "first": "2026-03", "last": "2026-04"}


REFUSED = {
    "first=March&last=2026-04": "Give a month, like 2026-03.",
    "first=2026-13&last=2026-04": "Give a month, like 2026-03.",
    "first=2026-05&last=2026-04": "The period ends before it begins. Swap the two months.",
    "first=2020-01&last=2026-04": "Choose at most 36 months",
}


def test_a_period_that_cannot_be_is_refused_in_a_sentence(visit: Visits):
    evans = visit("evans")
    for query, says in REFUSED.items():
        page = evans.get(f"{PAGE}?{query}")
        assert page.status == 422
        assert says in page.words
        assert query.split("&", maxsplit=1)[0].partition("=")[2] in page.text
        assert evans.send(f"{PAGE}?{query}", marking="").status_code == 422
    assert evans.post(MONTHS, marking="X" * 61).status == 422
    assert evans.fetch("/academy/reports/courses/nowhere/commander").status_code == 404
    assert evans.send("/academy/reports/courses/nowhere/commander").status_code == 404


def test_a_course_of_nobody_and_one_of_few_are_told_in_sentences(
    app: Flask, visit: Visits, database: Database
):
    page = visit("evans").get(PAGE)
    assert "Nobody completed the course" in page.words
    assert "too few to say what is mastered" in page.words
    assert "Nobody completed the course" in on_paper(visit("evans"), PAGE, "")
    with database.writing() as session:
        bring(session, CROWD[:3])
    page = visit("evans").get(MONTHS)
    assert "Fewer than 5 people completed the course" in page.words
    assert "too few to show when, or from which units" in page.words
    assert "1st" not in page.words


def test_nothing_that_students_chose_for_their_own_protection_is_on_the_page(visit: Visits, crowd: None):
    page = visit("evans").get(MONTHS)
    for word in ("alternative", "pause", "content note", "equal way", "support"):
        assert word not in page.words.lower()
