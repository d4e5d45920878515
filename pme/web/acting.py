"""Who acts, as the rooms are told: the visitor, with their roles, at the moment of the request."""

from pme.people.memberships import By
from pme.web.signin import current_visitor, now


def acting() -> By:
    """The visitor as the one who acts."""
    visitor = current_visitor()
    return By(visitor.person_id, visitor.roles, now())
