"""Settings, read once from the environment: complete, or a clear refusal to start.

Every setting has a name that begins with PME_; docs/settings.md says what each does.
"""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pme.config_limits import Limits
from pme.config_mail import Mail
from pme.config_shared import Shared
from pme.config_watch import Watch
from pme.errors import Invalid, Refused

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: where modules/, quizzes/, templates/ and migrations/ stand."""

SHORTEST_SECRET, SHORTEST_TOKEN = 32, 16
ACADEMY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
HIGHEST_PORT = 65535
DATABASES = ("sqlite", "postgresql+psycopg", "postgresql")
DEFAULT_HOST, DEFAULT_RENDER_SECONDS = "127.0.0.1", 5
HOST_NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z_]([a-z0-9_-]*[a-z0-9_])?", re.IGNORECASE
)
POSTGRESQL_REST = re.compile(
    r"(?:[^:/@]*(?::[^@]*)?@)?(?:\[[0-9A-Fa-f:.]+\]|[^\[\]:/?@]*)(?::(?P<port>[^/?@]*))?(?:/[^?]*)?(?:\?.*)?"
)
"""What may follow postgresql://, read as SQLAlchemy reads it: a password may hold anything but an @."""


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
    reports_database_url: str
    database_pooled: bool
    limits: Limits
    instance_dir: Path
    modules_dir: Path
    quizzes_dir: Path
    host: str
    port: int
    public_url: str
    allowed_hosts: tuple[str, ...]
    secret_key: str
    keys_secret: str = field(repr=False)
    keys_secret_old: str = field(repr=False)
    workers: int
    threads: int
    trusted_proxies: int
    idle_minutes: int
    session_hours: int
    content_academy: str
    media_mb: int
    render_seconds: float
    print_seconds: float
    argon2: Argon2Cost
    mail: Mail
    worker: bool
    result_days: int
    export_dir: Path | None
    vc_api_token: str
    lrs_hosts: tuple[str, ...]
    shared: Shared
    watch: Watch
    demo: bool
    demo_door: bool
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
        host, port = reader.host("PME_HOST", DEFAULT_HOST), reader.number("PME_PORT", 8000, 1, HIGHEST_PORT)
        named = f"[{host}]" if ":" in host else host
        public_url = reader.address("PME_PUBLIC_URL", f"http://{named}:{port}")
        public_host = urlsplit(public_url).hostname or ""
        settings = cls(
            database_url=reader.database("PME_DATABASE_URL", f"sqlite:///{instance / 'pme.sqlite3'}"),
            reports_database_url=reader.replica("PME_REPORTS_DATABASE_URL", "PME_DATABASE_URL"),
            database_pooled=reader.switch("PME_DATABASE_POOLED", default=False),
            limits=Limits.read(reader),
            instance_dir=instance,
            modules_dir=reader.modules(),
            quizzes_dir=reader.quizzes(),
            host=host,
            port=port,
            public_url=public_url,
            allowed_hosts=reader.hosts("PME_ALLOWED_HOSTS", ("localhost", "127.0.0.1", public_host)),
            secret_key=reader.secret("PME_SECRET_KEY", instance),
            keys_secret=reader.secret_of_keys("PME_KEYS_SECRET"),
            keys_secret_old=reader.secret_of_keys("PME_KEYS_SECRET_OLD"),
            workers=reader.number("PME_WORKERS", 2, 1, 64),
            threads=reader.number("PME_THREADS", 4, 1, 64),
            trusted_proxies=reader.number("PME_TRUSTED_PROXIES", 0, 0, 5),
            idle_minutes=reader.number("PME_IDLE_MINUTES", 240, 5, 1440),
            session_hours=reader.number("PME_SESSION_HOURS", 12, 1, 72),
            content_academy=reader.academy("PME_CONTENT_ACADEMY"),
            media_mb=reader.number("PME_MEDIA_MB", 50, 1, 500),
            render_seconds=reader.render_seconds(),
            print_seconds=float(reader.number("PME_PRINT_SECONDS", 20, 1, 120)),
            argon2=Argon2Cost(
                passes=reader.number("PME_ARGON2_PASSES", 2, 1, 10),
                kibibytes=reader.number("PME_ARGON2_KIB", 19 * 1024, 8, 1024 * 1024),
                lanes=reader.number("PME_ARGON2_LANES", 1, 1, 8),
            ),
            mail=Mail.read(reader, public_host=public_host),
            worker=reader.switch("PME_WORKER", default=True),
            result_days=reader.number("PME_RESULT_DAYS", 7, 1, 90),
            export_dir=reader.export_dir(),
            vc_api_token=reader.token("PME_VC_API_TOKEN"),
            lrs_hosts=reader.hosts("PME_LRS_HOSTS", ()),
            shared=Shared.read(reader),
            watch=Watch.read(reader),
            demo=reader.switch("PME_DEMO", default=True),
            demo_door=reader.switch("PME_DEMO_DOOR", default=False),
            development=reader.switch("PME_DEVELOPMENT", default=False),
        )
        if reader.reasons:
            raise Refused("\n".join(reader.reasons))
        return settings


