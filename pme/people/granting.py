"""Who may give which role, and whose record may be changed by whom: one table. Pure but for the names of roles.

Nobody grants more than they hold, and nobody changes a person who holds a role that they could not grant:
such a person stands beside or above them. What follows from both: nobody makes anybody their own superior.
"""

from collections.abc import Iterable

from pme.people.models import Role
from pme.words.lazily import lazy

OF_AN_ACADEMY = (
    Role.STUDENT,
    Role.INSTRUCTOR,
    Role.REVIEWER,
    Role.REGISTRAR,
    Role.DIRECTOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
"""The roles that an academy gives, in the order in which they are shown."""
GRANTS: dict[Role, frozenset[Role]] = {
    Role.ADMINISTRATOR: frozenset(OF_AN_ACADEMY),
    Role.DIRECTOR: frozenset({Role.STUDENT, Role.INSTRUCTOR, Role.REVIEWER}),
    Role.REGISTRAR: frozenset({Role.STUDENT}),
    Role.INSTALL: frozenset({Role.ADMINISTRATOR}),
    Role.AUDITOR: frozenset(),
    Role.INSTRUCTOR: frozenset(),
    Role.REVIEWER: frozenset(),
    Role.STUDENT: frozenset(),
}
"""What the holder of each role may give and take away."""
APPOINTS = frozenset({Role.ADMINISTRATOR, Role.DIRECTOR})
"""Who appoints instructors to courses."""
WORDS: dict[Role, str] = {
    Role.STUDENT: lazy("Student"),
    Role.INSTRUCTOR: lazy("Instructor"),
    Role.REVIEWER: lazy("Reviewer"),
    Role.REGISTRAR: lazy("Registrar"),
    Role.DIRECTOR: lazy("Course director"),
    Role.AUDITOR: lazy("Auditor"),
    Role.ADMINISTRATOR: lazy("Academy administrator"),
    Role.INSTALL: lazy("Administrator of the installation"),
}
MEANS: dict[Role, str] = {
    Role.STUDENT: lazy("Takes courses."),
    Role.INSTRUCTOR: lazy("Teaches and marks the courses they are appointed to."),
    Role.REVIEWER: lazy("Reads and approves content before it is published."),
    Role.REGISTRAR: lazy("Adds, enrols and invites students."),
    Role.DIRECTOR: lazy("Runs courses: cohorts, instructors, reports, returns."),
    Role.AUDITOR: lazy("Reads everything of the academy and changes nothing."),
    Role.ADMINISTRATOR: lazy("Does all of this, and gives every role."),
    Role.INSTALL: lazy("Adds academies and invites their first administrator; sees no student."),
}


def grantable(held: Iterable[Role]) -> frozenset[Role]:
    """The roles that somebody who holds these may give and take away."""
    return frozenset().union(*(GRANTS[role] for role in held))


def may_change(held: Iterable[Role], theirs: Iterable[Role]) -> bool:
    """Whether somebody who holds the first roles may change the record of somebody who holds the others."""
    can_grant = grantable(held)
    return bool(can_grant) and set(theirs) <= can_grant


def refused_roles(held: Iterable[Role], before: Iterable[Role], after: Iterable[Role]) -> frozenset[Role]:
    """The roles that would be given or taken by somebody who may not; none when the change is allowed."""
    return (frozenset(before) ^ frozenset(after)) - grantable(held)


def may_appoint(held: Iterable[Role]) -> bool:
    """Whether somebody who holds these roles may appoint instructors to courses."""
    return bool(APPOINTS.intersection(held))
