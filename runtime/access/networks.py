"""Who is counted as one."""

import ipaddress


def address_of(client: tuple[str, int] | None) -> str:
    """What to count by: the address, for IPv6 its /64 network, which one person has whole."""
    return network_of(client[0] if client else "")


def network_of(host: str) -> str:
    """The same of an address that was written down."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped  # a socket for both: else all the world of IPv4 would be one /64
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
