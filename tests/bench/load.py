"""A small load generator: connections that keep alive, each sending its next request when answered.

It shares the two cores with the server it measures, for the reference as for the platform: compare the
figures of one run with each other, never with another machine's.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

TIMEOUT = 30.0


@dataclass(frozen=True)
class Answer:
    """One answered request: seconds it took, its status, bytes of body, and its headers."""

    seconds: float
    status: int
    size: int
    headers: dict[bytes, bytes]


@dataclass(frozen=True)
class Load:
    """What a run measured. Rates are requests a second; times are milliseconds."""

    answers: Sequence[Answer]
    seconds: float

    @property
    def rate(self) -> float:
        """Requests answered a second."""
        return len(self.answers) / self.seconds

    @property
    def p50(self) -> float:
        """Median time of an answer, in ms."""
        return quantiles([a.seconds for a in self.answers], n=100)[49] * 1000

    @property
    def p95(self) -> float:
        """95th percentile of the time of an answer, in ms."""
        return quantiles([a.seconds for a in self.answers], n=100)[94] * 1000

    def require(self, *statuses: int) -> "Load":
        """This load, if every answer had one of these statuses. Raises RuntimeError otherwise."""
        wrong = {answer.status for answer in self.answers} - set(statuses)
        if wrong:
            raise RuntimeError(f"the server answered {sorted(wrong)} under load")
        return self


def request(method: str, path: str, *, port: int, cookie: str = "", body: str = "") -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept-Encoding: gzip"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if method == "POST":
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def run(port: int, clients: Sequence[Callable[[], Iterator[bytes]]], *, seconds: float) -> Load:
    """Let each client send its requests, one after the other, until they end or the time is up."""
    return asyncio.run(_run(port, clients, seconds))


async def _run(port: int, clients: Sequence[Callable[[], Iterator[bytes]]], seconds: float) -> Load:
    began = time.perf_counter()
    until = began + seconds
    parts = await asyncio.gather(*(_client(port, client(), until) for client in clients))
    return Load([answer for part in parts for answer in part], time.perf_counter() - began)


async def _client(port: int, requests: Iterator[bytes], until: float) -> list[Answer]:
    answers: list[Answer] = []
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for sent in requests:
        began = time.perf_counter()
        if began > until:
            break
        writer.write(sent)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), TIMEOUT)
        lines = head.split(b"\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(b": ") for line in lines[1:] if line)
        }
        size = int(headers.get(b"content-length", b"0"))
        await reader.readexactly(size)
        answers.append(Answer(time.perf_counter() - began, int(lines[0].split()[1]), size, headers))
    writer.close()
    return answers
