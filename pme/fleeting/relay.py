"""The way to Redis: asked with little patience, given up at the first refusal, tried again some seconds later."""

import hashlib
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session

from pme.config import Settings
from pme.errors import Refused

FLEETING = "pme_fleeting"
"""Under which a session knows the relay of its installation."""
AGAIN_AFTER = 5.0
"""Seconds after a refusal in which nobody waits for Redis again."""
PATIENCE = 0.5
"""Seconds for an answer: somebody waits for a page."""
NOT_INSTALLED = (
    "PME_REDIS_URL is set, but the library for it is not installed. Run: .venv/bin/python -m pip install "
    "--require-hashes --only-binary :all: -r requirements/redis.txt"
)
T = TypeVar("T")


class Away(Exception):
    """Redis cannot be asked just now: do without."""


class Relay:
    """Redis, as this process sees it. Names begin with a hash of the secret key, so that installations stay apart."""

    def __init__(self, url: str, secret: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        from redis import Redis, RedisError  # noqa: PLC0415  (an extra: without Redis nothing of it is loaded)
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415

        self.faults: tuple[type[Exception], ...] = (RedisError, OSError)
        self._prefix = f"pme:{hashlib.sha256(secret.encode()).hexdigest()[:12]}:"
        self._client: Any = Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 1),  # a connection that Redis closed meanwhile
        )
        self._scripts: dict[str, Any] = {}
        self._clock, self._turn, self._rests_until = clock, Lock(), 0.0
        self.is_away = False

    def name(self, *parts: str) -> str:
        """A name of this installation."""
        return self._prefix + ":".join(parts)

    def ask(self, act: Callable[[Any], T]) -> T:
        """Ask Redis. Raises Away, at once within some seconds of a refusal; that it went and came is logged once."""
        if self._clock() < self._rests_until:
            raise Away
        try:
            answer = act(self._client)
        except self.faults as error:
            with self._turn:
                self._rests_until = self._clock() + AGAIN_AFTER
                is_new, self.is_away = not self.is_away, True
            if is_new:
                structlog.get_logger().error("Redis is away: the database does its work", exc_info=error)
            raise Away from error
        if self.is_away:
            with self._turn:
                is_new, self.is_away = self.is_away, False
            if is_new:
                structlog.get_logger().warning("Redis is back")
        return answer

    def run(self, script: str, names: Sequence[str], *given: object) -> Any:
        """Run a script, as a whole or not at all. Raises Away."""
        known = self._scripts.get(script) or self._scripts.setdefault(
            script, self._client.register_script(script)
        )
        return self.ask(lambda client: known(keys=list(names), args=list(given), client=client))

    def listener(self) -> Any:
        """A connection of its own that hears calls."""
        return self._client.pubsub(ignore_subscribe_messages=True)

    def refusal(self) -> str:
        """Why it does not answer, "" where it does."""
        try:
            self._client.ping()
        except self.faults as error:
            return type(error).__name__
        return ""

    def close(self) -> None:
        """Let go of every connection."""
        self._client.close()


def relay_of(settings: Settings) -> Relay | None:
    """The relay of an installation, None without Redis. Raises Refused where a library is lacking."""
    url = settings.shared.redis_url
    return _relay(url, settings.secret_key) if url else None


def relay_in(session: Session) -> Relay | None:
    """The relay of the installation whose database a session reads."""
    found: Relay | None = session.info.get(FLEETING)
    return found


@lru_cache(maxsize=16)
def _relay(url: str, secret: str) -> Relay:
    if find_spec("redis") is None:
        raise Refused(NOT_INSTALLED)
    return Relay(url, secret)
