"""Whether the settings are safe for where the platform stands. Pure: nothing of a secret is ever in what is said."""

from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import make_url

from pme.config import Settings
from pme.doctor.finding import Finding, fine, look, wrong

PUBLISHED = (
    "8sN2vX0qJw5mR7tYzLbKc4HdGfP1aEuo",
    "Vt3qLw9ZcB7xNf2KpRj6HsYd5GmUa8Eo",
    "kR8wNz4TqXb6VhLc2JmPd9GsYf3UaE7o",
)
"""The examples of docs/settings.md, which everybody knows."""
FEW_LETTERS = 10
SURE = ("require", "verify-ca", "verify-full")
"""`sslmode` with which nothing is said to a server of PostgreSQL without TLS."""
LOCAL = ("localhost", "localhost.localdomain")
RANDOM = 'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'


def check_settings(settings: Settings, *, has_real_academies: bool, has_demo: bool) -> list[Finding]:
    """Secrets, the address, proxies, cookies, and what is for demonstrations only."""
    return [
        *_secrets(settings, has_real_academies=has_real_academies),
        _address(settings),
        _proxies(settings),
        *_on_the_way(settings),
        *_exposed(settings, has_demo=has_demo),
    ]


def is_local(settings: Settings) -> bool:
    """Whether only this machine reaches the platform, as far as its settings tell."""
    return _is_here(urlsplit(settings.public_url).hostname or "") and _is_here(settings.host)


def _secrets(settings: Settings, *, has_real_academies: bool) -> Iterator[Finding]:
    about = "Secrets"
    given = {
        "PME_SECRET_KEY": settings.secret_key,
        "PME_KEYS_SECRET": settings.keys_secret,
        "PME_KEYS_SECRET_OLD": settings.keys_secret_old,
    }
    is_fine = True
    for name, secret in given.items():
        if secret and (secret in PUBLISHED or len(set(secret)) < FEW_LETTERS):
            is_fine = False
            how = "pme keys reseal" if name == "PME_KEYS_SECRET" else "docs/settings.md"
            yield wrong(
                about,
                f"{name} is an example or has too few different letters, so that it can be guessed.",
                f"Give it what this prints: {RANDOM} (then: {how}).",
            )
    if settings.keys_secret and settings.keys_secret == settings.secret_key:
        is_fine = False
        yield wrong(
            about,
            "PME_KEYS_SECRET and the secret key are the same.",
            "Give PME_KEYS_SECRET one of its own: a copy of the instance folder must not be enough to sign.",
        )
    if not settings.keys_secret and has_real_academies:
        is_fine = False
        yield wrong(
            about,
            "PME_KEYS_SECRET is not set, so that academies cannot sign.",
            "Set it, keep a copy apart from the backups, then: pme keys new SLUG (docs/keys.md).",
        )
    if settings.keys_secret_old:
        is_fine = False
        yield look(
            about,
            "PME_KEYS_SECRET_OLD is still set.",
            "Run pme keys reseal; when it says so, take the old one away.",
        )
    if is_fine:
        yield fine(about, "Set, long enough, and none of the published examples.")


def _address(settings: Settings) -> Finding:
    about, host = "Address", urlsplit(settings.public_url).hostname or ""
    if host not in settings.allowed_hosts:
        return wrong(
            about,
            f"PME_PUBLIC_URL is {settings.public_url}, but PME_ALLOWED_HOSTS does not have {host}.",
            "Add it: the platform refuses whoever comes by that address.",
        )
    if settings.is_https:
        return fine(about, f"{settings.public_url}; cookies are sent over TLS only.")
    if is_local(settings):
        return fine(about, f"{settings.public_url}: for this machine only, so without TLS.")
    return wrong(
        about,
        f"{settings.public_url} is without TLS, and others reach it: passwords and cookies can be read on the way.",
        "Put a web server with a certificate in front and set PME_PUBLIC_URL to https://... (docs/settings.md).",
    )


def _proxies(settings: Settings) -> Finding:
    about, trusted = "Proxies", settings.trusted_proxies
    if settings.is_https and not trusted:
        return look(
            about,
            "The address is https, which a proxy in front must answer, but none is trusted: everybody seems to come "
            "from its address, and limits on wrong passwords count them as one.",
            "Set PME_TRUSTED_PROXIES to the number of proxies in front (usually 1).",
        )
    if trusted and not _is_here(settings.host):
        return look(
            about,
            f"{trusted} trusted, and the server listens on {settings.host}: who reaches it without the proxy can say "
            "to come from any address.",
            "Set PME_HOST to 127.0.0.1, or let a firewall admit the proxy only.",
        )
    return fine(about, f"{trusted} trusted." if trusted else "None in front.")


def _on_the_way(settings: Settings) -> Iterator[Finding]:
    """What the platform says to its own servers on other machines: it holds names, results and passwords."""
    about, shared = "On the way", settings.shared
    redis, storage = urlsplit(shared.redis_url), urlsplit(shared.endpoint)
    open_to_all = [
        (f"{name} goes to {host} and may go without TLS", "?sslmode=verify-full&sslrootcert=FILE at its end")
        for name, host in _unsure(settings)
    ]
    if redis.scheme == "redis" and not _is_here(redis.hostname or ""):
        open_to_all.append((f"PME_REDIS_URL goes to {redis.hostname} without TLS", "rediss:// in it"))
    if storage.scheme == "http" and not _is_here(storage.hostname or ""):
        open_to_all.append((f"PME_STORE_ENDPOINT is {shared.endpoint}, without TLS", "https:// in it"))
    for found, mended in open_to_all:
        yield look(
            about,
            f"{found}: who is on that network can read what is said.",
            f"Put {mended} (docs/deploy.md), unless nobody else is on that network.",
        )
    if not open_to_all:
        yield fine(about, "What goes to another machine goes over TLS.")


def _unsure(settings: Settings) -> Iterator[tuple[str, str]]:
    given = {
        "PME_DATABASE_URL": settings.database_url,
        "PME_REPORTS_DATABASE_URL": settings.reports_database_url,
    }
    for name, address in given.items():
        url = make_url(address) if address else None
        if url is None or url.get_backend_name() != "postgresql":
            continue
        host = url.host or str(url.query.get("host", "/"))
        if not (host.startswith("/") or _is_here(host)) and url.query.get("sslmode") not in SURE:
            yield name, host


def _exposed(settings: Settings, *, has_demo: bool) -> Iterator[Finding]:
    about = "Demonstration"
    if is_local(settings):
        yield fine(about, "Only this machine reaches it.")
        return
    if settings.development:
        yield wrong(
            about, "PME_DEVELOPMENT is on.", "Set PME_DEVELOPMENT=no: it is for developers' machines."
        )
    if has_demo:
        yield look(
            about,
            "A demonstration academy is here, whose sign-ins were printed.",
            "Use another installation for real academies, or change or suspend its accounts.",
        )
    elif settings.demo:
        yield look(
            about, "PME_DEMO is on: a demonstration academy is made at the next start.", "Set PME_DEMO=no."
        )
    elif not settings.development:
        yield fine(about, "Nothing of it is here.")


def _is_here(host: str) -> bool:
    if host in LOCAL:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
