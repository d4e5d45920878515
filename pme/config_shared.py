"""Where several machines keep what all of them use: files in a bucket, limits and calls in Redis.

Read as every other setting.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
REGION = re.compile(r"[a-z0-9-]{1,40}")
DEFAULT_REGION = "us-east-1"
KEYS = ("PME_STORE_KEY_ID", "PME_STORE_SECRET")
KEPT_BY_OTHERS = "AWS_ACCESS_KEY_ID"
"""Where every tool for S3 looks for it, ours too."""


class Reader(Protocol):
    """What reads settings and keeps every reason to refuse."""

    reasons: list[str]
    environment: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        """A setting as it is given."""


@dataclass(frozen=True)
class Shared:
    """A bucket for files ("" for the instance folder), and the address of Redis ("" for the database alone)."""

    bucket: str = ""
    prefix: str = ""
    endpoint: str = ""
    region: str = DEFAULT_REGION
    authority: str = ""
    key_id: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)

    @classmethod
    def read(cls, reader: Reader) -> "Shared":
        """Read them."""
        bucket, prefix = _bucket(reader)
        shared = cls(
            bucket=bucket,
            prefix=prefix,
            endpoint=_endpoint(reader),
            region=reader.text("PME_STORE_REGION", DEFAULT_REGION),
            authority=reader.text("PME_STORE_CA", ""),
            key_id=reader.text(KEYS[0], ""),
            secret=reader.text(KEYS[1], ""),
            redis_url=_redis(reader),
        )
        if not REGION.fullmatch(shared.region):
            reader.reasons.append(f"PME_STORE_REGION is “{shared.region}”; give a region like eu-central-1.")
        if bucket and bool(shared.key_id) != bool(shared.secret):
            reader.reasons.append(
                f"Give both {KEYS[0]} and {KEYS[1]}, or neither where the machine has a role."
            )
        elif bucket and shared.endpoint and not (shared.key_id or reader.text(KEPT_BY_OTHERS, "")):
            reader.reasons.append(f"PME_STORE_ENDPOINT needs a key: set {KEYS[0]} and {KEYS[1]}.")
        return shared


def _bucket(reader: Reader) -> tuple[str, str]:
    given = reader.text("PME_STORE_URL", "")
    if not given:
        return "", ""
    bucket, _, prefix = given.removeprefix("s3://").rstrip("/").partition("/")
    is_good = BUCKET.fullmatch(bucket) and (not prefix or PREFIX.fullmatch(prefix))
    if not given.startswith("s3://") or not is_good:
        reader.reasons.append(
            f"PME_STORE_URL is “{given}”; give a bucket and, if you like, a folder in it: s3://bucket/pme. Without the "
            "setting, files lie in the instance folder."
        )
        return "", ""
    return bucket, prefix


def _endpoint(reader: Reader) -> str:
    given = reader.text("PME_STORE_ENDPOINT", "").rstrip("/")
    if given and not _is_address(given, ("https", "http")):
        reader.reasons.append(
            f"PME_STORE_ENDPOINT is “{given}”; give the address of the storage, like https://s3.academy.example."
        )
        return ""
    return given


def _redis(reader: Reader) -> str:
    given = reader.text("PME_REDIS_URL", "")
    if (
        given
        and not given.startswith("unix:///")
        and not _is_address(given, ("redis", "rediss"), secret=True)
    ):
        reader.reasons.append(
            "PME_REDIS_URL cannot be read; give an address like redis://:PASSWORD@127.0.0.1:6379/0, rediss:// for TLS, "
            "or unix:///run/redis/redis.sock."  # nothing of it is shown: it may hold a password
        )
        return ""
    return given


def _is_address(given: str, schemes: tuple[str, ...], *, secret: bool = False) -> bool:
    try:
        parts = urlsplit(given)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return parts.scheme in schemes and named and (secret or not (parts.username or parts.query or parts.path))
