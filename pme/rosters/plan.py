"""What a roster would change, person by person, against what an academy knows already. Pure.

The same roster against what it made of the academy changes nothing: sending a file twice does no harm.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches

from pme.people.models import Role, Standing
from pme.rosters.columns import BY_KEY, EMPTY
from pme.rosters.rows import Problem, Row
from pme.words.speech import _

FACTS = ("name", "rank", "nation", "service", "unit", "external_id", "language")
STUDENT = Role.STUDENT.value


@dataclass(frozen=True)
class Taking:
    """How a person takes a course: whether they still do, and the name of the cohort or ""."""

    is_active: bool
    cohort: str = ""


@dataclass(frozen=True)
class Known:
    """What an academy knows of a person. `facts` are by the keys of columns, `until` is a day in ISO 8601 or ""."""

    person_id: int
    email: str
    facts: Mapping[str, str]
    roles: frozenset[str]
    standing: Standing
    until: str = ""
    may_be_changed: bool = True
    takes: Mapping[str, Taking] = field(default_factory=dict)
    completed: frozenset[str] = frozenset()
    waived: frozenset[str] = frozenset()
    time_percent: int = 100


@dataclass(frozen=True)
class Ground:
    """What a roster is held against: people, offered courses by slug with title, what each needs, one's own reach."""

    people: tuple[Known, ...]
    courses: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]
    grantable: frozenset[str]
    by_id: int


@dataclass
class Change:
    """What is done to one person; `person_id` is None for who is new. `facts` are what changes: was, becomes.

    `standing` is "suspend", "reinstate" or ""; `until` a last day, "" for none any more, None to leave it;
    `takes` holds (act, course, cohort) with act enrol, move or withdraw.
    """

    rows: list[int]
    email: str
    called: str
    person_id: int | None = None
    facts: dict[str, list[str]] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)
    standing: str = ""
    was_until: str = ""
    until: str | None = None
    takes: list[list[str]] = field(default_factory=list)
    time_percent: int | None = None

    @property
    def is_new(self) -> bool:
        """Whether the person is added."""
        return self.person_id is None

    @property
    def is_nothing(self) -> bool:
        """Whether the person stays as they are."""
        return not (
            self.is_new
            or self.facts
            or self.roles
            or self.standing
            or self.until is not None
            or self.takes
            or self.time_percent
        )


