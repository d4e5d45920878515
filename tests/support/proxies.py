"""The proxies of `deploy/`, nginx and Caddy, as they are deployed: only ports, folders and certificates are others."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.authority import Paper
from tests.support.engines import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "pme.academy.example"
RELEASE = "/srv/pme/current"
DEPLOYED = (8001, 8002, 8003)
READY_WITHIN = 60.0
"""Seconds; the machine may be busy."""
NGINX = """daemon off;
{user}pid {folder}/nginx.pid;
error_log {folder}/errors;
events {{ worker_connections 768; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    default_type text/html;
{site}
}}
"""


def program(kind: str) -> str | None:
    """Where nginx or Caddy is."""
    return shutil.which(kind, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def lacking(kind: str) -> str:
    """Why a test with it is left out; empty where it is there."""
    return "" if program(kind) else f"{kind} is not there: scripts/setup.sh soak"


class Named(http.client.HTTPSConnection):
    """Asks for the name of the deployed address, and finds it on loopback."""

    def __init__(self, port: int, paper: Paper, *, timeout: float) -> None:
        context = ssl.create_default_context(cafile=str(paper.authority))
        super().__init__(NAME, port, timeout=timeout, context=context)
        self._here = context

    def connect(self) -> None:
        """A connection to this machine, which shows the name's certificate."""
        reached = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)
        try:
            self.sock = self._here.wrap_socket(reached, server_hostname=NAME)
        except OSError:
            reached.close()
            raise


class OwnProxy:
    """One proxy before these ports."""

    def __init__(self, kind: str, folder: Path, ports: Sequence[int], paper: Paper) -> None:
        self.kind, self.folder, self.paper = kind, folder, paper
        self.port, self._plain = free_port(), free_port()
        own = self._of_nginx() if kind == "nginx" else self._of_caddy()
        for deployed, port in zip(DEPLOYED, ports, strict=True):
            assert f"127.0.0.1:{deployed}" in own
            own = own.replace(f"127.0.0.1:{deployed}", f"127.0.0.1:{port}")
        (folder / "conf").write_text(own.replace(RELEASE, str(DEPLOY.parent)), encoding="utf-8")
        self.environment = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
        self._process: subprocess.Popen[bytes] | None = None

    def _of_nginx(self) -> str:
        site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        paper = self.paper
        site = site.replace("listen 80;", f"listen 127.0.0.1:{self._plain};")
        site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl")
        site = site.replace("/etc/ssl/pme/fullchain.pem", str(paper.certificate))
        site = site.replace("/etc/ssl/pme/privkey.pem", str(paper.key))
        user = "user root;\n" if os.getuid() == 0 else ""  # the checkout may be in a folder of root's
        return NGINX.format(folder=self.folder, site=site, user=user)

    def _of_caddy(self) -> str:
        site = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
        paper = self.paper
        tls = "\t# tls /etc/ssl/pme/fullchain.pem /etc/ssl/pme/privkey.pem"
        assert tls in site
        site = site.replace(tls, f"\ttls {paper.certificate} {paper.key}\n\tbind 127.0.0.1")
        ports = f"{{\n\thttp_port {self._plain}\n\thttps_port {self.port}\n\tadmin unix/{self.folder}/admin\n"
        return site.replace("{\n", ports, 1)

    def checked(self) -> subprocess.CompletedProcess[str]:
        """What the proxy itself says of its configuration."""
        words = ["-t", *self._words] if self.kind == "nginx" else ["validate", *self._words]
        return subprocess.run(
            [program(self.kind) or "", *words],
            capture_output=True,
            text=True,
            check=False,
            env=self.environment,
        )

    @property
    def _words(self) -> list[str]:
        conf = str(self.folder / "conf")
        if self.kind == "nginx":
            return ["-c", conf, "-p", str(self.folder), "-e", str(self.folder / "errors")]
        return ["--config", conf, "--adapter", "caddyfile"]

    def start(self) -> None:
        """Start it, until it listens."""
        words = self._words if self.kind == "nginx" else ["run", *self._words]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [program(self.kind) or "", *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
            )
        until = time.monotonic() + READY_WITHIN
        while True:
            try:
                self.ask("GET", "/metrics")
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((self.folder / "log").read_text(errors="replace")) from None
                time.sleep(0.05)
            else:
                return

    def reload(self) -> None:
        """Read the configuration anew, as `systemctl reload` lets it."""
        assert self._process is not None
        words = (
            ["-s", "reload", *self._words] if self.kind == "nginx" else ["reload", "--force", *self._words]
        )
        if self.kind == "caddy":
            words += ["--address", f"unix/{self.folder}/admin"]
        subprocess.run(
            [program(self.kind) or "", *words], check=True, capture_output=True, env=self.environment
        )

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def connection(self, *, timeout: float = 30.0) -> Named:
        """A browser's connection to it."""
        return Named(self.port, self.paper, timeout=timeout)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, http.client.HTTPMessage, str]:
        """One request: its status, headers and text."""
        connection = self.connection()
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()
