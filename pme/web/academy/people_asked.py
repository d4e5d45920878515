"""Which people a list is asked for, from the fields of a query or a form, and what narrows it in words."""

from collections.abc import Mapping

from pme.people.members import Order, Search
from pme.people.models import Role, Standing
from pme.signs import fit

LONGEST_SEARCH = 120


def asked_for(given: Mapping[str, str]) -> Search:
    """Which people the fields of a query or a form ask for."""
    role, standing, order = (given.get(name, "") for name in ("role", "standing", "order"))
    return Search(
        words=fit(given.get("words", ""))[:LONGEST_SEARCH].strip(),
        role=next((one for one in Role if one.value == role), None),
        standing=next((one for one in Standing if one.value == standing), None),
        order=next((one for one in Order if one.value == order), Order.NAME),
    )


def fields_of(asked: Search) -> dict[str, str]:
    """The fields of a query that asks for these people, without those that ask for nothing."""
    named = {"words": asked.words, "role": asked.role, "standing": asked.standing, "order": asked.order}
    return {name: str(value) for name, value in named.items() if value and value != Order.NAME}
