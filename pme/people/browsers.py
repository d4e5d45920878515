"""How a signed-in browser is called in a list: its name and, coarsely, from where. Pure.

Kept so that people know their own browsers again; it says no more than that needs.
"""

import ipaddress

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chromium"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
UNKNOWN = "A browser"
PREFIXES = {4: 24, 6: 48}
"""Bits of an address that are kept, by version of the protocol."""


def browser_name(user_agent: str) -> str:
    """A name such as “Firefox on Windows”, from what the browser says of itself."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), UNKNOWN)
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def coarse_network(address: str | None) -> str:
    """The network of an address, such as 192.0.2.0/24; empty where the address is none."""
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    plain = mapped or known
    return str(ipaddress.ip_network((plain, PREFIXES[plain.version]), strict=False))