def ensure_instance() -> Path:
    """Make the instance folder and, unless one is given, a secret key in it. Gives the folder."""
    reader = _Reader(os.environ)
    folder = reader.folder("PME_INSTANCE_DIR", ROOT / "instance", must_exist=False)
    if reader.reasons:
        raise Refused("\n".join(reader.reasons))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not reader.text("PME_SECRET_KEY", "") and not secret_key_file(folder).exists():
            _make_key(secret_key_file(folder))
    except OSError as error:
        raise Refused(
            f"PME_INSTANCE_DIR is {folder}, which cannot be made or written ({error.strerror}); "
            "name a folder that belongs to you."
        ) from error
    return folder


def content_settings(modules: Path | None, quizzes: Path | None) -> tuple[Path, Path, float]:
    """Both content folders and the seconds a page may take: all that `pme check` needs.

    Folders given here replace those of the environment. Raises Invalid when one is missing.
    """
    reader = _Reader(os.environ)
    found = (
        reader.existing("--modules", modules) if modules else reader.modules(),
        reader.existing("--quizzes", quizzes) if quizzes else reader.quizzes(),
        reader.render_seconds(),
    )
    if reader.reasons:
        raise Invalid("\n".join(reader.reasons))
    return found


def secret_key_file(instance_dir: Path) -> Path:
    """Where the key lies that `pme serve` and `pme init` make."""
    return instance_dir / "secret-key"


