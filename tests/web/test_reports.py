"""Reports as staff see and take them: one query for the screen and every file, each act on record."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pypdf
import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import select, update

from pme.audit import AuditEntry
from pme.db import Database
from pme.jobs.models import Job
from pme.people.models import Personnel
from pme.reports import export
from pme.reports.datasets.registry import DATASETS
from pme.reports.files.form import Form
from pme.stores.chosen import scratch_of
from tests.conftest import Visits
from tests.reports.told import PEOPLE
from tests.support.cast import AWAY
from tests.support.client import Page, Visit
from tests.support.completed import Learner, bring
from tests.support.work import run_jobs

COMPLETIONS = "/academy/reports/completions"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def learners(database: Database) -> None:
    with database.writing() as session:
        bring(session, PEOPLE)
        bring(session, [Learner("Gil", unit="Away unit", cohort="Away class")], academy=AWAY)


def first_column(page: Page) -> list[str]:
    assert page.tree is not None
    found = page.tree.xpath("//table[caption[@id='rows']]/tbody/tr/th")
    return [" ".join(cell.xpath("string()").split()) for cell in found]


def take(visit: Visit, form: str, where: str = COMPLETIONS, **more: str) -> bytes:
    path, _, query = where.partition("?")
    data: dict[str, Any] = {"form": form, "marking": "UNCLASSIFIED", **more}
    response = visit.send(f"{path}/file?{query}", **data)
    assert response.status_code == 200, response.get_data(as_text=True)[:2000]
    assert response.headers["Content-Disposition"].startswith('attachment; filename="')
    return response.get_data()


def names_of_csv(content: bytes) -> list[str]:
    return [row["name"] for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]


@pytest.mark.usefixtures("learners")
def test_a_report_is_narrowed_and_sorted_by_links(visit: Visits):
    page = visit("evans").get("/academy").follow("Reports").follow("Completions")
    assert first_column(page) == ["Ana", "Ben", "Cai", "Dor"]
    assert "Completions by month" in page.words
    assert "Gil" not in page.text
    assert "Away" not in page.text.replace("Away Academy", "")
    falling = page.follow("Result (%)").follow("Result (%) ▲")
    assert first_column(falling)[0] == "Dor"
    assert 'aria-sort="descending"' in falling.text
    narrowed = falling.submit(unit="1st")
    assert first_column(narrowed) == ["Ana", "Cai"]  # the order is kept
    assert names_of_csv(take(visit("evans"), "csv", f"{COMPLETIONS}?unit=1st&sort=-percent")) == [
        "Ana",
        "Cai",
    ]


REFUSED = {
    "since=yesterday": "Give a date, like 2026-03-02.",
    "since=2026-03-02&until=2026-03-01": "The period ends before it begins",
    "unit=Nobody": "Choose one from the list",
    "unit=Away+unit": "Choose one from the list",
    "cohort=999999": "Choose one from the list",
    "courses=nothing": "Choose one from the list",
    "status=nothing": "Choose one from the list",
}


@pytest.mark.usefixtures("learners")
def test_what_cannot_be_a_filter_is_answered_in_a_sentence(visit: Visits):
    evans = visit("evans")
    for query, says in REFUSED.items():
        page = evans.get(f"{COMPLETIONS}?{query}")
        assert page.status == 422
        assert says in page.words
        if query.startswith("since"):  # what was typed stands there still
            assert query.split("&", maxsplit=1)[0].partition("=")[2] in page.text
    assert evans.send(f"{COMPLETIONS}/file?{query}", form="csv").status_code == 422


def test_every_report_has_a_page_a_dictionary_and_an_empty_file(visit: Visits):
    evans = visit("evans")
    for name in DATASETS:
        look_at(evans, name)


def look_at(evans: Visit, name: str) -> None:
    page = evans.get(f"/academy/reports/{name}")
    assert page.status == 200
    dictionary = page.follow("What the columns mean")
    told = list(
        csv.DictReader(
            io.StringIO(evans.fetch(f"{dictionary.path}.csv", buffered=True).text.lstrip("\ufeff"))
        )
    )
    assert [row["column"] for row in told] == list(DATASETS[name].shape.keys)
    for key in DATASETS[name].shape.keys:
        assert key in dictionary.words
    if name != "progress":  # of the cast, who is enrolled
        said = json.loads(take(evans, "json", f"/academy/reports/{name}"))
        assert (said["rows"], said["count"]) == ([], 0)


def test_an_unknown_report_is_not_found(visit: Visits):
    evans = visit("evans")
    assert evans.fetch("/academy/reports/nothing").status_code == 404
    assert evans.send("/academy/reports/nothing/file", form="csv").status_code == 404
    assert evans.send(f"{COMPLETIONS}/file", form="exe").status_code == 404


@pytest.mark.usefixtures("learners")
def test_the_same_rows_stand_in_every_file(visit: Visits):
    evans = visit("evans")
    assert names_of_csv(take(evans, "csv")) == ["Ana", "Ben", "Cai", "Dor"]
    said = json.loads(take(evans, "json"))
    assert [row["name"] for row in said["rows"]] == ["Ana", "Ben", "Cai", "Dor"]
    assert (said["count"], said["schema_version"], said["marking"]) == (4, 1, "UNCLASSIFIED")
    assert said["rows"][0]["completed_at"] == "2026-03-03T08:00:00Z"
    assert said["rows"][2]["rank"] is None
    cells = sheet_of(take(evans, "xlsx"))
    assert [row["name"] for row in cells[1:]] == ["Ana", "Ben", "Cai", "Dor"]
    assert cells[1]["completed_at"] == pytest.approx(46_084 + 1 / 3)  # 3 March 2026, 08:00
    assert cells[1]["percent"] == 80.0
    pdf = pypdf.PdfReader(io.BytesIO(take(evans, "pdf")))
    text = pdf.pages[0].extract_text()
    assert text.count("UNCLASSIFIED") == 2
    assert "Page 1 of 1" in text
    assert "Completions by month" in text
    assert [name for name in ("Ana", "Ben", "Cai", "Dor", "Gil") if name in text] == [
        "Ana",
        "Ben",
        "Cai",
        "Dor",
    ]


def sheet_of(content: bytes) -> list[dict[str, str | float]]:
    """The cells of the first sheet as they are stored: texts as texts, numbers as numbers."""
    with ZipFile(io.BytesIO(content)) as book:
        tree = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert tree.find(f".//{SHEET}pane").get("state") == "frozen"
    assert tree.findall(f".//{SHEET}col")
    return [{_column(cell): _cell(cell) for cell in row} for row in tree.iter(f"{SHEET}row")]


def _column(cell: Any) -> str:
    place = ord(cell.get("r")[0]) - ord("A")  # no sheet here has more than 26 columns
    return DATASETS["completions"].shape.keys[place]


def _cell(cell: Any) -> str | float:
    if cell.get("t") == "inlineStr":
        return str(cell.findtext(f"{SHEET}is/{SHEET}t"))
    return float(cell.findtext(f"{SHEET}v"))


@pytest.mark.usefixtures("learners")
def test_a_name_that_is_a_formula_or_markup_is_only_a_name(visit: Visits, database: Database):
    name = '=HYPERLINK("http://x")<script>'
    with database.writing() as session:
        session.execute(update(Personnel).where(Personnel.name == "Ana").values(name=name))
    evans = visit("evans")
    assert name in evans.get(COMPLETIONS).words
    assert names_of_csv(take(evans, "csv"))[0] == f"'{name}"
    content = take(evans, "xlsx")
    assert sheet_of(content)[1]["name"] == name
    with ZipFile(io.BytesIO(content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
    assert "=HYPERLINK" in pypdf.PdfReader(io.BytesIO(take(evans, "pdf"))).pages[0].extract_text()


@pytest.mark.usefixtures("learners")
def test_the_byte_order_mark_is_an_option(visit: Visits):
    evans = visit("evans")
    assert not take(evans, "csv").startswith(b"\xef\xbb\xbf")
    assert take(evans, "csv", mark="y").startswith(b"\xef\xbb\xbf")


@pytest.mark.usefixtures("learners")
def test_every_file_is_on_record_without_what_it_was_narrowed_to(visit: Visits, database: Database):
    take(visit("evans"), "csv", f"{COMPLETIONS}?unit=1st")
    take(visit("keller"), "json")
    with database.session() as session:
        found = session.scalars(
            select(AuditEntry).where(AuditEntry.act == "report exported").order_by(AuditEntry.id)
        ).all()
        assert [entry.detail for entry in found] == [
            {"form": "csv", "narrowed by": ["unit"]},
            {"form": "json", "narrowed by": []},
        ]
        assert {entry.subject for entry in found} == {"report completions"}


def test_a_marking_that_cannot_be_printed_is_refused_beside_its_field(visit: Visits, learners: None):
    evans = visit("evans")
    answer = evans.post(f"{COMPLETIONS}/file", form="pdf", marking="X" * 61)
    assert answer.status == 422
    assert "Use at most 60 characters." in answer.words
    assert "X" * 61 in answer.text


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is large."""
    monkeypatch.setattr(Form, "most_at_once", property(lambda _: 1))
    monkeypatch.setattr(export, "PART", 2)


