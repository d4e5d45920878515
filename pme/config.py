"""Settings, read once from the environment: complete, or a clear refusal to start.

Every setting has a name that begins with PME_; docs/settings.md says what each does.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pme.errors import Refused

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: where modules/, quizzes/, templates/ and migrations/ stand."""

SHORTEST_SECRET = 32
DATABASES = ("sqlite", "postgresql+psycopg", "postgresql")


@dataclass(frozen=True)
class Argon2Cost:
    """What one password hash costs: passes, KiB of memory, lanes."""

    passes: int
    kibibytes: int
    lanes: int


@dataclass(frozen=True)
class Settings:
    """Everything the platform needs to know about where it runs."""

    database_url: str
    instance_dir: Path
    modules_dir: Path
    quizzes_dir: Path
    host: str
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    secret_key: str
    workers: int
    threads: int
    trusted_proxies: int
    idle_minutes: int
    session_hours: int
    render_seconds: float
    print_seconds: float
    argon2: Argon2Cost
    development: bool

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the platform over TLS, so that cookies may demand it."""
        return self.public_url.startswith("https://")

    @property
    def secret_key_file(self) -> Path:
        """Where `pme serve` keeps the key that it made itself."""
        return secret_key_file(self.instance_dir)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read every setting. Raises Refused with one sentence for each that is wrong or missing."""
        reader = _Reader(os.environ if environment is None else environment)
        instance = reader.folder("PME_INSTANCE_DIR", ROOT / "instance", must_exist=False)
        host, port = reader.text("PME_HOST", "127.0.0.1"), reader.number("PME_PORT", 8000, 1, 65535)
        public_url = reader.address("PME_PUBLIC_URL", f"http://{host}:{port}")
        public_host = urlsplit(public_url).hostname or ""
        settings = cls(
            database_url=reader.database("PME_DATABASE_URL", f"sqlite:///{instance / 'pme.sqlite3'}"),
            instance_dir=instance,
            modules_dir=reader.folder("PME_MODULES_DIR", ROOT / "modules", must_exist=True),
            quizzes_dir=reader.folder("PME_QUIZZES_DIR", ROOT / "quizzes", must_exist=True),
            host=host,
            port=port,
            public_url=public_url,
            allowed_hosts=reader.hosts("PME_ALLOWED_HOSTS", ("localhost", "127.0.0.1", public_host)),
            secret_key=reader.secret("PME_SECRET_KEY", instance),
            workers=reader.number("PME_WORKERS", 2, 1, 64),
            threads=reader.number("PME_THREADS", 4, 1, 64),
            trusted_proxies=reader.number("PME_TRUSTED_PROXIES", 0, 0, 5),
            idle_minutes=reader.number("PME_IDLE_MINUTES", 240, 5, 1440),
            session_hours=reader.number("PME_SESSION_HOURS", 12, 1, 72),
            render_seconds=float(reader.number("PME_RENDER_SECONDS", 5, 1, 60)),
            print_seconds=float(reader.number("PME_PRINT_SECONDS", 20, 1, 120)),
            argon2=Argon2Cost(
                passes=reader.number("PME_ARGON2_PASSES", 2, 1, 10),
                kibibytes=reader.number("PME_ARGON2_KIB", 19 * 1024, 8, 1024 * 1024),
                lanes=reader.number("PME_ARGON2_LANES", 1, 1, 8),
            ),
            development=reader.switch("PME_DEVELOPMENT", default=False),
        )
        if reader.reasons:
            raise Refused("\n".join(reader.reasons))
        return settings


def ensure_instance() -> Path:
    """Make the instance folder and, unless one is given, a secret key in it. Gives the folder."""
    folder = Path(os.environ.get("PME_INSTANCE_DIR") or ROOT / "instance").expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    key = secret_key_file(folder)
    if not os.environ.get("PME_SECRET_KEY") and not key.exists():
        handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return folder


def secret_key_file(instance_dir: Path) -> Path:
    """Where the key lies that `pme serve` and `pme init` make."""
    return instance_dir / "secret-key"


class _Reader:
    """Reads settings and keeps every reason to refuse, so that all are shown at once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.reasons: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name, "").strip() or default

    def number(self, name: str, default: int, least: int, most: int) -> int:
        given = self.text(name, str(default))
        if (
            given.isascii()
            and given.isdigit()
            and len(given) <= len(str(most))
            and least <= int(given) <= most
        ):
            return int(given)
        self.reasons.append(
            f"{name} is “{given}”; give a whole number from {least} to {most} (usually {default})."
        )
        return default

    def switch(self, name: str, *, default: bool) -> bool:
        given = self.text(name, "yes" if default else "no").lower()
        if given in ("yes", "no", "1", "0", "true", "false"):
            return given in ("yes", "1", "true")
        self.reasons.append(f"{name} is “{given}”; give yes or no.")
        return default

    def folder(self, name: str, default: Path, *, must_exist: bool) -> Path:
        path = Path(self.text(name, str(default))).expanduser().absolute()
        if path.exists() and not path.is_dir():
            self.reasons.append(f"{name} is {path}, which is a file; give a folder.")
        elif must_exist and not path.is_dir():
            self.reasons.append(f"{name} is {path}, which does not exist; create it or name another folder.")
        return path

    def database(self, name: str, default: str) -> str:
        given = self.text(name, default)
        scheme, _, rest = given.partition("://")
        if scheme not in DATABASES or not rest:
            self.reasons.append(
                f"{name} must begin with sqlite:/// or postgresql:// and name a database; "
                "for example sqlite:////var/lib/pme/pme.sqlite3 or postgresql://pme@localhost/pme."
            )
        if scheme == "postgresql":
            return f"postgresql+psycopg://{rest}"
        return given

    def address(self, name: str, default: str) -> str:
        given = self.text(name, default).rstrip("/")
        try:
            parts = urlsplit(given)
            is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query
        except ValueError:
            is_good = False
        if not is_good:
            self.reasons.append(f"{name} is “{given}”; give an address like https://pme.academy.example.")
            return default
        return given

    def hosts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        given = self.text(name, "")
        names = [part.strip().lower() for part in given.split(",")] if given else list(default)
        if any("/" in part or part == "*" for part in names):
            self.reasons.append(
                f"{name} is “{given}”; give host names without http:// and without *, parted by commas."
            )
        return tuple(dict.fromkeys(part for part in names if part))

    def secret(self, name: str, instance: Path) -> str:
        given = self.environment.get(name, "").strip()
        kept = secret_key_file(instance)
        if not given and kept.is_file():
            given = kept.read_text(encoding="ascii").strip()
        if not given:
            self.reasons.append(
                f"There is no secret key: set {name} to at least {SHORTEST_SECRET} random characters, "
                f"or run `pme init`, which makes one in {kept}."
            )
        elif len(given) < SHORTEST_SECRET:
            self.reasons.append(
                f"{name} has {len(given)} characters; give at least {SHORTEST_SECRET} random ones."
            )
        return given
