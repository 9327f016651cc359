"""What an owner says of containers: checked here, since it goes into files that act."""

import ipaddress
import re
from dataclasses import dataclass, field

from runtime.deployment.domain import EXAMPLE
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.network import http_address
from runtime.version import VERSION

MOST = 64
"""Gateways."""
HOST = r"(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)"
PATH = r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*"
REGISTRY = re.compile(rf"{HOST}(?:/{PATH})?")
IMAGE = re.compile(rf"(?P<repository>(?:{HOST}/)?{PATH}):(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})")
"""A name with a tag, as https://github.com/distribution/reference has it."""
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A name in a cluster: RFC 1123, as Kubernetes has it ("Object Names and IDs")."""
LONGEST = 255
LARGEST, SMALLEST = 16, 24
"""Networks: bits of the prefix."""


@dataclass(frozen=True)
class Wanted:
    """Raises BadSettings that names the option, as it is typed."""

    gateways: int = 0
    """Beside the pages, on one database; 0: one process, which needs none."""
    image: str = f"hongyan:{VERSION}"
    gateway_image: str = ""
    """Of the gateways, which can do without the pages; "": the same."""
    registry: str = "docker.io"
    """Where other people's images come from."""
    index: str = "https://pypi.org/simple"
    """Where packages come from while our image is built."""
    subnet: str = "172.30.87.0/24"
    """Of the containers."""
    alerts: str = field(default="", repr=False)
    """Where Alertmanager tells of trouble; "" for nowhere."""
    namespace: str = "hongyan"
    storage_class: str = ""
    """"" for the cluster's usual one."""
    ingress_class: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.gateways <= MOST:
            raise _bad("--gateways", Text("应为 0 到 {most}", "should be 0 to {most}").fill(most=MOST))
        names = (
            ("--image", self.image, IMAGE, "registry.example.com/hongyan:1.0.0"),
            ("--gateway-image", self.gateway_image or self.image, IMAGE, "hongyan-gateway:1.0.0"),
            ("--registry", self.registry, REGISTRY, "docker.io"),
            ("--namespace", self.namespace, LABEL, "hongyan"),
            ("--storage-class", self.storage_class or "x", REGISTRY, "standard"),
            ("--ingress-class", self.ingress_class or "x", REGISTRY, "nginx"),
        )
        for option, given, pattern, example in names:
            if len(given) > LONGEST or not pattern.fullmatch(given):
                raise _like(option, given, example)
        self.network()
        for option, url in (("--index", self.index), ("--alerts", self.alerts)):
            if url and not _is_url(url):
                raise _like(option, url, f"https://{EXAMPLE}/…")

    def network(self) -> ipaddress.IPv4Network:
        try:
            network = ipaddress.IPv4Network(self.subnet)
        except ValueError:
            network = None
        if network is None or not network.is_private or not LARGEST <= network.prefixlen <= SMALLEST:
            raise _like("--subnet", self.subnet, "172.30.87.0/24")
        return network

    @property
    def tag(self) -> str:
        return self.image.rpartition(":")[2]

    @property
    def repository(self) -> str:
        return self.image.rpartition(":")[0]


def _is_url(url: str) -> bool:
    """Readable ASCII without spaces: what else stands in it means nothing in quotes."""
    try:
        http_address.split(url)
    except ValueError:
        return False
    return url.isascii() and url.isprintable() and " " not in url and len(url) <= 2000


def _like(option: str, given: str, example: str) -> BadSettings:
    return _bad(
        option,
        Text("应为 {example} 这样的，而不是「{given}」", "should be like {example}, not {given!r}").fill(
            example=example, given=given[:LONGEST]
        ),
    )


def _bad(option: str, text: Text) -> BadSettings:
    known = Text("{option}：{text}。", "{option} {text}.").fill(option=option, text=text)
    return BadSettings(known, field=option)
