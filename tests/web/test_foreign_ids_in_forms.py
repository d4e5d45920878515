"""The ids that forms and the questions of addresses send along: those of another academy are as those of nobody."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from pme.db import Database
from tests.conftest import Visits
from tests.support.cast import email_of
from tests.support.foreign import Half, furnish
from tests.web.test_foreign_ids import NEVER, Asker, Probe, kept, owned, rows_of, strongest

NOBODYS = {"email": "nobody@home.example", "joining": "2" * 12, "code": "ZZZZ"}
"""What nobody has, where it is no number."""


@dataclass(frozen=True)
class Sent:
    """A field `name` that holds what `owned` calls `of`, beside other fields; `own` names those of one's own."""

    method: str
    endpoint: str
    name: str
    of: str
    others: dict[str, Any] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    in_address: bool = False


TIME = {"time_percent": "150", "break_minutes": "0"}
SENT = (
    Sent("GET", "academy.course_board", "cohort", "cohort_id"),
    Sent("GET", "academy.enrol", "cohort", "cohort_id"),
    Sent("GET", "academy.enrolments", "cohort", "cohort_id"),
    Sent("GET", "academy.report", "cohort", "cohort_id"),
    Sent("GET", "author.bibliography", "draft", "draft_id"),
    Sent("GET", "instructor.board", "cohort", "cohort_id"),
    Sent("GET", "instructor.quiz_quality", "version", "version_id"),
    Sent("GET", "instructor.students", "cohort", "cohort_id"),
    Sent("POST", "academy.answer_request", "cohort", "other_cohort"),
    Sent("POST", "academy.approvals_change", "function", "function", {"act": "require"}),
    Sent("POST", "academy.approvals_hold", "function", "function"),
    Sent("POST", "academy.approvals_hold", "person", "reviewer", own={"function": "function"}),
    Sent("POST", "academy.approve_requests", "cohort", "cohort_id", {}, {"request": "request_id"}),
    Sent("POST", "academy.approve_requests", "request", "request_id"),
    Sent("POST", "academy.arrange_time", "email", "email", TIME),
    Sent("POST", "academy.change_enrolments", "enrolment", "enrolment_id", {"go": "withdraw"}),
    Sent("POST", "academy.change_enrolments", "enrolment", "enrolment_id", {"go": "move"}),
    Sent(
        "POST", "academy.change_enrolments", "to", "cohort_id", {"go": "move"}, {"enrolment": "enrolment_id"}
    ),
    Sent(
        "POST",
        "academy.change_enrolments",
        "enrolment",
        "enrolment_id",
        {"go": "extend", "due": "2027-05-01", "reason": "Ill."},
    ),
    Sent("POST", "academy.change_people", "person", "person_id", {"go": "suspend"}),
    Sent("POST", "academy.cohort_instructors", "person", "author"),
    Sent("POST", "academy.enrol_people", "cohort", "cohort_id", {"course": "core"}, {"person": "person_id"}),
    Sent("POST", "academy.enrol_people", "from", "cohort_id", {"course": "core", "go": "cohort"}),
    Sent("POST", "academy.enrol_people", "person", "person_id", {"course": "core"}),
    Sent("POST", "academy.keep_people", "person", "proposal"),
    Sent("POST", "academy.report_file", "cohort", "cohort_id", {"form": "csv"}, in_address=True),
    Sent("POST", "academy.save_view", "cohort", "cohort_id", {"name": "Mine"}, in_address=True),
    Sent("POST", "account.go_to", "academy", "academy_id"),
    Sent("POST", "author.arrange_task", "holder", "author", {"due_on": "2027-05-01"}),
    Sent("POST", "author.change_reviews", "due", "task_id", {"go": "arrange", "until": "2027-05-01"}),
    Sent("POST", "author.change_reviews", "due", "task_id", {"go": "close", "outcome": "Read."}),
    Sent("POST", "author.change_reviews", "holder", "author", {"go": "arrange"}, {"due": "task_id"}),
    Sent("POST", "author.close_comment", "reply", "comment"),
    Sent("POST", "author.close_outside_comment", "reply", "remark"),
    Sent("POST", "instructor.change_students", "cohort", "cohort_id"),
    Sent("POST", "instructor.change_students", "student", "enrolment_id"),
    Sent("POST", "instructor.change_students", "to", "cohort_id", own={"student": "enrolment_id"}),
    Sent("POST", "instructor.move_students", "student", "enrolment_id", {"go": "out"}),
    Sent("POST", "student.join_by_code", "code", "joining"),
)


@pytest.mark.database("sqlite")
def test_ids_that_are_sent_along_are_as_those_of_nobody(app: Flask, database: Database, visit: Visits):
    asker = Asker(visit)
    home, away = furnish(app, database)
    before, wrong = rows_of(database, away.belongings.academy), []
    with kept(database) as put_back:
        for one in SENT:
            answers = []
            probe, values = as_probe(app, one, home, away)
            is_asked = one.method == "GET" or one.in_address
            for value in values:
                where = f"{probe.own}?{one.name}={value}" if is_asked else probe.own
                mine = owned(app, one.endpoint, home, is_home=True)
                fields = one.others | {name: mine[of] for name, of in one.own.items()}
                answers.append(asker.ask(probe, where, **fields | {one.name: value}))
                if one.method == "POST":
                    assert rows_of(database, away.belongings.academy) == before, probe
                    put_back()
            theirs, nobodys, own = answers
            if theirs != nobodys:
                wrong.append(f"{probe}: {theirs} and {nobodys}")
            if own == nobodys:
                wrong.append(f"{probe}: one’s own changes nothing either: {own.status}")
    assert not wrong, "\n".join(wrong)


def as_probe(app: Flask, one: Sent, home: Half, away: Half) -> tuple[Probe, tuple[Any, Any, Any]]:
    """The address that a field is sent to, one's own, and what stands in it: theirs, nobody's and one's own."""
    mine = owned(app, one.endpoint, home, is_home=True) | {"email": email_of("adams")}
    theirs = owned(app, one.endpoint, away, is_home=False) | {"email": email_of("gray")}
    nobodys = NOBODYS.get(one.of, NEVER)
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == one.endpoint)
    with app.test_request_context():
        where = app.url_for(one.endpoint, **{name: mine[name] for name in rule.arguments})
    who, echoes = strongest(one.method, one.endpoint), (str(theirs[one.of]), str(nobodys), str(mine[one.of]))
    return Probe(one.method, one.endpoint, who, (one.name,), where, where, where, echoes), (
        theirs[one.of],
        nobodys,
        mine[one.of],
    )
