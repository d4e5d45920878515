"""Who the invented people of an academy are: name, rank, service, unit, and how they learn. Pure."""

import unicodedata
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random
from typing import TypeVar

from pme.crowd.names import ALLIES, KINDS, RANKS, SERVICES, Place, name_lists, units_of

T = TypeVar("T")
PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "ı": "i", "’": "", " ": "", "-": ""}
)
FROM_ABROAD, FRENCH = 0.12, 0.4
OF_STAFF = 900_000
SUSPENDED, EXPIRED, INVITED = 0.015, 0.025, 0.01


@dataclass(frozen=True)
class Soul:
    """One invented person. `ability` is on the scale of a standard normal, `pace` in steps a day of study,
    `keeps_on` the chance to go on after each step.
    """

    number: int
    name: str
    email: str
    rank: str
    nation: str
    service: str
    unit: str
    external_id: str
    language: str | None
    standing: str
    ability: float
    pace: float
    keeps_on: float


def weighted(random: Random, choices: Sequence[tuple[T, int]]) -> T:
    """One of several, by weight."""
    sums = list(accumulate(weight for _, weight in choices))
    return choices[bisect(sums, random.random() * sums[-1])][0]


def souls(place: Place, count: int, random: Random) -> list[Soul]:
    """The students of an academy."""
    units = units_of(place)
    return [_soul(place, number, random, units) for number in range(1, count + 1)]


def staff(place: Place, count: int, random: Random) -> list[Soul]:
    """Those who run an academy and teach at it: numbered apart from students, none of them on the way out."""
    units: dict[str, tuple[str, ...]] = dict.fromkeys(KINDS, (place.name,))
    found = [_soul(place, OF_STAFF + number, random, units) for number in range(1, count + 1)]
    return [
        replace(each, standing="active", rank=random.choice(RANKS[each.service][-3:])[0]) for each in found
    ]


def plain(text: str) -> str:
    """A name as it stands in an address: small letters without accents."""
    kept = unicodedata.normalize("NFKD", text.translate(PLAIN))
    return "".join(sign for sign in kept if sign.isascii()).lower()


def _soul(place: Place, number: int, random: Random, units: dict[str, tuple[str, ...]]) -> Soul:
    givens, families = name_lists(weighted(random, place.tongues))
    given, family = random.choice(givens), random.choice(families)
    service = weighted(random, SERVICES)
    ranks = RANKS[service]
    rank = weighted(random, ranks)
    seniority = [name for name, _ in ranks].index(rank) / len(ranks)
    own = units[service]
    unit = own[min(int(random.random() ** 1.6 * len(own)), len(own) - 1)]  # some are larger than others
    share = random.random()
    standing = "active"
    if share < SUSPENDED:
        standing = "suspended"
    elif share < SUSPENDED + EXPIRED:
        standing = "expired"
    elif share < SUSPENDED + EXPIRED + INVITED:
        standing = "invited"
    return Soul(
        number=number,
        name=f"{given} {family}",
        email=f"{plain(given)}.{plain(family)}.{number}@{place.slug}.example",
        rank=rank,
        nation=random.choice(ALLIES) if random.random() < FROM_ABROAD else place.nation,
        service=service,
        unit=unit,
        external_id=f"{place.prefix}-{number:06}",
        language="fr" if place.prefix == "CV" and random.random() < FRENCH else None,
        standing=standing,
        ability=random.gauss(0.3 + 0.35 * seniority + 0.12 * (len(unit) % 3 - 1), 0.9),
        pace=max(0.6, random.lognormvariate(1.1, 0.55)),
        keeps_on=1 - 0.005 * random.random() ** 2.2,
    )
