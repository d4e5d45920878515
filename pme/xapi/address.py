"""The address of an LRS: what may be one, and to which address of the network it leads.

A page of the platform must not become a way into the network that it stands in: a name is resolved once, every
address that it leads to must be public, and the connection goes to the address that was looked at.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pme.errors import Invalid
from pme.words.lazily import lazy
from pme.words.speech import _

LONGEST = 500
HTTPS_PORT, HTTP_PORT = 443, 80
NO_ADDRESS = lazy(
    "This is not the address of an LRS. Give the one that its administrator names, such as "
    "https://lrs.example.org/xapi."
)
NOT_SAFE = lazy("Give an address that begins with https://, so that nobody else can read what is sent.")
SIGN_IN_APART = lazy("Leave user name and password out of the address: they have fields of their own.")
NOTHING_BEHIND = lazy("Give the address without ? and #, and stop before /statements.")
PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True)
class Target:
    """Where an LRS is: `path` is what comes before /statements, without a stroke at its end."""

    is_safe: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """The host as it stands in a header, with its port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (HTTPS_PORT if self.is_safe else HTTP_PORT) else f"{host}:{self.port}"


class NotReachable(Exception):
    """There is no way to an LRS that may be gone; the text is a sentence."""


def target_of(given: str, *, development: bool = False) -> Target:
    """What an address means. In development http is taken for this machine. Raises Invalid, in a sentence."""
    text = given.strip()
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        is_good = bool(host) and text.isascii() and text.isprintable() and " " not in text
    except ValueError:
        raise Invalid(NO_ADDRESS, field="address") from None
    if not is_good or len(text) > LONGEST or parts.scheme not in ("http", "https") or port == 0:
        raise Invalid(NO_ADDRESS, field="address")
    if parts.username is not None or parts.password is not None:
        raise Invalid(SIGN_IN_APART, field="address")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise Invalid(NOTHING_BEHIND, field="address")
    is_safe = parts.scheme == "https"
    if not is_safe and not (development and _is_this_machine(host)):
        raise Invalid(NOT_SAFE, field="address")
    path = parts.path.rstrip("/").removesuffix("/statements")
    return Target(is_safe, host, port or (HTTPS_PORT if is_safe else HTTP_PORT), path)


def looked_up(host: str, port: int) -> Sequence[str]:
    """The addresses that a name leads to. Raises OSError where it leads nowhere."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def ways_to(
    target: Target, *, inside: Collection[str] = (), development: bool = False, resolve: Resolve = looked_up
) -> Sequence[str]:
    """The addresses of the network to connect to. Raises NotReachable unless all of them are public, or the host is
    one that may stand `inside` a private network.
    """
    try:
        found = resolve(target.host, target.port)
    except (OSError, UnicodeError):
        raise NotReachable(
            _("The name {host} is not known. Check the address, or try again later.", host=target.host)
        ) from None
    for each in found:
        is_inside = target.host in inside and _is_of_a_network(each)
        if not is_inside and not _is_open(each, development=development):
            raise NotReachable(
                _(
                    "{host} leads to {each}, which is within a private network. Statements go to public "
                    "addresses only, so that nobody can look into the network of the platform. Whoever runs it can "
                    "name this host in PME_LRS_HOSTS.",
                    host=target.host,
                    each=each,
                )
            )
    if not found:
        raise NotReachable(
            _("The name {host} has no address on the network. Check how it is written.", host=target.host)
        )
    return found


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_open(given: str, *, development: bool) -> bool:
    """Whether anybody may connect there. An IPv6 address that carries an IPv4 one must lead to a public one too."""
    address = ipaddress.ip_address(given.partition("%")[0])
    if development and address.is_loopback:
        return True
    if isinstance(address, ipaddress.IPv6Address):
        stands_for = address.ipv4_mapped or _nat64(address)
        if stands_for is not None:
            return _is_public(stands_for)
        carried = [each for each in (address.sixtofour, *(address.teredo or ())) if each is not None]
        return _is_public(address) and not address.is_site_local and all(map(_is_public, carried))
    return _is_public(address)


def _is_of_a_network(given: str) -> bool:
    """Whether an address is of a private network: RFC 1918, or unique local (RFC 4193)."""
    address = ipaddress.ip_address(given.partition("%")[0])
    return any(address in network for network in PRIVATE if network.version == address.version)


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _nat64(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address within one of the well-known prefix of NAT64 (RFC 6052)."""
    if address in ipaddress.IPv6Network("64:ff9b::/96"):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
