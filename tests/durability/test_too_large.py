"""Forms that are too large, sent to the real server: whoever sends one gets the page that says so."""

import http.client
import socket
from pathlib import Path

import pytest

from tests.durability.test_kill import running

PIECE = bytes(1 << 16)


def send(port: int, size: int, *, kind: str = "application/x-www-form-urlencoded") -> tuple[int, str]:
    """Send a form of this many bytes to its end, as browsers do, and read the answer only then."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as place:
        head = ["POST /sign-in HTTP/1.1", f"Host: localhost:{port}", f"Content-Type: {kind}"]
        place.sendall("\r\n".join([*head, f"Content-Length: {size}", "", ""]).encode())
        left = size
        while left:
            left -= place.send(PIECE[: min(left, len(PIECE))])
        answer = http.client.HTTPResponse(place)
        answer.begin()
        return answer.status, answer.read().decode()


@pytest.mark.database("sqlite")
def test_a_form_that_is_too_large_gets_its_page(tmp_path: Path):
    with running(tmp_path) as installation:
        for size in (10_000_000, 60_000_000):
            for kind in (
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
            ):
                status, page = send(installation.port, size, kind=kind)
                assert status in (400, 413), (size, kind)
                assert "<h1" in page, (size, kind)
                if "form" in kind:
                    assert "This is too large" in page, (size, kind)
        assert installation.answers()
