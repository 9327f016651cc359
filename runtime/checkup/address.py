"""The public address: whether there is one, what it resolves to, and whether its port takes connections."""

from typing import NamedTuple

from runtime.channels import Opens, Told, Verifies
from runtime.checkup.patient import Patient
from runtime.lang import NOTHING, Text, as_it_is, joined, listed
from runtime.network import http_address
from runtime.network.outside import Names, NotReached
from runtime.network.public_address import FAKE_IP, is_public, unwrapped

MOST = 4
"""Addresses of a name that are tried."""


class Fault(NamedTuple):
    says: Text
    do: Text


async def url(patient: Patient) -> Told:
    if not patient.base:
        return patient.told(
            False,
            Text("还没有填公网地址。", "No public address is given yet."),
            Text(
                "在发布页填写公网地址，例如 https://bot.example.com，或设置 HONGYAN_PUBLIC_URL。",
                "Enter it on the publish page, e.g. https://bot.example.com, or set HONGYAN_PUBLIC_URL.",
            ),
        )
    if not is_number(patient.host) and http_address.is_near(patient.host) and not await is_here(patient):
        return patient.told(
            False,
            Text(
                "{host} 只在本机或内网有意义，{platform}访问不到。",
                "{host} means something only near this machine; {platform} cannot reach it.",
            ),
            Text(
                "请换成公网域名；试用时可以用内网穿透给出的域名。",
                "Take a public name; for a try, the one that a tunnel gives you.",
            ),
            host=patient.host,
        )
    if isinstance(patient.channel, Opens):
        page = patient.base + patient.channel.page_of(patient.id)
        return Told(
            True, Text("网页的地址是 {url}。", "The page's address is {url}.").fill(url=page), copy=page
        )
    says = Text("回调地址是 {url}。", "The callback's address is {url}.").fill(url=patient.url)
    return Told(True, says, copy=patient.url)


async def port(patient: Patient) -> Told:
    channel, parts = patient.channel, patient.parts
    allowed = channel.ports if isinstance(channel, Verifies) else frozenset()
    if allowed and patient.port not in allowed and not await is_here(patient):
        return patient.told(
            False,
            Text(
                "{platform}只呼叫 {ports} 端口，公网地址写的是 {port}。",
                "{platform} only calls the ports {ports}, and the public address says {port}.",
            ),
            Text(
                "用反向代理把 443 转到本程序，公网地址里去掉端口。",
                "Let a reverse proxy pass 443 on to this program, and leave the port out of the address.",
            ),
            ports=joined([as_it_is(str(one)) for one in sorted(allowed)], Text(" 和 ", " and ")),
            port=patient.port,
        )
    if parts.scheme == "http":
        return patient.told(
            True,
            Text(
                "地址用的是 http，路上的人看得见消息。",
                "The address is http: whoever is on the way sees messages.",
            ),
            Text(
                "有域名就可以免费用上 https，见发布页的部署说明。",
                "With a name https costs nothing: see the steps for a server on the publish page.",
            ),
        )
    return Told(True, Text("https，端口 {port}。", "https on port {port}.").fill(port=patient.port))


async def find(patient: Patient) -> Names:
    """What the host resolves to, asked once."""
    if patient.names is None and is_number(patient.host):
        bare = patient.host.strip("[]")
        patient.names = Names(aaaa=(bare,)) if ":" in bare else Names(a=(bare,))
    elif patient.names is None:
        patient.names = await patient.ways.outside.names(patient.host, patient.patience)
    return patient.names


async def is_here(patient: Patient) -> bool:
    """Whether it leads to this very machine: all else can be tried, and that comes last, in `public`."""
    names = await find(patient)
    found = [*names.a, *names.aaaa]
    return bool(found) and all(unwrapped(one).is_loopback for one in found)


async def public(patient: Patient) -> Told:
    if not await is_here(patient):
        says = Text("{address} 是公网地址。", "{address} is a public address.")
        return patient.told(True, says, NOTHING, address=patient.addresses[0])
    return patient.told(
        False,
        Text(
            "{host} 就是这台机器自己，这里能访问，{platform}访问不到。",
            "{host} is this machine itself: it is reached from here, and {platform} cannot reach it.",
        ),
        Text(
            "请换成公网域名（80 或 443 端口）；试用时可以用内网穿透给出的域名。",
            "Take a public name (on port 80 or 443); for a try, the one that a tunnel gives you.",
        ),
        host=patient.host,
    )


