"""Which people a list is asked for, from the fields of a query or a form, and what narrows it in words."""

from collections.abc import Mapping

from pme.people.members import SORTS, Search
from pme.people.models import Role, Standing
from pme.signs import fit
from pme.web.sorting import Sorting

LONGEST_SEARCH, USUAL = 120, "name"


def asked_for(given: Mapping[str, str]) -> Search:
    """Which people the fields of a query or a form ask for."""
    role, standing = (given.get(name, "") for name in ("role", "standing"))
    return Search(
        words=fit(given.get("words", ""))[:LONGEST_SEARCH].strip(),
        role=next((one for one in Role if one.value == role), None),
        standing=next((one for one in Standing if one.value == standing), None),
        sort=sorting_of(given).asked,
    )


def sorting_of(given: Mapping[str, str]) -> Sorting:
    """The order that a query or a form asks for; addresses of before said `order`."""
    sort = given.get("sort") or given.get("order", "")
    return Sorting.of({"sort": sort}, SORTS, USUAL)


def fields_of(asked: Search) -> dict[str, str]:
    """The fields of a query that asks for these people, without those that ask for nothing."""
    named = {"words": asked.words, "role": asked.role, "standing": asked.standing}
    return {name: str(value) for name, value in named.items() if value} | Sorting(asked.sort, USUAL).fields
