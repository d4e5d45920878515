"""How an invented person went through a course: what was read, attempted and completed, and when. Pure.

People study in sessions with days between them, some stop for good, some leave; a task is tried again until it is
passed. What is completed and the result of a course follow the rules of `pme.progress.completion`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from pme.content.shapes import Course, Module, Quiz, Scenario
from pme.crowd.papers import Stock, Work
from pme.crowd.roll import Soul
from pme.progress.completion import Place, StepKind, course_percent, places

LEAVES = 0.035
"""The chance to be taken out of a course before its end."""
NEVER_BEGINS = 0.06
MOST_TRIES = 8
SKIPS_OPTIONAL, LEAVES_HERE, LEFT_OPEN = 0.6, 0.06, 0.003
SATURDAY, RESTS = 5, 0.75
DAY_BEGINS, DAY_HOURS = 7, 14


@dataclass(frozen=True)
class Try:
    """One attempt. `ended_at` is None while it is open, and `debriefed_at` where the debrief is not written."""

    place: Place
    number: int
    work: Work
    started_at: datetime
    ended_at: datetime | None
    debriefed_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is still to be done."""
        return self.ended_at is not None and (
            self.place.kind is StepKind.QUIZ or self.debriefed_at is not None
        )


@dataclass
class Life:
    """What somebody did in a course."""

    read: list[tuple[Place, datetime]] = field(default_factory=list)
    tries: list[Try] = field(default_factory=list)
    modules: list[tuple[str, datetime]] = field(default_factory=list)
    completed_at: datetime | None = None
    percent: float = 0.0
    has_left: bool = False


@dataclass(frozen=True)
class Syllabus:
    """A course with everything that is taken in it, in order."""

    course: Course
    modules: Sequence[Module]
    tasks: Mapping[tuple[StepKind, str], Quiz | Scenario]

    @property
    def needed(self) -> list[Module]:
        """The modules that have to be completed."""
        return [module for module in self.modules if module.slug not in self.course.optional]


class Clock:
    """Moments of study: minutes within a session, then days until the next."""

    def __init__(self, begins: datetime, pace: float, random: Random) -> None:
        self._random, self._pace = random, pace
        self.now = begins
        self._left = 0.0
        self._sleep(first=True)

    def spend(self, minutes: float) -> datetime:
        """Let some minutes of study go by; a new day begins where a session is over."""
        if self._left <= 0:
            self._sleep()
        self._left -= 1
        self.now += timedelta(minutes=minutes, seconds=self._random.randrange(60))
        return self.now

    def _sleep(self, *, first: bool = False) -> None:
        random = self._random
        days = random.expovariate(1 / 5) if first else 1 + random.expovariate(1 / 2.2)
        day = (self.now + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        if day.weekday() >= SATURDAY and random.random() < RESTS:
            day += timedelta(days=7 - day.weekday())
        minute = min(random.betavariate(2, 3.2), 0.98) * DAY_HOURS * 60
        self.now = max(self.now, day + timedelta(hours=DAY_BEGINS, minutes=minute))
        self._left = max(1.0, random.gauss(self._pace * 2.2, 2))


@dataclass
class Study:
    """Somebody in a course, from the day they were enrolled until `now`."""

    soul: Soul
    syllabus: Syllabus
    stock: Stock
    random: Random
    clock: Clock
    now: datetime
    life: Life = field(default_factory=Life)
    best: dict[tuple[StepKind, str], float] = field(default_factory=dict)

    def go(self) -> Life:
        """Go through the course as far as it goes."""
        life, chance = self.life, self.random.random
        life.has_left = chance() < LEAVES
        if chance() < NEVER_BEGINS * (2 if life.has_left else 1):
            return life
        for module in self.syllabus.modules:
            if module.slug in self.syllabus.course.optional and chance() < SKIPS_OPTIONAL:
                continue
            for place in places(module):
                has_stopped = chance() > self.soul.keeps_on or (life.has_left and chance() < LEAVES_HERE)
                if has_stopped or not self._step(place):
                    return life
            life.modules.append((module.slug, self.clock.now))
        life.completed_at, life.has_left = self.clock.now, False
        life.percent = course_percent(self.syllabus.needed, self.best)
        return life

    def _step(self, place: Place) -> bool:
        """Take one step; False where it is not done: `now` came first, or the task was not passed."""
        if place.kind is StepKind.PAGE:
            if self.clock.spend(self.random.lognormvariate(2.0, 0.5)) > self.now:
                return False
            self.life.read.append((place, self.clock.now))
            return True
        task = self.syllabus.tasks.get((place.kind, place.slug))
        return task is None or any(self._try(place, task, number) for number in range(1, MOST_TRIES + 1))

    def _try(self, place: Place, task: Quiz | Scenario, number: int) -> bool:
        """Try a task once; True where it was passed."""
        random, clock = self.random, self.clock
        if number > 1 and (clock.now > self.now or not self.life.tries[-1].is_over):
            return False  # the one before is not finished, or was never begun
        work = self.stock.take(task, self.soul.ability + 0.45 * (number - 1) + random.gauss(0, 0.4))
        if (started_at := clock.spend(2)) > self.now:
            return False
        ended_at = clock.spend(
            4 + sum(reply.seconds for reply in work.replies) / 60 + 2 * len(work.decisions)
        )
        if ended_at > self.now or random.random() < LEFT_OPEN:
            self.life.tries.append(Try(place, number, work, started_at, None))
            return False
        debriefed_at = None
        if place.kind is StepKind.SCENARIO:
            debriefed_at = clock.spend(random.lognormvariate(1.4, 0.5))
            if debriefed_at > self.now or random.random() < LEFT_OPEN:
                self.life.tries.append(Try(place, number, work, started_at, ended_at))
                return False
        self.life.tries.append(Try(place, number, work, started_at, ended_at, debriefed_at))
        key = (place.kind, place.slug)
        self.best[key] = max(self.best.get(key, 0.0), work.percent)
        return work.is_passed
