"""Which IP addresses are the public internet. Deny if not clearly public."""

import ipaddress

IPv6 = ipaddress.IPv6Address
Address = ipaddress.IPv4Address | IPv6

NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Networks without IPv4 reach it through these addresses (RFC 6052): the last four bytes count."""

GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All that is assigned in IPv6 (IANA); outside are loopback, link-local, private and embedded addresses."""

FAKE_IP = ipaddress.ip_network("198.18.0.0/15")
"""Benchmarking addresses; proxies such as Clash hand them out for every name."""

# Python calls these global, or has changed its mind between versions.
DENIED = tuple(
    map(
        ipaddress.ip_network,
        (
            "100.64.0.0/10",  # carrier NAT; 100.100.100.200 is Alibaba Cloud's metadata service
            "168.63.129.16/32",  # Azure's host
            "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is Oracle Cloud's metadata service
            "192.88.99.0/24",  # 6to4 relays
            "198.18.0.0/15",
            "2001::/23",  # Teredo and other protocols, which embed IPv4 addresses
            "2002::/16",  # 6to4, likewise
            "3fff::/20",  # documentation
        ),
    )
)


def is_public(address: str) -> bool:
    """Whether a numeric address (as a socket has it) is one that anybody on the internet can reach."""
    ip = unwrapped(address)
    if isinstance(ip, IPv6) and ip not in GLOBAL_UNICAST:
        return False
    return (
        ip.is_global and not ip.is_multicast and not ip.is_reserved and not any(ip in net for net in DENIED)
    )


def unwrapped(address: str) -> Address:
    """The IPv4 address inside an IPv6 one, where the system would connect to that."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, IPv6) and ip.ipv4_mapped:
        return ip.ipv4_mapped
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