@dataclass(frozen=True)
class Plan:
    """Everything that a roster would do, in the order of its rows, and why it may not."""

    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many people are created, updated, suspended, reinstated, the same; how many enrolments change how."""
        counts: Counter[str] = Counter()
        for change in self.changes:
            is_touched = bool(change.facts or change.roles or change.until is not None or change.time_percent)
            counts["create"] += change.is_new
            counts["update"] += not change.is_new and is_touched
            counts["same"] += change.is_nothing
            if change.standing:
                counts[change.standing] += 1
            counts.update(act for act, _, _ in change.takes)
        return {name: counts[name] for name in COUNTED}

    @property
    def digest(self) -> str:
        """A hash of all that would be done: as long as it is the same, so is what was shown."""
        told = json.dumps(
            [asdict(change) for change in self.changes if not change.is_nothing], sort_keys=True
        )
        return hashlib.sha256(told.encode()).hexdigest()


COUNTED = ("create", "update", "enrol", "move", "withdraw", "suspend", "reinstate", "same")


def plan(rows: Iterable[Row], ground: Ground) -> Plan:
    """What the rows would change. A row with a problem changes nothing, and no row is carried out then."""
    return _Planning(ground).of(rows)


class _Planning:
    """One roster on its way to a plan."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.by_email = {known.email: known for known in ground.people}
        self.by_number = {n: known for known in ground.people if (n := known.facts.get("external_id"))}
        self.titles = {title.casefold(): slug for slug, title in ground.courses.items()}
        self.numbers: dict[str, str] = {n: known.email for n, known in self.by_number.items()}
        self.changes: dict[str, Change] = {}
        self.said: dict[str, dict[str, str]] = {}
        self.problems: list[Problem] = []

    def of(self, rows: Iterable[Row]) -> Plan:
        for row in rows:
            self._take(row)
        return Plan(tuple(self.changes.values()), tuple(self.problems))

    def _wrong(self, row: Row, key: str, says: str) -> None:
        self.problems.append(Problem(row.number, str(BY_KEY[key].title) if key else "", says))

    def _take(self, row: Row) -> None:
        found = len(self.problems)
        known = self._person(row)
        if len(self.problems) > found:
            return
        email = known.email if known else row.cells["email"]
        change = self.changes.get(email) or Change(
            [],
            email,
            " ".join(filter(None, self._called(row, known))),
            known.person_id if known else None,
        )
        change.rows.append(row.number)
        self.changes[email] = change
        if known is not None and not known.may_be_changed:
            self._wrong(row, "", _("You may not change this person: they hold a role that you may not give."))
            return
        self._facts(row, change, known)
        self._roles(row, change, known)
        self._standing(row, change, known)
        self._time(row, change, known)
        self._course(row, change, known)

    def _person(self, row: Row) -> Known | None:
        """Whom a row is about; None for somebody new. Says what is wrong where it cannot be told."""
        number, email = row.cells.get("external_id", ""), row.cells.get("email", "")
        by_number, by_email = self.by_number.get(number), self.by_email.get(email)
        if by_number and email and by_number is not by_email:
            if by_email:
                says = _(
                    "This number belongs to one person and this address to another. Correct one of them."
                )
            else:
                says = _(
                    "The person of this number has the address {email}. "
                    "Change an address on the person's own page.",
                    email=by_number.email,
                )
            self._wrong(row, "email", says)
            return None
        if known := by_number or by_email:
            return known
        if not email:
            says = _("Nobody at your academy has this number. For a new person, give an e-mail address.")
            self._wrong(row, "email", says if number else _("Give the person's e-mail address."))
        elif "name" not in row.cells and "name" not in self.said.get(email, {}):
            self._wrong(row, "name", _("This person is new. Give the name."))
        return None

    @staticmethod
    def _called(row: Row, known: Known | None) -> tuple[str, str]:
        facts = known.facts if known else {}
        rank = row.cells.get("rank", facts.get("rank", ""))
        return ("" if rank == EMPTY else rank), row.cells.get("name", facts.get("name", ""))

    def _agrees(self, row: Row, change: Change, key: str) -> bool:
        """Whether a cell says what earlier rows said of the same person."""
        text = row.cells[key]
        before = self.said.setdefault(change.email, {}).setdefault(key, text)
        if before != text:
            self._wrong(
                row,
                key,
                _(
                    "An earlier row says “{before}” about the same person. Make both say the same.",
                    before=before,
                ),
            )
        return before == text

    def _facts(self, row: Row, change: Change, known: Known | None) -> None:
        for key in FACTS:
            if key not in row.cells or not self._agrees(row, change, key):
                continue
            becomes = "" if row.cells[key] == EMPTY else row.cells[key]
            was = known.facts.get(key, "") if known else ""
            if (
                key == "external_id"
                and (holder := self.numbers.setdefault(becomes, change.email)) != change.email
            ):
                self._wrong(
                    row,
                    key,
                    _("{holder} has this number already. Give each person their own.", holder=holder),
                )
            elif was != becomes:
                change.facts[key] = [was, becomes]

    def _roles(self, row: Row, change: Change, known: Known | None) -> None:
        wanted = set(row.cells.get("roles", "").split())
        if not known and not wanted:
            wanted = {STUDENT}
        self._give(row, change, known, wanted)

    def _give(self, row: Row, change: Change, known: Known | None, wanted: set[str]) -> None:
        missing = wanted - (known.roles if known else frozenset()) - set(change.roles)
        if refused := sorted(missing - self.ground.grantable):
            self._wrong(row, "roles", _("You may not give this role: {roles}.", roles=", ".join(refused)))
        else:
            change.roles = sorted({*change.roles, *missing})

    def _standing(self, row: Row, change: Change, known: Known | None) -> None:
        if "standing" in row.cells and self._agrees(row, change, "standing"):
            wanted, is_now = row.cells["standing"], known.standing if known else None
            if wanted == "suspended" and is_now is not Standing.SUSPENDED:
                if is_now is not Standing.ACTIVE:
                    self._wrong(row, "standing", _("Only somebody whose account is in use can be suspended."))
                elif known and known.person_id == self.ground.by_id:
                    self._wrong(
                        row,
                        "standing",
                        _("You cannot remove your own access. Ask somebody else who may do this."),
                    )
                else:
                    change.standing = "suspend"
            elif wanted == "active" and is_now is Standing.SUSPENDED:
                change.standing = "reinstate"
            elif wanted == "active" and is_now is Standing.EXPIRED and "valid_until" not in row.cells:
                self._wrong(row, "valid_until", _("This person's last day has passed. Give a new one."))
        if "valid_until" in row.cells and self._agrees(row, change, "valid_until"):
            until = "" if row.cells["valid_until"] == EMPTY else row.cells["valid_until"]
            if until == (known.until if known else ""):
                return
            if known and known.person_id == self.ground.by_id:
                self._wrong(row, "valid_until", _("You cannot set your own last day. Ask somebody else."))
            else:
                change.was_until, change.until = (known.until if known else ""), until

    def _time(self, row: Row, change: Change, known: Known | None) -> None:
        if "time_percent" in row.cells and self._agrees(row, change, "time_percent"):
            percent = int(row.cells["time_percent"])
            if known and known.person_id == self.ground.by_id:
                self._wrong(row, "time_percent", _("You cannot set your own time. Ask somebody else."))
            elif percent != (known.time_percent if known else 100):
                change.time_percent = percent

    def _course(self, row: Row, change: Change, known: Known | None) -> None:
        said, cohort = row.cells.get("course", ""), row.cells.get("cohort", "")
        if not said:
            if lost := next((key for key in ("cohort", "enrolment") if key in row.cells), None):
                self._wrong(row, lost, _("Say for which course."))
            return
        course = said if said in self.ground.courses else self.titles.get(said.casefold())
        if course is None:
            self._no_such_course(row, said)
            return
        if any(course == taken for _, taken, _ in change.takes):
            self._wrong(
                row, "course", _("An earlier row is about the same person and course. Keep one of them.")
            )
            return
        taking = known.takes.get(course) if known else None
        if row.cells.get("enrolment") == "withdrawn":
            self._withdraw(row, change, course, taking)
        elif taking and taking.is_active:
            if cohort and cohort != taking.cohort:
                change.takes.append(["move", course, cohort])
        elif missing := self._missing(course, known):
            names = ", ".join(f"“{self.ground.courses.get(slug, slug)}”" for slug in missing)
            self._wrong(
                row,
                "course",
                _("This course comes after {names}, which this person has not completed.", names=names),
            )
        else:
            change.takes.append(["enrol", course, cohort or (taking.cohort if taking else "")])
            self._give(row, change, known, {STUDENT})

    def _withdraw(self, row: Row, change: Change, course: str, taking: Taking | None) -> None:
        if taking is None:
            self._wrong(row, "enrolment", _("This person is not enrolled in this course."))
        elif taking.is_active:
            change.takes.append(["withdraw", course, ""])

    def _no_such_course(self, row: Row, said: str) -> None:
        near = get_close_matches(said, [*self.ground.courses, *self.ground.courses.values()], n=1)
        if near:
            says = _("Your academy offers no course “{said}”. Do you mean “{near}”?", said=said, near=near[0])
        else:
            says = _("Your academy offers no course “{said}”. See the list of your courses.", said=said)
        self._wrong(row, "course", says)

    def _missing(self, course: str, known: Known | None) -> list[str]:
        if known and course in known.waived:
            return []
        completed = known.completed if known else frozenset()
        return [slug for slug in self.ground.needs.get(course, ()) if slug not in completed]
