"""Who answered instead of us, by what the answer looks like."""

import re
from http import HTTPStatus

from runtime.checkup.address import Fault
from runtime.lang import Text
from runtime.network.outside import Answer

FIREWALL = re.compile(
    rb"captcha|challenge|cf-chl|\bwaf\b|firewall|intercepted|blocked|access denied"
    rb"|\xe9\xaa\x8c\xe8\xaf\x81|\xe6\x8b\xa6\xe6\x88\xaa",
    re.IGNORECASE,
)
"""In a page: 验证 and 拦截, too."""
LOGIN = re.compile(rb"<input[^>]{1,200}password|log ?in|sign ?in|\xe7\x99\xbb\xe5\xbd\x95", re.IGNORECASE)
"""In a page: 登录, too."""


BLOCKED = re.compile(r"webblock|batit\.aliyun|icp.?filing|\u5907\u6848", re.IGNORECASE)
"""In an address or page: a cloud in China does not serve a name that is not filed (备案)."""
TUNNEL = re.compile(rb"ngrok|cpolar|natapp|tunnel", re.IGNORECASE)


def meets(answer: Answer, *, ours: bool = False) -> Fault:
    """`ours`: the address is known to lead here."""
    if answer.kind == "text/html" or answer.body.lstrip()[:1] == b"<":
        fault = _page(answer.status, answer.body)
        if fault is not None:
            return fault
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return PASSWORD
    if answer.status in BY_STATUS:
        return BY_STATUS[HTTPStatus(answer.status)]
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return BROKEN if ours else NO_PROGRAM
    if answer.status == HTTPStatus.FORBIDDEN:
        return OWN_SIGNATURE if ours else STRANGER
    return SOMEBODY


def _page(status: int, body: bytes) -> Fault | None:
    """Whose web page it is; None for a plain page about the status."""
    if BLOCKED.search(body.decode("utf-8", "replace")):
        return UNFILED
    if b"HTTPS port" in body:
        return PLAIN
    if b"SSL certificate" in body:
        return CALLER
    if TUNNEL.search(body):
        return THROUGH
    if FIREWALL.search(body):
        return WALL
    if status == HTTPStatus.FORBIDDEN:
        return FORBIDS
    if status == HTTPStatus.OK:
        return SIGN_IN if LOGIN.search(body) else SITE
    return None


