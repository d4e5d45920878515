"""How often something happened within a window that moves with time, counted by all processes together.

In Redis a sorted set for each subject, changed by one script; it answers as a table with a row for each time does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from pme.fleeting.relay import Away, Relay

MICRO = timedelta(microseconds=1)
START = datetime(1970, 1, 1, tzinfo=UTC)
NOTE = """
for _, name in ipairs(KEYS) do
    redis.call("ZREMRANGEBYSCORE", name, "-inf", ARGV[1] - ARGV[2])
    redis.call("ZREMRANGEBYSCORE", name, ARGV[1] + ARGV[4], "+inf")
    redis.call("ZADD", name, ARGV[1], ARGV[3])
    redis.call("PEXPIRE", name, math.floor(ARGV[2] / 1000))
end
"""
SEEN = """
local since = "(" .. string.format("%.0f", ARGV[1] - ARGV[2])
local till = "(" .. string.format("%.0f", ARGV[1] + ARGV[3])
local oldest = redis.call("ZRANGEBYSCORE", KEYS[1], since, till, "WITHSCORES", "LIMIT", 0, 1)
return {redis.call("ZCOUNT", KEYS[1], since, till), oldest[2] or ""}
"""


@dataclass(frozen=True)
class Seen:
    """How often within the window, and when first; None for never."""

    count: int
    oldest: datetime | None

    def __add__(self, other: "Seen") -> "Seen":
        moments = [each for each in (self.oldest, other.oldest) if each is not None]
        return Seen(self.count + other.count, min(moments, default=None))


NEVER = Seen(0, None)


def note(
    relay: Relay | None, subjects: list[str], *, at: datetime, window: timedelta, ahead: timedelta
) -> bool:
    """Count once for each subject; tells whether it was counted: else the database has to. What is further `ahead` than
    that was counted by a clock that was put back since, and is forgotten.
    """
    if relay is None:
        return False
    names = [relay.name("tries", subject) for subject in subjects]
    try:
        relay.run(NOTE, names, _micro(at), window // MICRO, token_hex(8), ahead // MICRO)
    except Away:
        return False
    return True


def seen(relay: Relay | None, subject: str, *, at: datetime, window: timedelta, ahead: timedelta) -> Seen:
    """How often Redis counted a subject; nothing where it is away."""
    if relay is None:
        return NEVER
    try:
        name = relay.name("tries", subject)
        count, oldest = relay.run(SEEN, [name], _micro(at), window // MICRO, ahead // MICRO)
    except Away:
        return NEVER
    return Seen(int(count), START + int(float(oldest)) * MICRO if oldest else None)


def forget(relay: Relay | None, subject: str) -> None:
    """Count from nothing again."""
    if relay is not None:
        try:
            relay.ask(lambda client: client.delete(relay.name("tries", subject)))
        except Away:
            return


def _micro(at: datetime) -> int:
    return (at - START) // MICRO