@pytest.fixture(autouse=True)
def nothing_lies_about(app: Flask) -> Iterator[None]:
    yield
    for path in scratch_of(app.extensions["pme_settings"]).glob("*"):
        path.unlink()


@pytest.mark.usefixtures("learners", "small_limits")
def test_a_large_file_is_made_in_the_background_and_is_the_same(app: Flask, visit: Visits):
    evans = visit("evans")
    for form in ("csv", "xlsx", "json", "pdf"):
        page = evans.post(f"{COMPLETIONS}/file?sort=-name", form=form)
        assert f"Completions as {form.upper()}" in page.title
        run_jobs(app)
        done = evans.get(page.path)
        assert "Ready" in done.words
        assert done.tree is not None
        content = evans.fetch(
            done.tree.xpath("string(//main//a[starts-with(., 'Download')]/@href)"), buffered=True
        ).data
        match form:
            case "csv":
                assert names_of_csv(content) == ["Dor", "Cai", "Ben", "Ana"]
            case "json":
                assert [row["name"] for row in json.loads(content)["rows"]] == ["Dor", "Cai", "Ben", "Ana"]
            case "xlsx":
                assert [row["name"] for row in sheet_of(content)[1:]] == ["Dor", "Cai", "Ben", "Ana"]
            case _:
                assert "Page 1 of 1" in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert not list(scratch_of(app.extensions["pme_settings"]).glob("*.rows"))