def _make_key(key: Path) -> None:
    # Written aside and linked, so that two first starts at once agree on one whole key.
    aside = key.with_name(f".{key.name}-{os.getpid()}-{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            key.hardlink_to(aside)
    finally:
        aside.unlink()


class _Reader:
    """Reads settings and keeps every reason to refuse, so that all are shown at once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.reasons: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name, "").strip() or default

    def academy(self, name: str) -> str:
        given = self.text(name, "")
        if given and not ACADEMY.fullmatch(given):
            self.reasons.append(f"{name} is “{given}”; give the short name of an academy, such as lakeside.")
        return given

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
        if given in ("yes", "no", "1", "0", "true", "false", "on", "off"):
            return given in ("yes", "1", "true", "on")
        self.reasons.append(f"{name} is “{given}”; give yes or no.")
        return default

    def token(self, name: str) -> str:
        given = self.text(name, "")
        if given and len(given) < SHORTEST_TOKEN:
            self.reasons.append(
                f"{name} has {len(given)} characters; give at least {SHORTEST_TOKEN} random ones."
            )
        return given

    def folder(self, name: str, default: Path, *, must_exist: bool) -> Path:
        path = Path(self.text(name, str(default)))
        try:
            path = path.expanduser().absolute()
        except RuntimeError:
            self.reasons.append(f"{name} is {path}, whose home folder is not known; give the whole path.")
            return default
        if must_exist:
            return self.existing(name, path)
        if os.path.exists(path) and not os.path.isdir(path):  # noqa: PTH110, PTH112  (these never raise)
            self.reasons.append(f"{name} is {path}, which is a file; give a folder.")
        return path

    def existing(self, name: str, path: Path) -> Path:
        is_there = os.path.exists(path)  # noqa: PTH110  (unlike Path's, never raises)
        if is_there and not path.is_dir():
            self.reasons.append(f"{name} is {path}, which is a file; give a folder.")
        elif not is_there:
            self.reasons.append(f"{name} is {path}, which does not exist; create it or name another folder.")
        return path

    def modules(self) -> Path:
        return self.folder("PME_MODULES_DIR", ROOT / "modules", must_exist=True)

    def quizzes(self) -> Path:
        return self.folder("PME_QUIZZES_DIR", ROOT / "quizzes", must_exist=True)

    def export_dir(self) -> Path | None:
        name = "PME_EXPORT_DIR"
        return self.folder(name, ROOT, must_exist=False) if self.text(name, "") else None

    def render_seconds(self) -> float:
        return float(self.number("PME_RENDER_SECONDS", DEFAULT_RENDER_SECONDS, 1, 60))

    def host(self, name: str, default: str) -> str:
        given = self.text(name, default)
        try:
            return str(ipaddress.ip_address(given.removeprefix("[").removesuffix("]")))
        except ValueError:
            if HOST_NAME.fullmatch(given):
                return given.lower()
        self.reasons.append(
            f"{name} is “{given}”; give an address of this machine, for example {default}, 0.0.0.0 or ::1."
        )
        return default

    def database(self, name: str, default: str) -> str:
        given = self.text(name, default)
        scheme, _, rest = given.partition("://")
        if scheme not in DATABASES or not (rest or scheme == "sqlite"):
            self.reasons.append(
                f"{name} must begin with sqlite:/// or postgresql:// and name a database; "
                "for example sqlite:////var/lib/pme/pme.sqlite3 or postgresql://pme@localhost/pme."
            )
        elif scheme == "sqlite":
            self._sqlite(name, rest)
        else:
            self._postgresql(name, rest)
        if scheme == "postgresql":
            return f"postgresql+psycopg://{rest}"
        return given

    def replica(self, name: str, first: str) -> str:
        given = self.text(name, "")
        if not given:
            return ""
        if not given.startswith("postgresql") or not self.text(first, "").startswith("postgresql"):
            self.reasons.append(f"{name} is for a replica of a PostgreSQL database that {first} names.")
            return ""
        return self.database(name, "")

    def _sqlite(self, name: str, rest: str) -> None:
        path, _, options = rest.partition("?")
        if path in ("", "/") or ":memory:" in path or "mode=memory" in options:
            self.reasons.append(
                f"{name} names a SQLite database in memory, where each server process would have its own; "
                "name a file, for example sqlite:////var/lib/pme/pme.sqlite3."
            )
        elif not path.startswith("/"):
            self.reasons.append(f"{name} must begin with sqlite:///, with three strokes before the file.")

    def _postgresql(self, name: str, rest: str) -> None:
        found = POSTGRESQL_REST.fullmatch(rest)
        port = found["port"] if found else None
        if not found:
            wrong = "cannot be read"  # nothing of it is shown: it may hold a password
        elif port is not None and not (
            port.isascii() and port.isdigit() and 0 < int(port[:6]) <= HIGHEST_PORT
        ):
            wrong = f"has a port that is no number from 1 to {HIGHEST_PORT}"
        else:
            return
        self.reasons.append(f"{name} {wrong}; give an address like postgresql://pme@localhost:5432/pme.")

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
        try:
            if not given and kept.is_file():
                given = kept.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            self.reasons.append(f"{name} is not set, and the key in {kept} cannot be read by this user.")
            return given
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

    def secret_of_keys(self, name: str) -> str:
        given = self.text(name, "")
        if given and len(given) < SHORTEST_SECRET:
            self.reasons.append(
                f"{name} has {len(given)} characters; give at least {SHORTEST_SECRET} random ones."
            )
        return given
