"""What a roster would change, row by row: found before anything is done."""

import pytest

from pme.people.models import Standing
from pme.rosters.columns import COLUMNS, LANGUAGES, heading_of, keys_by_heading
from pme.rosters.plan import Ground, Known, Plan, Taking, plan
from pme.rosters.rows import day_of, number_of, read_roster
from pme.words.speech import speaking

ADA = Known(
    1,
    "ada@a.example",
    {
        "name": "Ada",
        "rank": "Captain",
        "nation": "",
        "service": "",
        "unit": "",
        "external_id": "7",
        "language": "",
    },
    frozenset({"student"}),
    Standing.ACTIVE,
    takes={"core": Taking(is_active=True, cohort="Spring")},
)
BOSS = Known(
    2, "boss@a.example", {"name": "Boss"}, frozenset({"administrator"}), Standing.ACTIVE, may_be_changed=False
)
GROUND = Ground(
    people=(ADA, BOSS),
    courses={"core": "The core course", "next": "The next course"},
    needs={"next": ("core",)},
    grantable=frozenset({"student"}),
    by_id=9,
)


def planned(*lines: str, ground: Ground = GROUND) -> Plan:
    read = read_roster([line.split(";") for line in lines])
    found = plan(read.rows, ground)
    return Plan(found.changes, (*read.problems, *found.problems))


def problems(*lines: str) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.says) for p in planned(*lines).problems]


def test_new_people_are_added_and_enrolled_and_known_ones_changed():
    found = planned(
        "E-mail;Full name;GRADE;Course;Cohort;external id",
        "new@a.example;New Person;Major;The Core Course;Autumn;8",
        "ada@a.example;;Major;core;Autumn;",
    )
    assert not found.problems
    new, ada = found.changes
    assert new.is_new
    assert new.roles == ["student"]
    assert new.takes == [["enrol", "core", "Autumn"]]
    assert ada.facts == {"rank": ["Captain", "Major"]}
    assert ada.takes == [["move", "core", "Autumn"]]
    assert found.counts | {"same": 0} == {
        "create": 1, "update": 1, "enrol": 1, "move": 1, "withdraw": 0, "suspend": 0, "reinstate": 0, "same": 0,
    }  # fmt: skip


def test_what_is_there_already_changes_nothing():
    found = planned("email;name;course;cohort;standing;roles", "ada@a.example;Ada;core;Spring;active;student")
    assert found.counts["same"] == 1
    assert found.digest == planned("email", "boss@a.example".replace("boss", "ada")).digest


def test_several_rows_are_about_one_person_in_several_courses():
    ground = Ground(GROUND.people, GROUND.courses, {}, GROUND.grantable, 9)
    found = planned("email;name;course", "n@a.example;N;core", "n@a.example;N;next", ground=ground)
    assert [change.takes for change in found.changes] == [[["enrol", "core", ""], ["enrol", "next", ""]]]
    again = planned("email;name;course", "n@a.example;N;core", "n@a.example;M;core", ground=ground)
    assert [(p.row, p.column) for p in again.problems] == [(3, "Name"), (3, "Course")]


def test_every_problem_is_found_at_once_by_row_and_column():
    found = problems(
        "email;name;roles;course;valid_until;standing;enrolment;language;time_percent",
        "not an address;X;;;;;;;",
        "new@a.example;;;;;;;;",
        "new2@a.example;N;wizard;;;;;;",
        "new3@a.example;N;administrator;;;;;;",
        "ada@a.example;;;cor;;;;;",
        "ada@a.example;;;next;;;;;",
        "ada@a.example;;;;31.02.2027;;;;",
        "ada@a.example;;;;;asleep;;;",
        "ada@a.example;;;;;;withdrawn;;",
        "ada@a.example;;;;;;;xx;",
        "ada@a.example;;;;;;;;112,5",
        "boss@a.example;Chief;;;;;;;",
        "new4@a.example;N;;next;;;;;",
        "new5@a.example;N;;;;suspended;;;",
        "new6@a.example;-;;;;;;;",
    )
    rows = {row: (column, says) for row, column, says in found}
    assert sorted(rows) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
    assert rows[2][0] == "E-mail"
    assert rows[3] == ("Name", "This person is new. Give the name.")
    assert "is not a role" in rows[4][1]
    assert "may not give" in rows[5][1]
    assert "Do you mean “core”?" in rows[6][1]
    assert "“The core course”" in rows[7][1]
    assert "hold a role" in rows[13][1]
    assert "“The core course”" in rows[14][1]


def test_numbers_and_addresses_never_point_at_two_people():
    found = problems(
        "email;name;external_id",
        "boss@a.example;;7",
        "ada2@a.example;;7",
        "n1@a.example;N;8",
        "n2@a.example;N;8",
        ";;99",
    )
    assert [(row, column) for row, column, _ in found] == [
        (2, "E-mail"), (3, "E-mail"), (5, "Number at the academy"), (6, "E-mail"),
    ]  # fmt: skip


def test_a_table_without_the_headings_says_so():
    assert "by which people are recognised" in problems("mail adress;name", "a@b.example;Ada")[0][2]
    assert "two columns" in problems("email;e-mail", "a@b.example;b")[0][2].lower()
    assert "no row" in problems("email;name")[0][2]
    assert read_roster([["email", "shoe size"], ["a@b.example", "42"]]).ignored == ("shoe size",)


def test_days_and_numbers_are_understood_as_people_write_them():
    assert {day_of(text).isoformat() for text in ("2027-06-05", "5.6.2027", "05/06/2027", "05-06-2027")} == {
        "2027-06-05"
    }
    assert [int(number_of(text)) for text in ("150", "150,0", "150.0", "150 %", "1 50")] == [150] * 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_heading_is_known_in_every_language(language: str):
    with speaking(language):
        titles = {column.key: str(column.title) for column in COLUMNS}
    assert {key: keys_by_heading()[heading_of(title)] for key, title in titles.items()} == {
        key: key for key in titles
    }
