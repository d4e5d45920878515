"""A panel as its people live it: from the first form to the adopted key, and everything that can go wrong."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from pme import cli
from pme.assessment.models import Attempt
from pme.audit import AuditEntry
from pme.content.catalogue import current, pinned
from pme.content.edit import published_tree
from pme.content.provenance import rated_keys, whose_key
from pme.content.render import Renderer
from pme.content.shapes import Scenario
from pme.db import Database
from pme.judging.models import Panel, PanelState, Trade
from tests.authoring.reviewing import let_review, require
from tests.conftest import Visits
from tests.content.small_bank import BANK, with_bank
from tests.content.small_library import QUIZ, SCENARIO, Shelf
from tests.support import student
from tests.support.client import Page, Visit
from tests.support.panels import (
    BEST,
    SECOND_DUE,
    Rates,
    all_answer,
    answer_round,
    best,
    invite,
    open_panel,
    publish_files,
    published_shelf,
    seated,
)


@pytest.fixture
def shelf(database: Database, tmp_path: Path) -> Shelf:
    return published_shelf(database, tmp_path)


def hesitant(option: str) -> str:
    return "3" if option.startswith(BEST) else "2"


def closed_panel(
    database: Database,
    clarke: Visit,
    rates: Rates = best,
    first: Rates = hesitant,
    count: int = 10,
    **more: str,
) -> Page:
    """The page of a panel after both rounds."""
    page = open_panel(clarke, **more)
    links = seated(database, page, count)
    all_answer(database, links, first)
    page = clarke.get(page.path).press("Close round 1").press("Open round two", due=SECOND_DUE)
    all_answer(database, links, rates)
    return clarke.get(page.path).press("Close round 2")


def test_where_an_academy_asks_for_approvals_a_key_goes_into_a_draft_first(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    page = open_panel(visit("clarke"))
    links = seated(database, page, 10)
    for number in (1, 2):
        all_answer(database, links, best)
        page = page.visit.get(page.path).press(f"Close round {number}")
        if number == 1:
            page = page.press("Open round two", due=SECOND_DUE)
    let_review(database, "baker")
    require(database, "Legal adviser", "baker")
    figures = page.follow("Figures of round 2")
    assert "ask for review" in figures.words
    assert figures.visit.send(f"{page.path}/adopt").status_code == 403
    with database.session() as session:
        assert session.scalars(select(Panel)).one().state is PanelState.CLOSED


def test_a_panel_goes_from_invitation_to_an_adopted_key(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    with database.session() as session:
        before = current(session).scenario("gate")
    assert before is not None
    page = open_panel(visit("clarke"))
    page, link = invite(page, 50, Trade.LEGAL)
    others = seated(database, page, 9)
    for number, rates in ((1, hesitant), (2, best)):
        assert f"You sent round {number} on" in answer_round(app, link, rates).words
        all_answer(database, others, rates)
        page = page.visit.get(page.path).press(f"Close round {number}")
        if number == 1:
            page = page.press("Open round two", due=SECOND_DUE)
    figures = page.follow("Figures of round 2")
    assert "3 of 3 decisions agreed" in figures.words.replace(
        "decisions agreed 3 of 3", "3 of 3 decisions agreed"
    )
    assert figures.words.count("Agreed") == 3
    file = figures.visit.fetch(f"{page.path}/file")
    assert file.headers["Content-Disposition"] == 'attachment; filename="gate.scenario.yaml"'
    text = file.get_data(as_text=True)
    assert "key: {by: panel, panel: [4, 4, 4, 4, 4, 4, 4, 4, 4, 4]}" in text
    assert "panel:\n  n: 10\n  date: 2" in text
    with database.session() as session:  # looking and downloading publish nothing
        assert current(session).scenario("gate") == before
    done = figures.press("Publish it")
    assert "Published." in done.words
    assert "Adopted" in done.words
    with database.session() as session:
        after = current(session).scenario("gate")
        panel = session.scalars(select(Panel)).one()
        acts = session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
        assert pinned(session, before.version_id, Scenario).content == before.content
    assert after is not None
    assert (panel.state, panel.adopted_version_id) == (PanelState.ADOPTED, after.version_id)
    assert after.content.version == "1.1.0"
    assert after.content.panel is not None
    assert (after.content.panel.n, sum(role.count for role in after.content.panel.composition)) == (10, 10)
    assert "panel adopted" in acts
    assert done.visit.fetch(f"{page.path}/file").get_data(as_text=True) == text
    again = done.visit.post(f"{page.path}/adopt")
    assert "adopted already" in again.words


def test_an_attempt_begun_before_stays_on_its_version_and_both_say_whose_key_it_is(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    gate = "/learn/core/listening/scenario/gate"
    adams = visit("adams")
    opened = adams.get(gate).press("Begin the scenario")
    closed_panel(database, visit("clarke")).follow("Figures of round 2").press("Publish it")
    for option in ("Listen", "Offer help", "Hand over"):
        opened = student.decide(opened, option)
    assert "Keyed by its author" in opened.words or "keyed by" in opened.words
    assert "panel of 10" not in opened.words
    student.reflect(opened)
    fresh = adams.get(gate).press("Begin the scenario")
    for option in ("Listen", "Offer help", "Hand over"):
        fresh = student.decide(fresh, option)
    assert "Keyed by a panel of 10 (2 legal, 2 medical, 1 police" in fresh.words
    with database.session() as session:
        versions = session.scalars(select(Attempt.version_id).order_by(Attempt.id)).all()
    assert versions[0] != versions[1]


def test_what_a_panel_does_not_agree_on_keeps_its_key_and_is_to_be_rewritten(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    def rates(option: str) -> str:
        return "3" if option.startswith(("Go back", "Hand over", "Tell")) else best(option)

    page = closed_panel(database, visit("clarke"), rates)
    figures = page.follow("Figures of round 2")
    assert "No option reaches a mean of 3.5" in figures.words
    assert "leads the second by 0.00" in figures.words
    figures.press("Publish it")
    with database.session() as session:
        found = current(session).scenario("gate")
    assert found is not None
    kept = {part: [key.by for key in keys] for part, keys in rated_keys(found.content).items()}
    assert kept == {"d1": ["panel"] * 3, "d2": ["panel"] * 3, "d3": ["author"] * 3}


def test_a_key_that_breaks_the_scenario_is_not_published(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    """The panel calls the critical error best: the expert path would not pass any more."""

    def rates(option: str) -> str:
        return "4" if option.startswith(("Send her", "Offer help", "Hand over")) else "1"

    page = closed_panel(database, visit("clarke"), rates)
    refused = page.follow("Figures of round 2").press("Publish it")
    assert refused.status == 422
    assert "Nothing was published" in refused.words
    assert "gate.scenario.yaml, line" in refused.words
    with database.session() as session:
        found = current(session).scenario("gate")
        assert session.scalars(select(Panel)).one().state is PanelState.CLOSED
    assert found is not None
    assert found.content.panel is None


def test_words_changed_since_make_the_figures_those_of_earlier_words(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    page = closed_panel(database, visit("clarke"))
    shelf.change(SCENARIO, "text: Listen", "text: Listen to her")
    with Renderer() as renderer, database.writing() as session:
        shelf.renderer = renderer
        publish_files(session, shelf)
    told = page.follow("Figures of round 2").press("Publish it")
    assert "The words have been changed since the panel judged them" in told.words


def test_too_few_people_give_no_key(shelf: Shelf, database: Database, visit: Visits):
    page = closed_panel(database, visit("clarke"), count=4)
    figures = page.follow("Figures of round 2")
    assert "N too small: 4 of at least 10 panellists" in figures.words
    assert "no survivor adviser" in figures.words.lower()
    assert "Publish it" not in figures.words
    assert "This key cannot be adopted: n too small" in figures.visit.post(f"{page.path}/adopt").words
    assert figures.visit.fetch(f"{page.path}/file").status_code == 409


def test_judges_set_a_pass_mark_and_its_date_and_number_are_told(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    page = open_panel(visit("clarke"), "angoff/quiz/listening-check")
    links = seated(database, page, 10)
    for number, link in enumerate(links):
        all_answer(database, [link], lambda _, n=number: str(60 + n))  # type: ignore[misc]
    page = page.visit.get(page.path).press("Close round 1")
    assert "64.5" in page.follow("Figures of round 1").words
    page = page.press("Open round two", due=SECOND_DUE)
    first = Visit(app).get(f"{links[0]}/1")
    assert "In round one you said 60. All 10 judges: mean 64.50, SD 3.03, from 60 to 69." in first.words
    assert "Give a number from 0 to 100." in first.press("Save and continue", **{"rate-1": ""}).words
    assert "Choose from 0 to 100" in first.press("Save and continue", **{"rate-1": "101"}).words
    assert "You sent round 2 on" in answer_round(app, links[0], lambda _: "70").words
    for number, link in enumerate(links[1:], start=1):
        all_answer(database, [link], lambda _, n=number: str(70 + n % 2))  # type: ignore[misc]
    figures = page.visit.get(page.path).press("Close round 2").follow("Figures of round 2")
    for says in ("70.5", "0.5", "0.2", "71 of 100: the cut, rounded up", "90 of 100, set by its author"):
        assert says in figures.words, says
    assert "Published." in figures.press("Publish it").words
    with database.session() as session:
        quiz = current(session).quiz("listening-check")
    assert quiz is not None
    standard = quiz.content.pass_rule.standard
    assert quiz.content.pass_rule.min_percent == 71
    assert standard is not None
    assert (standard.method, standard.judges) == ("mastery-angoff", 10)


def test_who_does_not_keep_the_content_downloads_the_file_and_publishes_nothing(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    page = closed_panel(database, visit("hayes"))
    figures = page.follow("Figures of round 2")
    assert "Publish it" not in figures.words
    assert "Send the file there" in figures.words
    assert figures.visit.send(f"{page.path}/adopt").status_code == 403
    assert figures.visit.fetch(f"{page.path}/file").status_code == 200
    assert visit("clarke").fetch(page.path).status_code == 404


def test_a_rating_question_of_a_bank_is_keyed_in_the_bank(
    app: Flask, shelf: Shelf, database: Database, visit: Visits
):
    with Renderer() as renderer, database.writing() as session:
        shelf.renderer = renderer
        publish_files(session, with_bank(shelf))

    def rates(text: str) -> str:
        return {"Ask what she needs": "4", "Take her papers": "1"}.get(text, "2")

    page = closed_panel(database, visit("clarke"), rates, subject="rating/quiz/listening-check")
    archive = page.visit.fetch(f"{page.path}/file")
    with ZipFile(BytesIO(archive.get_data())) as files:
        assert files.namelist() == ["listening-check.quiz.yaml", "listening-bank.bank.yaml"]
    page.follow("Figures of round 2").press("Publish it")
    with database.session() as session:
        quiz = current(session).quiz("listening-check")
        texts = published_tree(session)
    assert quiz is not None
    assert whose_key(quiz.content).startswith("rating questions keyed by a panel of 10 (2 legal")
    assert {key.panel for keys in rated_keys(quiz.content).values() for key in keys} == {
        (4,) * 10,
        (1,) * 10,
        (2,) * 10,
    }
    assert "key: {by: panel, panel: [4, 4" in texts.text(BANK)
    assert "panel:\n  n: 10" in texts.text(QUIZ)


def test_the_next_publishing_of_the_folder_keeps_an_adopted_key_and_says_what_the_folder_lacks(
    environment: dict[str, str],
    shelf: Shelf,
    database: Database,
    visit: Visits,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    folders = {
        "PME_MODULES_DIR": str(shelf.root / "modules"),
        "PME_QUIZZES_DIR": str(shelf.root / "quizzes"),
    }
    for name, value in (environment | folders).items():
        monkeypatch.setenv(name, value)
    assert cli.main(["publish"]) == 0
    page = closed_panel(database, visit("clarke"))
    text = page.visit.fetch(f"{page.path}/file").get_data(as_text=True)
    page.follow("Figures of round 2").press("Publish it")
    assert cli.main(["drift"]) == 1
    assert SCENARIO in capsys.readouterr().out
    assert cli.main(["publish"]) == 0  # as every start does
    with database.session() as session:
        kept = current(session).scenario("gate")
    assert kept is not None
    assert kept.content.panel is not None
    shelf.write(SCENARIO, text)  # the download, put into the folder
    assert cli.main(["publish"]) == 0
    assert cli.main(["drift"]) == 0
