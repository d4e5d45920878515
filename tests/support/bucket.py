"""A small S3 on loopback, strict where it matters: every request's signature (version 4) and body's hash are checked.

Its arithmetic of signatures is held against the example that Amazon publishes (`tests/stores/test_bucket_server.py`).
"""

import hashlib
import hmac
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from tests.support.authority import Paper

KEY, SECRET, REGION, NAME = "PMETESTKEY", "a-secret-of-the-tests-only", "eu-test-1", "academies"
SKEW = timedelta(minutes=15)
MOST_LISTED = 7  # so that lists have pages
FORM = "%Y%m%dT%H%M%SZ"


def signature(
    *,
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    signed: str,
    scope: str,
    at: str,
    secret: str,
) -> str:
    """The signature of a request, as docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html makes it."""
    pairs = sorted(
        (quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(query, keep_blank_values=True)
    )
    canonical = "\n".join(
        (
            method,
            quote(unquote(path), safe="/-_.~"),
            "&".join(f"{k}={v}" for k, v in pairs),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed.split(";")),
            "",
            signed,
            headers["x-amz-content-sha256"],
        )
    )
    told = "\n".join(("AWS4-HMAC-SHA256", at, scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = f"AWS4{secret}".encode()
    for part in (*scope.split("/"), told):
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


@dataclass(frozen=True)
class Held:
    """An object."""

    body: bytes
    at: datetime

    @cached_property
    def tag(self) -> str:
        return f'"{hashlib.md5(self.body, usedforsecurity=False).hexdigest()}"'


@dataclass
class Storage:
    """What is kept, what was asked (method and key, in order), and what goes wrong by wish."""

    address: str = ""
    objects: dict[str, Held] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    is_away: bool = False
    lies: bool = False
    """Keeps something else than it was sent, without a word."""
    breaks_after: int | None = None
    """Is away from so many writes on."""
    hangs_after: int | None = None
    """Takes a write and says nothing, from so many on, until it is released."""
    hangs: bool = False
    """Takes every call and says nothing, until it is released."""
    is_hanging: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    calls: int = 0
    """How many it let hang."""
    refused: list[str] = field(default_factory=list)

    def environment(self, prefix: str = "pme") -> dict[str, str]:
        """The settings that lead here."""
        return {
            "PME_STORE_URL": f"s3://{NAME}/{prefix}",
            "PME_STORE_ENDPOINT": self.address,
            "PME_STORE_REGION": REGION,
            "PME_STORE_KEY_ID": KEY,
            "PME_STORE_SECRET": SECRET,
        }


@contextmanager
def storage(paper: Paper | None = None) -> Iterator[Storage]:
    """A storage that listens as long as the block lasts; with a certificate over TLS."""
    kept = Storage()

    class Handler(_Handler):
        storage = kept

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Somebody would not speak with it: say nothing."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.address = f"http://127.0.0.1:{server.server_port}"
    if paper is not None:
        kept.address = kept.address.replace("http:", "https:")
        speaks = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        speaks.load_cert_chain(paper.certificate, paper.key)
        server.socket = speaks.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        kept.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    storage: Storage

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name of the library)
        """Say nothing."""

    def _any(self) -> None:
        split = urlsplit(self.path)
        self.query = dict(parse_qsl(split.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        bucket, _, key = unquote(split.path)[1:].partition("/")
        if self.storage.breaks_after is not None and self.command == "PUT":
            self.storage.breaks_after -= 1
        if self.storage.hangs_after is not None and self.command == "PUT":
            self.storage.hangs_after -= 1
            if self.storage.hangs_after < 0:
                self.storage.is_hanging.set()
                self.storage.released.wait(60)
        if self.storage.hangs:
            self.storage.calls += 1
            self.storage.is_hanging.set()
            self.storage.released.wait(60)
        if self.storage.is_away or (self.storage.breaks_after or 0) < 0:
            self.close_connection = True
            return
        self.storage.asked.append((self.command, key))
        try:
            self._check(split.path, split.query, body)
            self._do(bucket, key, body)
        except _Refused as error:
            self.storage.refused.append(error.code)
            self._say(error.status, f"<Error><Code>{error.code}</Code></Error>".encode())

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _any  # noqa: N815  (names of the library)

    def _check(self, path: str, query: str, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        kind, _, rest = headers.get("authorization", "").partition(" ")
        if kind != "AWS4-HMAC-SHA256":
            raise _Refused(403, "AccessDenied")
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        key, _, scope = given["Credential"].partition("/")
        at = headers["x-amz-date"]
        if key != KEY or scope != f"{at[:8]}/{REGION}/s3/aws4_request":
            raise _Refused(403, "InvalidAccessKeyId")
        if abs(datetime.strptime(at, FORM).replace(tzinfo=UTC) - datetime.now(UTC)) > SKEW:
            raise _Refused(403, "RequestTimeTooSkewed")
        if headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            raise _Refused(400, "XAmzContentSHA256Mismatch")
        made = signature(
            method=self.command,
            path=path,
            query=query,
            headers=headers,
            signed=given["SignedHeaders"],
            scope=scope,
            at=at,
            secret=SECRET,
        )
        if not hmac.compare_digest(made, given["Signature"]):
            raise _Refused(403, "SignatureDoesNotMatch")

    def _do(self, bucket: str, key: str, body: bytes) -> None:
        if bucket != NAME:
            raise _Refused(404, "NoSuchBucket")
        match self.command:
            case "GET" | "HEAD" if key:
                self._give(key)
            case "GET":
                self._list()
            case "PUT" if "uploadId" in self.query:
                self._upload()[int(self.query["partNumber"])] = body
                self._say(200, b"", ETag=Held(body, datetime.now(UTC)).tag)
            case "PUT":
                if self.headers.get("If-None-Match") == "*" and key in self.storage.objects:
                    raise _Refused(412, "PreconditionFailed")
                self._keep(key, body)
                self._say(200, b"", ETag=self.storage.objects[key].tag)
            case "POST" if "uploads" in self.query:
                number = f"upload-{len(self.storage.uploads)}"
                self.storage.uploads[number] = {}
                self._xml(
                    f"<InitiateMultipartUploadResult><Bucket>{NAME}</Bucket><Key>{escape(key)}</Key>"
                    f"<UploadId>{number}</UploadId></InitiateMultipartUploadResult>"
                )
            case "POST":
                parts = self._upload()
                wanted = [
                    int(str(each.text))
                    for each in ET.fromstring(body).iter()
                    if each.tag.endswith("PartNumber")
                ]
                self._keep(key, b"".join(parts[number] for number in wanted))
                del self.storage.uploads[self.query["uploadId"]]
                self._xml(
                    f"<CompleteMultipartUploadResult><ETag>{escape(self.storage.objects[key].tag)}</ETag>"
                    "</CompleteMultipartUploadResult>"
                )
            case _:
                self.storage.objects.pop(key, None)
                self.storage.uploads.pop(self.query.get("uploadId", ""), None)
                self._say(204, b"")

    def _upload(self) -> dict[int, bytes]:
        try:
            return self.storage.uploads[self.query["uploadId"]]
        except KeyError:
            raise _Refused(404, "NoSuchUpload") from None

    def _keep(self, key: str, body: bytes) -> None:
        self.storage.objects[key] = Held(body[:-1] if self.storage.lies else body, datetime.now(UTC))

    def _give(self, key: str) -> None:
        held = self.storage.objects.get(key)
        if held is None:
            raise _Refused(404, "NoSuchKey")
        if self.headers.get("If-Match", held.tag) != held.tag:
            raise _Refused(412, "PreconditionFailed")
        body, status, more = held.body, 200, {}
        if asked := self.headers.get("Range"):
            first, last = (int(number) for number in asked.removeprefix("bytes=").split("-"))
            status, more = 206, {"Content-Range": f"bytes {first}-{min(last, len(body) - 1)}/{len(body)}"}
            body = body[first : last + 1]
        more |= {"ETag": held.tag, "Last-Modified": format_datetime(held.at, usegmt=True)}
        self._say(status, body, **more)

    def _list(self) -> None:
        after = self.query.get("continuation-token") or self.query.get("start-after", "")
        prefix = self.query.get("prefix", "")
        found = [key for key in sorted(self.storage.objects) if key.startswith(prefix) and key > after]
        page, more = found[:MOST_LISTED], found[MOST_LISTED:]
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(self.storage.objects[key].body)}</Size>"
            f"<LastModified>{self.storage.objects[key].at:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>{escape(self.storage.objects[key].tag)}</ETag></Contents>"
            for key in page
        )
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        self._xml(
            f"<ListBucketResult><KeyCount>{len(page)}</KeyCount><IsTruncated>{str(bool(more)).lower()}"
            f"</IsTruncated>{token}{rows}</ListBucketResult>"
        )

    def _xml(self, text: str) -> None:
        self._say(200, text.encode(), **{"Content-Type": "application/xml"})

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