async def dns(patient: Patient) -> Told:
    names, values = await find(patient), {"host": patient.host}
    if names.failed:
        return patient.told(False, *UNANSWERED, **values)
    if not names.a and not names.aaaa:
        return patient.told(False, *NO_NAME, **values)
    hidden = [one for one in names.a or names.aaaa if not is_public(one)]
    if hidden and not await is_here(patient):
        fault = FAKE if unwrapped(hidden[0]) in FAKE_IP else HIDDEN
        return patient.told(False, *fault, address=hidden[0], **values)
    if not names.a and not hidden:
        return patient.told(False, *ONLY_V6, **values)
    says = Text("{host} 解析到 {all}。", "{host} resolves to {all}.")
    found = listed([*names.a, *names.aaaa][:8])
    bad = [one for one in names.aaaa if not is_public(one)]
    if bad and not hidden:
        do = Text(
            "请删掉 AAAA 记录 {bad}，它不是公网地址。", "Remove the AAAA record {bad}: it is not public."
        )
        return patient.told(True, says, do, all=found, bad=bad[0], **values)
    return patient.told(True, says, NOTHING, all=found, **values)


UNANSWERED = Fault(
    Text("DNS 服务器没有回答 {host} 在哪里。", "The DNS server did not answer where {host} is."),
    Text(
        "请检查这台机器的 DNS 设置和域名的解析服务商，稍后再试。",
        "See to this machine's DNS and to the name's DNS provider, and try again.",
    ),
)
NO_NAME = Fault(
    Text("域名 {host} 解析不到地址。", "The name {host} has no address."),
    Text(
        "请检查拼写，并在域名服务商处添加指向这台服务器的 A 记录；刚加的要等几分钟。",
        "Check its spelling, and add an A record for this server at its provider; a new one takes minutes.",
    ),
)
HIDDEN = Fault(
    Text(
        "{host} 解析到 {address}，那是内网地址，{platform}访问不到。",
        "{host} resolves to {address}, which is not public: {platform} cannot reach it.",
    ),
    Text(
        "请把 A 记录改成公网 IP；没有公网 IP 就用内网穿透或反向代理。",
        "Put the public IP into the A record; without one use a tunnel or a reverse proxy.",
    ),
)
FAKE = Fault(
    Text(
        "{host} 解析到 {address}，那是代理软件的假地址，看不出真实的解析。",
        "{host} resolves to {address}, a fake address of a proxy program: the real one cannot be seen.",
    ),
    Text(
        "请关闭这台机器上代理软件的 fake-ip 模式，再检查一次。",
        "Turn the fake-ip mode of the proxy on this machine off, and check again.",
    ),
)
ONLY_V6 = Fault(
    Text(
        "{host} 只有 IPv6 地址（AAAA），没有 IPv4 地址（A）。",
        "{host} has an IPv6 address (AAAA) only, and no IPv4 address (A).",
    ),
    Text("{platform}从 IPv4 呼叫：请添加 A 记录。", "{platform} calls over IPv4: add an A record."),
)


async def tcp(patient: Patient) -> Told:
    wrong: list[tuple[str, NotReached]] = []
    tried = patient.addresses[:MOST]
    for address in tried:
        try:
            await patient.ways.outside.connect(address, patient.port, patient.patience)
        except NotReached as e:
            wrong.append((address, e))
    if not wrong:
        says = Text("{address}:{port} 连得上。", "{address}:{port} takes connections.")
        return Told(True, says.fill(address=tried[0], port=patient.port))
    address, error = wrong[0]
    fault = CONNECT.get(error.why, UNROUTABLE)
    if len(wrong) < len(tried):
        fault = Fault(SOMETIMES, fault.do)
    return patient.told(False, *fault, address=address, port=patient.port, host=patient.host)


UNROUTABLE = Fault(
    Text("到 {address} 没有路（端口 {port}）。", "There is no way to {address} (port {port})."),
    Text("请核对 A 记录里的 IP 是不是这台服务器的。", "See whether the IP in the A record is this server's."),
)
CONNECT = {
    "refused": Fault(
        Text("{address} 拒绝了端口 {port} 的连接。", "{address} refuses connections on port {port}."),
        Text(
            "那里没有程序在听：请启动反向代理，或核对 A 记录和端口转发。",
            "Nothing listens there: start the reverse proxy, or check the A record and port forwarding.",
        ),
    ),
    "timeout": Fault(
        Text("{address} 的端口 {port} 没有回应。", "{address} does not answer on port {port}."),
        Text(
            "请在云服务商的安全组和本机防火墙里放行这个端口；"
            "手机流量能打开而这里不能，只是本机访问不了自己的公网 IP。",
            "Open the port in the cloud's security group and the firewall. If a phone off Wi-Fi opens it, "
            "only this machine cannot reach its own public address.",
        ),
    ),
}
SOMETIMES = Text(
    "{host} 有几个地址，其中 {address} 连不上（端口 {port}），{platform}会时好时坏。",
    "Of the addresses of {host}, {address} takes no connection (port {port}): {platform} fails now and then.",
)


def is_number(host: str) -> bool:
    """Whether it is an IP address."""
    try:
        unwrapped(host.strip("[]"))
    except ValueError:
        return False
    return True