@pytest.mark.usefixtures("learners", "small_limits")
@pytest.mark.parametrize("has_changed", [False, True])
def test_a_job_that_was_stopped_goes_on_where_it_was(
    app: Flask, visit: Visits, database: Database, monkeypatch: pytest.MonkeyPatch, has_changed: bool
):
    evans = visit("evans")
    page = evans.post(f"{COMPLETIONS}/file", form="json")
    told = export._tell
    read: list[int] = []

    def stop(*arguments: object) -> None:
        told(*arguments)  # type: ignore[arg-type]
        raise export_stopped

    export_stopped = RuntimeError("the power went")
    monkeypatch.setattr(export, "_tell", stop)
    run_jobs(app, raises=False)
    if has_changed:
        with database.writing() as session:
            session.execute(update(Personnel).where(Personnel.name == "Ben").values(name="Bea"))
    parts = export._parts

    def counted(rows: Iterator[tuple[object, ...]]) -> Iterator[list[object]]:
        for part in parts(rows):  # type: ignore[arg-type]
            read.append(len(part))
            yield part  # type: ignore[misc]

    monkeypatch.setattr(export, "_tell", told)
    monkeypatch.setattr(export, "_parts", counted)
    with database.writing() as session:
        session.execute(update(Job).values(not_before=Job.created_at))
    run_jobs(app)
    done = evans.get(page.path)
    assert "Ready" in done.words
    assert done.tree is not None
    content = evans.fetch(
        done.tree.xpath("string(//main//a[starts-with(., 'Download')]/@href)"), buffered=True
    ).data
    second = "Bea" if has_changed else "Ben"
    assert [row["name"] for row in json.loads(content)["rows"]] == ["Ana", second, "Cai", "Dor"]
    assert sum(read) == (4 if has_changed else 2)


@pytest.mark.usefixtures("learners")
def test_more_than_paper_holds_is_refused_in_a_sentence(visit: Visits, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Form, "most", property(lambda form: 3 if form is Form.PDF else None))
    answer = visit("evans").post(f"{COMPLETIONS}/file", form="pdf", marking="")
    assert answer.status == 422
    assert (
        "A PDF holds up to 3 rows, and this report has 4. Filter it, or download it as a spreadsheet."
        in answer.words
    )


def test_a_long_report_comes_page_by_page(visit: Visits, database: Database):
    with database.writing() as session:
        bring(session, [Learner(f"Student {number:03}", after=number / 100) for number in range(120)])
    evans = visit("evans")
    found = []
    for number in (1, 2, 3):
        found += first_column(evans.get(f"{COMPLETIONS}?page={number}"))
    assert found == [f"Student {number:03}" for number in range(120)]
    assert first_column(evans.get(f"{COMPLETIONS}?page=99")) == found[100:]
