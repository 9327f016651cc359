"""What people's own programs want of our address: an app of the owner's, a browser with our page, a site that
has our widget."""

import base64
import re
import secrets

from runtime import wellformed
from runtime.channels import Opens, SignsIn, Told
from runtime.checkup.address import Fault, is_number
from runtime.checkup.callback import CUT, NO_ANSWER, unpacked
from runtime.checkup.certificate import is_https
from runtime.checkup.meets import meets
from runtime.checkup.patient import Patient
from runtime.lang import NOTHING, Text, as_it_is
from runtime.network.outside import Answer, NotReached

SOCKET = "/agent/ws"
FRAMED = re.compile(r"frame-ancestors\s+'none'", re.IGNORECASE)
LINE = re.compile(rb'"publication": ?"([A-Za-z0-9_-]{1,80})"')
"""In the page, for its script."""


def is_bound(patient: Patient) -> bool:
    """Whether people come by an app whose platform says which addresses it may call."""
    return isinstance(patient.channel, SignsIn) and patient.channel.domain is not None


def opens(patient: Patient) -> bool:
    return isinstance(patient.channel, Opens)


def is_on_sites(patient: Patient) -> bool:
    """Whether pages of other sites come, too."""
    return isinstance(patient.channel, SignsIn) and bool(patient.channel.origins)


async def taken(patient: Patient) -> Told:
    """Whether the platform lets its apps call it at all."""
    channel = patient.channel
    assert isinstance(channel, SignsIn)
    assert channel.domain
    if not is_https(patient):
        return patient.told(False, *PLAIN)
    if is_number(patient.host):
        return patient.told(False, *NUMBER, host=patient.host)
    if patient.host.lower() in channel.domain.never:
        return patient.told(False, *NEVER, host=patient.host)
    says = Text("{place} 可以填进{console}。", "{place} may be entered in {console}.")
    return patient.told(True, says, channel.domain.look_up, place=as_it_is(f"https://{patient.parts.netloc}"))


PLAIN = Fault(
    Text(
        "公网地址是 http，{platform}只让程序访问 https 和 wss。",
        "The public address is http, and {platform} lets its apps call https and wss alone.",
    ),
    Text(
        "请给域名配上证书（Let's Encrypt 免费），公网地址改成 https:// 开头。",
        "Get a certificate for the name (Let's Encrypt is free) and let the public address begin with https://.",
    ),
)
NUMBER = Fault(
    Text(
        "{host} 是 IP 地址，{platform}只收域名。",
        "{host} is an IP address, and {platform} takes names alone.",
    ),
    Text(
        "请换成指向这台服务器的域名。",
        "Take a name that points to this server.",
    ),
)
NEVER = Fault(
    Text("{platform}不让程序访问 {host}。", "{platform} lets no app call {host}."),
    Text("请换成自己的域名。", "Take a name of your own."),
)


async def socket(patient: Patient) -> Told:
    """Asked as an app does that has not signed in yet: our refusal says that it came through."""
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key,
    }
    try:
        answer = await patient.ways.outside.ask(
            "GET", patient.base + SOCKET, patient.addresses, patient.patience, headers=upgrade
        )
    except NotReached as e:
        return patient.told(False, *NO_ANSWER.get(e.why, CUT), seconds=f"{patient.patience:g}", why=e.detail)
    if answer.status == 101 or _is_refusal(answer):
        return Told(True, Text("WebSocket 通得过。", "WebSockets come through."))
    return patient.told(False, *NO_SOCKET, status=answer.status)


def _is_refusal(answer: Answer) -> bool:
    """Of a WebSocket, by us."""
    if answer.status not in (401, 403):
        return False
    try:
        told = wellformed.load(unpacked(answer), largest=16_384, deepest=10)
    except ValueError:
        return False
    error = told.get("error") if isinstance(told, dict) else None
    return isinstance(error, dict) and isinstance(error.get("code"), str)


NO_SOCKET = Fault(
    Text(
        "WebSocket 过不来（HTTP {status}），回答只能等写完才显示，或要反复重连。",
        "WebSockets do not come through (HTTP {status}): answers show late, or lines are opened again and "
        "again.",
    ),
    Text(
        "请让反向代理转发升级请求（nginx：proxy_http_version 1.1，"
        "proxy_set_header Upgrade $http_upgrade 和 Connection upgrade）。",
        "Let the proxy pass upgrades on (nginx: proxy_http_version 1.1, proxy_set_header Upgrade "
        "$http_upgrade and Connection upgrade).",
    ),
)


async def page(patient: Patient) -> Told:
    """Our page, as a browser gets it."""
    channel = patient.channel
    assert isinstance(channel, Opens)
    url = patient.base + channel.page_of(patient.id)
    try:
        answer = await patient.ways.outside.ask("GET", url, patient.addresses, patient.patience)
    except NotReached as e:
        return patient.told(False, *NO_ANSWER.get(e.why, CUT), seconds=f"{patient.patience:g}", why=e.detail)
    found = LINE.search(unpacked(answer))
    if answer.status != 200 or found is None or found[1].decode() != patient.id:
        fault = OFFLINE if answer.status == 404 else meets(answer)
        return patient.told(False, *fault, status=answer.status)
    if not FRAMED.search(answer.headers.get("content-security-policy", "")):
        return patient.told(False, *FRAMEABLE)
    if not is_https(patient):
        return patient.told(True, OPEN, NO_VOICE)
    return patient.told(True, OPEN, NOTHING)


OPEN = Text("浏览器打得开聊天页。", "Browsers open the page.")
NO_VOICE = Text(
    "没有 https 时浏览器不给用麦克风，路上的人也看得见对话。有域名就可以免费用上 https。",
    "Without https browsers give no microphone, and whoever is on the way reads along. With a name it is "
    "free.",
)
OFFLINE = Fault(
    Text("那里没有这个聊天页（HTTP {status}）。", "There is no such page (HTTP {status})."),
    Text(
        "请让反向代理把 /chat/ 也转给本程序，不要改写路径。",
        "Let the proxy pass /chat/ on to this program, too, and rewrite no path.",
    ),
)
FRAMEABLE = Fault(
    Text(
        "聊天页的安全策略（Content-Security-Policy）在路上被去掉或改掉了，别的网站可以把它嵌进框里骗人点击。",
        "The page's Content-Security-Policy was removed or changed on its way: others may frame it and have "
        "people click what they do not see.",
    ),
    Text(
        "请去掉反向代理或 CDN 里改写这个响应头的规则。要放进自己的网站，请用嵌入标签，不要用 iframe。",
        "Remove the rule of the proxy or CDN that changes that header. For your own site take the tag, "
        "not an iframe.",
    ),
)


async def sites(patient: Patient) -> Told:
    """A page over https loads nothing over http: browsers call that mixed content."""
    channel = patient.channel
    assert isinstance(channel, SignsIn)
    secure = [one for one in sorted(channel.origins) if one.startswith("https:")]
    if secure and not is_https(patient):
        return patient.told(False, *MIXED, site=secure[0])
    says = Text("允许的网站都加载得了它。", "The sites that may have it can load it.")
    return Told(True, says)


MIXED = Fault(
    Text(
        "{site} 是 https，公网地址是 http：浏览器不会在那里加载它。",
        "{site} is https and the public address is http: browsers do not load it there.",
    ),
    Text("请让公网地址也用 https。", "Let the public address be https, too."),
)
