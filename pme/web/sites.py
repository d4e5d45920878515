"""What passkeys are bound to: the host and the address that the browser shows."""

import ipaddress
from urllib.parse import urlsplit

from flask import current_app, request

from pme.people.factors_passkeys import Site
from pme.people.factors_seal import Seal


def this_site() -> Site:
    """The host and address of this request; the host is one that the platform answers to."""
    origin = request.host_url.rstrip("/")
    return Site(urlsplit(origin).hostname or "", origin)


def takes_passkeys(site: Site) -> bool:
    """Whether browsers make passkeys for a host: it needs a name, and a number is none."""
    try:
        ipaddress.ip_address(site.host)
    except ValueError:
        return True
    return False


def seal() -> Seal:
    """What this installation seals with."""
    found: Seal = current_app.extensions["pme_seal"]
    return found
