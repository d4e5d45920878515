"""The columns of a roster: what each is called, what it may hold, and what it is for. Pure.

The template, the data dictionary and the reader all come from this one list.
"""

import re
from dataclasses import dataclass
from functools import cache

from pme.people.models import Role
from pme.people.personnel import LONGEST
from pme.words.lazily import lazy
from pme.words.speech import speaking

EMPTY = "-"
"""What is written to make a value empty; an empty cell leaves it as it is."""
ROLES = tuple(role.value for role in Role if role is not Role.INSTALL)
LANGUAGES = ("en", "fr", "uk", "ar")
STANDINGS = {"active": "reinstate", "suspended": "suspend"}
TAKES = {"enrolled": "enrol", "withdrawn": "withdraw"}


@dataclass(frozen=True)
class Column:
    """One column. `also` are other headings that are understood; `longest` is in letters, 0 for no such bound."""

    key: str
    title: str
    means: str
    example: str
    is_required: bool = False
    also: tuple[str, ...] = ()
    longest: int = 0
    can_be_emptied: bool = False


COLUMNS: tuple[Column, ...] = (
    Column(
        "external_id",
        lazy("Number at the academy"),
        lazy(
            "Your own number for the person. If it is known, the row is about that person; otherwise the "
            "e-mail address decides."
        ),
        "A-20417",
        also=("id", "number", "personnel number", "service number", "matricule", "numéro"),
        longest=LONGEST["external_id"],
    ),
    Column(
        "email",
        lazy("E-mail"),
        lazy("Where the person is invited and signs in. Needed for everybody who is new."),
        "r.adams@academy.example",
        is_required=True,
        also=("e-mail address", "mail", "address", "courriel", "adresse"),
        longest=LONGEST["email"],
    ),
    Column(
        "name",
        lazy("Name"),
        lazy("As it is printed on certificates. Needed for everybody who is new."),
        "Robin Adams",  # not words
        also=("full name", "nom"),
        longest=LONGEST["name"],
    ),
    Column(
        "rank",
        lazy("Rank"),
        lazy("As it is printed on certificates."),
        "Captain",  # not words
        also=("grade",),
        longest=LONGEST["rank"],
        can_be_emptied=True,
    ),
    Column(
        "nation",
        lazy("Nation"),
        lazy("Free text."),
        "Westland",  # not words
        also=("country", "pays"),
        longest=LONGEST["nation"],
        can_be_emptied=True,
    ),
    Column(
        "service",
        lazy("Service"),
        lazy("Free text."),
        "Army",  # not words
        also=("branch", "armée"),
        longest=LONGEST["service"],
        can_be_emptied=True,
    ),
    Column(
        "unit",
        lazy("Unit"),
        lazy("Free text; reports can be filtered by it."),
        "2nd Signals",
        also=("unité",),
        longest=LONGEST["unit"],
        can_be_emptied=True,
    ),
    Column(
        "language",
        lazy("Language"),
        lazy("Language of letters to the person: en, fr, uk or ar."),
        "en",
        also=("langue",),
        can_be_emptied=True,
    ),
    Column(
        "roles",
        lazy("Roles"),
        lazy(
            "Roles to give, separated by commas or spaces. Roles that a person already has are kept. A new "
            "person without a role here becomes a student. Possible roles: {roles}, as far as you may give "
            "them.",
            roles=", ".join(ROLES),
        ),
        "student",
        also=("role", "rôle"),
    ),
    Column(
        "standing",
        lazy("Status"),
        lazy("“suspended” stops a person from signing in, “active” lets them sign in again."),
        "active",
        also=("status", "statut"),
    ),
    Column(
        "valid_until",
        lazy("Last day"),
        lazy("The last day at the academy: 2027-06-30, 30.06.2027 or 30/06/2027."),
        "2027-06-30",
        also=("valid until", "until", "expires", "dernier jour"),
        can_be_emptied=True,
    ),
    Column(
        "course",
        lazy("Course"),
        lazy(
            "A course that your academy offers, by its short name or title. For several courses, give a person several "
            "rows."
        ),
        "core",
        also=("cours",),
    ),
    Column(
        "cohort",
        lazy("Cohort"),
        lazy("A cohort of that course; it is created if there is none with this name."),
        "Spring 2027",  # not words
        also=("class", "cohorte", "promotion"),
        longest=80,
    ),
    Column(
        "enrolment",
        lazy("Enrolment"),
        lazy("“enrolled” (the same as an empty cell) or “withdrawn”. Nothing that was earned is lost."),
        "enrolled",
        also=("inscription",),
    ),
    Column(
        "time_percent",
        lazy("Time in timed tasks"),
        lazy(
            "Percent of the usual time that the person needs, 100 to 400: 150 is one and a half times the "
            "usual. It is kept separately and appears in no report."
        ),
        "100",
        also=("time percent", "extra time", "temps"),
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}


def heading_of(text: str) -> str:
    """A heading as headings are compared: letters and digits only, in lower case."""
    return re.sub(r"[\W_]+", "", text.casefold())


@cache
def keys_by_heading() -> dict[str, str]:
    """The column that a heading means, in whichever language it is written."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            for column in COLUMNS:
                for name in (column.key, str(column.title), *column.also):
                    found.setdefault(heading_of(name), column.key)
    return found
