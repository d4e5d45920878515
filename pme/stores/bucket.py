"""Files in a bucket of S3, or of any storage that speaks its language.

Every request is bounded in time, since somebody waits for it; what is long is read in pieces, each a request of its
own, so that a slow browser holds nothing. Nobody but the platform needs to see the bucket.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import obstore
from obstore import exceptions
from obstore.store import S3Store

from pme.config_shared import Shared
from pme.errors import Refused
from pme.stores.home import Away, Missing, Stored, Writing
from pme.stores.resting import Resting

PIECE = 2 << 20
PART, AT_ONCE = 8 << 20, 3
"""Bytes of a part of a large file, and how many of these are on their way at the same time."""
NOBODY = "probe/nobody"
NO_BUCKET = "there is no such bucket"
REFUSED = (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError)
CONDITIONS = (exceptions.AlreadyExistsError, exceptions.PreconditionError)
WITHOUT_CONDITIONS = (exceptions.NotSupportedError, NotImplementedError)
FAULTS = (exceptions.BaseError, OSError)


@dataclass(frozen=True)
class Patience:
    """How long one request may take, and for how long it is tried again."""

    request: timedelta
    connect: timedelta
    tries: int
    whole: timedelta


PATIENT = Patience(timedelta(seconds=60), timedelta(seconds=3), 3, timedelta(seconds=20))
READING = Patience(timedelta(seconds=15), timedelta(seconds=3), 1, timedelta(seconds=15))
"""Somebody waits in their browser, and a thread with them."""
BRISK = Patience(timedelta(seconds=2), timedelta(seconds=1), 0, timedelta(seconds=2))


class Bucket:
    """A store in a bucket. What is being written lies in a folder of this machine until it is whole."""

    def __init__(
        self, shared: Shared, *, aside: Path, patience: Patience = PATIENT, reading: Patience = READING
    ) -> None:
        self._shared, self._aside = shared, aside
        self._bucket, self._brisk = _connected(shared, patience), _connected(shared, BRISK)
        self._read, self._resting = _connected(shared, reading), Resting()

    def describe(self) -> str:
        """Where it is."""
        place = f"{self._shared.bucket}/{self._shared.prefix}".rstrip("/")
        return f"the bucket s3://{place} at {self._shared.endpoint or 'Amazon'}"

    @contextmanager
    def written(self, name: str) -> Iterator[Writing]:
        """Write a file: kept under its name when the block ends without an error."""
        self._aside.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=self._aside) as file:
            writing = Writing(file)
            yield writing
            file.flush()
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            writing.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            self._upload(name, file, size)
            writing.size = size

    def _upload(self, name: str, file: IO[bytes], size: int) -> None:
        file.seek(0)
        self._sent(name, file, chunk_size=PART, max_concurrency=AT_ONCE)
        kept = self.find(name)
        if kept is None or kept.size != size:
            self.delete(name)
            raise Away("the storage keeps another number of bytes than it was sent")

    def put_once(self, name: str, content: bytes) -> bytes:
        """Keep a small file unless there is one of this name; gives what is kept there now."""
        try:
            self._sent(name, content, mode="create")
        except CONDITIONS:  # somebody else was at it at the same moment: the first counts
            pass
        except WITHOUT_CONDITIONS:  # such a storage keeps the last
            self._sent(name, content)
        return b"".join(self.open(name))

    def _sent(self, name: str, content: IO[bytes] | bytes, **how: Any) -> None:
        try:
            self._ask(lambda: obstore.put(self._bucket, name, content, **how))
        except Missing as error:
            raise Away(NO_BUCKET) from error

    def find(self, name: str) -> Stored | None:
        """What is known of a file."""
        try:
            return _stored(self._ask(lambda: obstore.head(self._read, name)))
        except Missing:
            return None

    def open(self, name: str, *, start: int = 0) -> Iterator[bytes]:
        """A file from a place on, piece by piece; always of one and the same file, if it is replaced meanwhile."""
        known = self._ask(lambda: obstore.head(self._read, name))
        for at in range(start, known["size"], PIECE):
            options: Any = {"range": (at, min(at + PIECE, known["size"])), "if_match": known["e_tag"]}
            yield self._piece(name, options)

    def _piece(self, name: str, options: Any) -> bytes:
        try:
            return bytes(self._ask(lambda: obstore.get(self._read, name, options=options).bytes()))
        except exceptions.PreconditionError as error:
            raise Away("the file was replaced while it was read") from error

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""
        try:
            self._ask(lambda: obstore.delete(self._bucket, name))
        except Missing:
            return

    def list(self, prefix: str) -> Iterator[Stored]:
        """The files whose names begin so."""
        folder = prefix.rpartition("/")[0]
        # The library knows whole folders; within one it can begin behind a name.
        pages = iter(obstore.list(self._bucket, folder or None, offset=prefix[:-1] or None, chunk_size=1000))
        while page := self._ask(lambda: next(pages, None)):
            for each in page:
                if each["path"].startswith(prefix):
                    yield _stored(each)
                elif each["path"] > prefix:
                    return

    def refusal(self) -> str:
        """Why it does not answer."""
        try:
            _asked(lambda: obstore.list(self._brisk, NOBODY).collect())
        except Missing:
            return NO_BUCKET
        except Away as error:
            return error.why
        return ""

    def _ask(self, ask: Callable[[], Any]) -> Any:
        with self._resting.awake(self.refusal):
            return _asked(ask)


def _connected(shared: Shared, patience: Patience) -> S3Store:
    options: Any = {
        "timeout": patience.request,
        "connect_timeout": patience.connect,
        "allow_http": shared.endpoint.startswith("http://"),
    }
    if shared.authority:
        options["root_certificate"] = _certificate(Path(shared.authority))
    config: Any = {
        "region": shared.region,
        "virtual_hosted_style_request": not shared.endpoint,
        "disable_bulk_delete": True,  # not every storage knows it
    }
    if shared.endpoint:
        config["endpoint"] = shared.endpoint
    if shared.key_id:
        config |= {"access_key_id": shared.key_id, "secret_access_key": shared.secret}
    retry: Any = {"max_retries": patience.tries, "retry_timeout": patience.whole}
    return S3Store(
        shared.bucket, prefix=shared.prefix or None, config=config, client_options=options, retry_config=retry
    )


def _certificate(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"PME_STORE_CA is {path}, which cannot be read ({error.strerror}).") from error


def _stored(known: Any) -> Stored:
    return Stored(known["path"], known["size"], known["last_modified"])


def _asked(ask: Callable[[], Any]) -> Any:
    """What the storage answers; its own words for what goes wrong hold addresses and numbers that help nobody here."""
    try:
        return ask()
    except (exceptions.NotFoundError, FileNotFoundError) as error:
        raise Missing from error
    except (*CONDITIONS, *WITHOUT_CONDITIONS):
        raise
    except FAULTS as error:
        raise Away(_why(error)) from error


def _why(error: Exception) -> str:
    """In words; lists tell of a refusal by its code alone."""
    said = str(error)
    if "NoSuchBucket" in said:
        return NO_BUCKET
    if isinstance(error, REFUSED) or " 403 " in said:
        return "the keys are not accepted, or may not do this"
    return "it does not answer, or not as it should"
