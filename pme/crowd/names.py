"""Invented names of people, units, services and nations. Pure lists: any likeness to somebody is chance."""

from dataclasses import dataclass

from pme.crowd.given_names import FAMILIES, GIVENS


@dataclass(frozen=True)
class Place:
    """An invented academy: its address, its names, and the places that its units are called after."""

    slug: str
    name: str
    nation: str
    prefix: str
    places: tuple[str, ...]
    tongues: tuple[tuple[str, int], ...]
    """Which languages the names of its people come from, each with its weight."""


ALDERMARK = Place(
    "aldermark",
    "Aldermark Defence Academy",
    "Aldermark",
    "AL",
    ("Brennfoss", "Tarnholm", "Ostervik", "Halden Moor", "Lindrath", "Grauwerder", "Skarne", "Velmark"),
    (("nordic", 30), ("german", 22), ("english", 16), ("polish", 14), ("baltic", 10), ("turkish", 8)),
)
CORVANE = Place(
    "corvane",
    "Corvane Joint Staff College",
    "Corvane",
    "CV",
    ("Belrive", "Santalba", "Montevar", "Ponte Claro", "Torresol", "Vallorne", "Cap d’Estre", "Karandol"),
    (("french", 26), ("spanish", 20), ("italian", 18), ("portuguese", 12), ("arabic", 12), ("greek", 12)),
)
ALLIES = ("Northmere", "Estmark", "Sundria", "Vestrana")
"""Nations that send people to the academies of others."""

RANKS: dict[str, tuple[tuple[str, int], ...]] = {
    "Army": (
        ("Private", 18), ("Corporal", 20), ("Sergeant", 17), ("Warrant Officer", 7), ("Lieutenant", 14),
        ("Captain", 14), ("Major", 7), ("Lieutenant Colonel", 3),
    ),
    "Navy": (
        ("Able Rate", 16), ("Leading Rate", 20), ("Petty Officer", 18), ("Sub-Lieutenant", 14),
        ("Lieutenant", 17), ("Lieutenant Commander", 10), ("Commander", 5),
    ),
    "Air Force": (
        ("Aviator", 16), ("Corporal", 20), ("Sergeant", 18), ("Flying Officer", 14),
        ("Flight Lieutenant", 18), ("Squadron Leader", 10), ("Wing Commander", 4),
    ),
    "Medical Service": (
        ("Corporal", 22), ("Sergeant", 24), ("Lieutenant", 16), ("Captain", 24), ("Major", 14),
    ),
    "Civilian staff": (("", 1),),
}  # fmt: skip
"""Service -> its ranks, each with its weight, from the most junior."""
SERVICES = (("Army", 52), ("Navy", 17), ("Air Force", 18), ("Medical Service", 8), ("Civilian staff", 5))
KINDS = {
    "Army": ("Infantry Battalion", "Engineer Company", "Signals Company", "Logistics Battalion"),
    "Navy": ("Flotilla", "Naval Base", "Boarding Group"),
    "Air Force": ("Air Wing", "Air Base", "Transport Squadron"),
    "Medical Service": ("Field Hospital", "Medical Company"),
    "Civilian staff": ("Headquarters",),
}


def units_of(place: Place) -> dict[str, tuple[str, ...]]:
    """Service -> the units of an academy's people; every unit is called after an invented place."""
    found, number = {}, 0
    for service, kinds in KINDS.items():
        units = []
        for kind in kinds:
            for _ in range(2 if service == "Army" else 1):
                units.append(f"{place.places[number % len(place.places)]} {kind}")
                number += 1
        found[service] = tuple(dict.fromkeys(units))
    return found


def name_lists(tongue: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given and family names of a language."""
    return GIVENS[tongue], FAMILIES[tongue]
