"""From where a request comes, as coarsely as the record keeps it: the network, never the machine."""

from functools import lru_cache
from ipaddress import ip_address, ip_network

UNKNOWN = "unknown"
IPV4_BITS, IPV6_BITS = 24, 48
"""What is left names some hundreds of machines, or a whole site: enough to see that something came from elsewhere."""


@lru_cache(maxsize=4_096)
def coarse(address: str | None) -> str:
    """The network of an address like 192.0.2.0/24 or 2001:db8:1::/48."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return UNKNOWN
    found = getattr(found, "ipv4_mapped", None) or found
    bits = IPV4_BITS if found.version == 4 else IPV6_BITS  # noqa: PLR2004  (the versions of the protocol)
    return str(ip_network(f"{found}/{bits}", strict=False))