UNFILED = Fault(
    Text(
        "云服务商拦下了这个域名：没有备案（HTTP {status}）。",
        "The cloud blocks this name: it is not filed [备案] (HTTP {status}).",
    ),
    Text(
        "请先完成 ICP 备案，或把服务器放到不要求备案的地区。",
        "File it first [ICP 备案], or take a server in a region that asks for no filing.",
    ),
)
CALLER = Fault(
    Text(
        "反向代理要求调用方出示证书（HTTP {status}）。",
        "The proxy wants a certificate of whoever calls (HTTP {status}).",
    ),
    Text(
        "请对 /c/ 关闭客户端证书校验（nginx：ssl_verify_client off）。",
        "Turn that off for /c/ (nginx: ssl_verify_client off).",
    ),
)
THROUGH = Fault(
    Text(
        "内网穿透没有连到本程序，或先显示它自己的页面（HTTP {status}）。",
        "The tunnel does not lead to this program, or shows a page of its own first (HTTP {status}).",
    ),
    Text(
        "请确认穿透客户端在运行、指向本程序的端口；会插入提示页的免费穿透不能用。",
        "See that its client runs and points to this program's port; a free one that puts a warning page in "
        "between cannot be used.",
    ),
)
PASSWORD = Fault(
    Text(
        "前面要求输入用户名和密码（HTTP 401）。", "Somebody in front asks for a user and password (HTTP 401)."
    ),
    Text(
        "请在反向代理里对 /c/ 关闭 auth_basic 或统一登录。",
        "Turn auth_basic or single sign-on off for /c/ in the proxy.",
    ),
)
NOT_THERE = Fault(
    Text("那里没有这个路径（HTTP {status}）。", "There is no such path (HTTP {status})."),
    Text(
        "请让反向代理把 /c/ 原样转到本程序，不要去掉前缀。",
        "Let the proxy pass /c/ on to this program, with its prefix.",
    ),
)
NO_PROGRAM = Fault(
    Text("反向代理连不上本程序（HTTP {status}）。", "The proxy does not reach this program (HTTP {status})."),
    Text(
        "请确认本程序在运行，proxy_pass 的地址和端口写对了。",
        "See that this program runs, and that proxy_pass has its address and port.",
    ),
)
METHOD = Fault(
    Text(
        "前面不让这种请求通过（HTTP {status}）。",
        "Somebody in front does not let such requests through (HTTP {status}).",
    ),
    Text(
        "请在反向代理、CDN 或防火墙里对 /c/ 放行 GET 和 POST。",
        "Let GET and POST through for /c/ in the proxy, CDN or firewall.",
    ),
)
BY_STATUS = {
    HTTPStatus.NOT_FOUND: NOT_THERE,
    HTTPStatus.GONE: NOT_THERE,
    HTTPStatus.METHOD_NOT_ALLOWED: METHOD,
    HTTPStatus.NOT_IMPLEMENTED: METHOD,
    HTTPStatus.LENGTH_REQUIRED: METHOD,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: METHOD,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Fault(
        Text(
            "反向代理嫌请求太大（HTTP {status}）。", "The proxy finds the request too large (HTTP {status})."
        ),
        Text(
            "请放宽它的大小限制（nginx：client_max_body_size 1m）。",
            "Raise its limit (nginx: client_max_body_size 1m).",
        ),
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: Fault(
        Text(
            "反向代理嫌网址太长（HTTP {status}）。", "The proxy finds the address too long (HTTP {status})."
        ),
        Text(
            "请放宽它的限制（nginx：large_client_header_buffers）。",
            "Raise its limit (nginx: large_client_header_buffers).",
        ),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: Fault(
        Text(
            "前面限制了请求次数（HTTP {status}）。",
            "Somebody in front limits how often it is asked (HTTP {status}).",
        ),
        Text(
            "请对 /c/ 放宽或关闭限速（nginx：limit_req）。",
            "Raise that limit for /c/, or turn it off (nginx: limit_req).",
        ),
    ),
    HTTPStatus.MISDIRECTED_REQUEST: Fault(
        Text(
            "反向代理里没有这个域名（HTTP {status}）。", "The proxy does not know this name (HTTP {status})."
        ),
        Text("请在 server_name 里写上它。", "Add it to server_name."),
    ),
}
BROKEN = Fault(
    Text("本程序出错了（HTTP {status}）。", "This program failed (HTTP {status})."),
    Text("请看它的日志，磁盘是否满了。", "See its log, and whether the disk is full."),
)
PLAIN = Fault(
    Text(
        "这个端口要 https，公网地址写的是 http。", "That port wants https, and the public address says http."
    ),
    Text("请把公网地址改成 https:// 开头。", "Let the public address begin with https://."),
)
WALL = Fault(
    Text(
        "前面的防火墙（WAF）拦下了请求（HTTP {status}）。",
        "A firewall (WAF) in front stops the request (HTTP {status}).",
    ),
    Text(
        "请在防火墙或 CDN 里对 /c/ 关闭人机验证和拦截。",
        "Turn challenges and blocking off for /c/ in the firewall or CDN.",
    ),
)
FORBIDS = Fault(
    Text(
        "反向代理或网站不让访问这个路径（HTTP {status}）。",
        "The proxy or site in front forbids it (HTTP {status}).",
    ),
    Text(
        "请去掉 /c/ 上的 deny 和来源限制，并确认请求转到了本程序。",
        "Remove deny rules for /c/, and see that requests are passed on to this program.",
    ),
)
SIGN_IN = Fault(
    Text("返回的是登录页。", "A login page comes back."),
    Text("请让 /c/ 不经过登录。", "Keep /c/ out of the login."),
)
STRANGER = Fault(
    Text(
        "那里的程序不认识这次询问（HTTP {status}）：可能是另一台服务器、另一个数据目录，或没有重启的旧版本。",
        "The program there does not know this question (HTTP {status}): another server, another data "
        "folder, or an older version that still runs.",
    ),
    Text(
        "请让域名指向这台服务器，并重启本程序。",
        "Let the name lead to this server, and restart this program.",
    ),
)
OWN_SIGNATURE = Fault(
    Text(
        "本程序拒绝了自己签的请求（HTTP {status}），运行中的设置和保存的不一样。",
        "This program refuses what it signed itself (HTTP {status}): it runs with other settings than the "
        "stored ones.",
    ),
    Text("请重启本程序，再检查一次。", "Restart this program, and check again."),
)
SITE = Fault(
    Text(
        "返回的是一个网页（HTTP {status}），域名指向了别的网站。",
        "A web page comes back (HTTP {status}): the name leads to another site.",
    ),
    Text(
        "请让域名指向这台服务器，反向代理把 /c/ 转到本程序。",
        "Let the name lead to this server, and the proxy pass /c/ on to this program.",
    ),
)
SOMEBODY = Fault(
    Text("回答的不是本程序（HTTP {status}）。", "It is not this program that answers (HTTP {status})."),
    Text("请让反向代理把 /c/ 转到本程序。", "Let the proxy pass /c/ on to this program."),
)
