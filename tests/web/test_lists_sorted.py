"""Lists of what an academy sent, asked for and sealed are sorted by every heading, narrowed, and leafed through."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from pme.authoring.sources import day_told
from pme.db import Database
from pme.jobs.models import Job, JobStatus
from pme.outbox.models import LetterState
from pme.returns.models import SealedReturn
from pme.xapi.models import Lrs, LrsStatement, StatementState
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.client import Page
from tests.support.foreign_rows import a_letter
from tests.support.people import academy_id_of, id_of
from tests.trail.test_search import acted
from tests.web.test_lists import column


def a_statement(here: int, person: int, number: int) -> LrsStatement:
    return LrsStatement(
        academy_id=here,
        person_id=person,
        statement_id=f"00000000-0000-4000-8000-{number:012d}",
        source="page",
        source_id=number,
        verb=("completed", "progressed", "passed")[number % 3],
        body="{}",
        occurred_at=START + timedelta(hours=number % 7),
        written_at=START,
        state=StatementState.REFUSED,
        problem=f"400 no such profile {number % 5}",
    )


def sent_and_sealed(session: Session) -> None:
    """Sixty letters, three jobs, four returns and sixty statements that an LRS refused, none in a usual order."""
    here, irving = academy_id_of(session), id_of(session, "irving")
    for number in range(60):
        letter = a_letter(here, irving, f"person-{(number * 7) % 60:02d}")
        letter.subject, letter.tries = f"Subject {(number * 11) % 60:02d}", number % 4
        letter.state = LetterState.FAILED if number % 10 == 0 else LetterState.SENT
        letter.problem = "Refused." if number % 10 == 0 else ""
        session.add_all([letter, a_statement(here, irving, (number * 13) % 60)])
    for title, status in (
        ("B file", JobStatus.DONE),
        ("C file", JobStatus.WAITING),
        ("A file", JobStatus.CANCELLED),
    ):
        session.add(
            Job(
                kind="report",
                academy_id=here,
                person_id=irving,
                title=title,
                payload={},
                created_at=START,
                not_before=START,
                status=status,
            )
        )
        session.flush()
    for number, (month, done, courses) in enumerate(((3, 7, 1), (1, None, 2), (2, 9, 3), (4, 8, 1)), start=1):
        session.add(
            SealedReturn(
                academy_id=here,
                number=number,
                since=date(2026, month, 1),
                until=date(2026, month, 28),
                courses=["core"] * courses,
                by_id=irving,
                asked_at=START,
                sealed_at=START + timedelta(days=month) if done else None,
                counts={} if done is None else {"completions": done},
            )
        )
    session.add(
        Lrs(
            academy_id=here,
            url="https://lrs.example/xapi",
            user="u",
            secret_sealed="s",
            next_try_at=START,
            set_by=irving,
            set_at=START,
        )
    )


def test_every_heading_sorts_both_ways_and_pages_stay_sorted(visit: Visits, database: Database):
    with database.writing() as session:
        sent_and_sealed(session)
    irving = visit("irving")
    for address, heads in {
        "/academy/letters": ["Letter", "To", "Attempts to send"],
        "/academy/lrs": ["What", "Why", "Id"],
        "/academy/jobs": ["What"],
        "/academy/returns": ["Courses"],
    }.items():
        page = irving.get(address)
        names = [" ".join(each.xpath("string()").split()) for each in page.tree.xpath("//main//thead//th")]
        for head in names:
            assert page.tree.xpath(f"count(//th[starts-with(normalize-space(), '{head.split()[0]}')]/a)"), (
                head
            )
        for head in heads:
            at = names.index(head)
            up = irving.get(address).follow(head)
            assert column(up, at) == sorted(column(up, at)), (address, head)
            down = up.follow(f"{head} ▲")
            assert column(down, at) == sorted(column(down, at), reverse=True), (address, head)
    second = irving.get("/academy/letters?sort=to").follow("Next")
    assert column(second, 1) == [f"person-{number}@mail.example" for number in range(50, 60)]
    assert len(column(irving.get("/academy/lrs?sort=why&page=2"), 0)) == 10
    states = column(irving.get("/academy/letters?sort=problem"), 3)
    assert states[:6] == ["Could not be sent"] * 6, "letters without a problem stand last"
    periods = column(irving.get("/academy/returns?sort=period"), 1)
    assert [period.split()[1] for period in periods] == ["January", "February", "March", "April"]
    assert column(irving.get("/academy/returns?sort=completions"), 3) == ["7", "8", "9", "–"]
    assert column(irving.get("/academy/returns?sort=-completions"), 3) == ["9", "8", "7", "–"]
    assert column(irving.get("/academy/jobs?sort=state"), 0) == ["C file", "B file", "A file"]
    for address in ("letters", "jobs", "lrs", "returns", "audit"):
        assert irving.get(f"/academy/{address}?sort=nothing&page=99999&before=99999999").status in (200, 403)


def test_letters_are_found_by_words_and_only_those_found_are_tried_again(visit: Visits, database: Database):
    with database.writing() as session:
        sent_and_sealed(session)
    irving = visit("irving")
    failed = irving.get("/academy/letters?sort=to").follow("Could not be sent (6)")
    assert "sort=to" in failed.response.request.full_path
    assert column(failed, 1) == [
        f"person-{number}@mail.example" for number in ("00", "10", "20", "30", "40", "50")
    ]
    found = failed.press("Search", q="person-3 MAIL")
    assert column(found, 1) == ["person-30@mail.example"]
    after = found.press("Retry the one that failed")
    assert "1 letter is tried again." in after.words
    assert "No letter found" in after.words, "the list is still narrowed"
    left = after.follow("Remove: Words: person-3 MAIL ×")
    assert len(column(left, 1)) == 5
    waiting = left.follow("Waits (1)")
    assert column(waiting, 1) == ["person-30@mail.example"]
    jobs = irving.get("/academy/jobs").follow("Ready (1)")
    assert column(jobs, 0) == ["B file"]
    assert "Dismiss 2 notices" in jobs.words, "whatever is shown"
    assert "Nothing in this state" in irving.get("/academy/jobs?state=failed").words


def numbers(page: Page) -> list[int]:
    return [int(text) for text in column(page, 0)]


def test_the_record_of_acts_is_leafed_through_by_whatever_it_is_sorted(visit: Visits, database: Database):
    acted(database, many=110)
    keller = visit("keller")
    for sort in ("number", "when", "who", "-who", "what", "-what", "to", "-to"):
        pages = [keller.get(f"/academy/audit?sort={sort}&subject=&since=2020-01-01")]
        pages += [pages[0].follow("Next")]
        pages += [pages[1].follow("Next")]
        whole = [number for page in pages for number in numbers(page)]
        assert sorted(whole) == list(range(1, len(whole) + 1)), "every act, and each once"
        assert len(whole) >= 110
        place = {"number": 0, "when": 0, "who": 2, "what": 3, "to": 4}[sort.removeprefix("-")]
        keys = [
            ("" if not place else text if place == 3 else text.split()[-1], int(number))
            for page in pages
            for text, number in zip(column(page, place), column(page, 0), strict=True)
        ]
        assert keys == sorted(keys, reverse=sort.startswith("-")), sort
        back = pages[2].follow("Previous")
        assert f"sort={sort}" in back.response.request.full_path
        assert numbers(back) == numbers(pages[1])
        assert numbers(back.follow("Previous")) == numbers(pages[0])
        assert "Previous" not in pages[0].words
        assert "Next" not in pages[2].words


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("12 August 1949", (1949, 8, 12)),
        ("updated 7 February 2024", (2024, 2, 7)),
        ("after May 2015", (2015, 5)),
        ("1975, text of May 2006", (1975,)),
        ("undated copy", ()),
    ],
)
def test_the_day_of_a_source_is_read_from_its_words(date: str, day: tuple[int, ...]):
    assert day_told(date) == day
