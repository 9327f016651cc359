"""Who can reach the port, by which name, and what a browser is told."""

import ipaddress
from collections.abc import Iterator

from runtime.exposure.point import Here, Point, of_names
from runtime.lang import Text, as_it_is, listed

MANUAL = "manual/security"
WIDE = {4: 8, 6: 32}
"""A network of proxies with a shorter prefix than that is no proxy of one's own."""


def points(here: Here) -> Iterator[Point]:
    yield _bind(here)
    yield _public(here)
    yield _hosts(here)
    yield _proxies(here)
    yield _origins(here)
    yield _status(here)
    yield _metrics(here)
    yield _debugged(here)
    yield _cookies(here)
    yield _policy()


def _bind(here: Here) -> Point:
    settings = here.settings
    where = as_it_is(f"{settings.host}:{settings.port}")
    says = Text("监听 {where}，只有这台机器能连上。", "It listens at {where}; only this machine reaches it.")
    if not settings.is_local:
        says = Text(
            "监听 {where}，能连到这台机器的都能打开登录页。",
            "It listens at {where}: whoever reaches this machine can open the sign-in page.",
        )
    return Point(
        "bind",
        "ok" if settings.is_local else "warn" if here.is_https else "bad",
        says.fill(where=where),
        Text(
            "没有经过 HTTPS 的连接，密码和对话在路上能被别人看到。",
            "What comes without HTTPS, passwords and conversations, can be read on its way.",
        ),
        Text(
            "把 HONGYAN_HOST 设为 127.0.0.1，前面放一个 HTTPS 反向代理（python app.py deploy caddy）。",
            "Set HONGYAN_HOST to 127.0.0.1 and put HTTPS in front (python app.py deploy caddy).",
        ),
        MANUAL,
    )


def _public(here: Here) -> Point:
    url = here.public_url
    says = Text("公网地址是 {url}。", "The public address is {url}.").fill(url=url)
    if not url:
        says = Text("没有设公网地址。", "No public address is set.")
    is_bad = bool(url) and not here.is_https
    return Point(
        "public",
        "bad" if is_bad else "ok",
        says,
        Text(
            "Cookie 只有在 HTTPS 地址上才标为 Secure；通行密钥也要 HTTPS。",
            "Only at an https address are cookies marked Secure, and passkeys need one.",
        ),
        Text("把公网地址改成 https:// 开头的。", "Make the public address one that begins with https://."),
        MANUAL,
    )


def _hosts(here: Here) -> Point:
    names = ["localhost", "127.0.0.1"]
    if here.public_url:
        names.append(here.public_url.split("://", 1)[1].split("/")[0])
    return Point(
        "hosts",
        "ok",
        Text(
            "页面只认这些域名：{names}，以及 IP 地址；别的一律 400。",
            "Pages answer to the names {names} and to addresses by number; to any other with 400.",
        ).fill(names=listed(names)),
        Text(
            "别人的域名指到这里（DNS 重绑定）也打不开页面。",
            "Somebody else's name that leads here (DNS rebinding) opens no page.",
        ),
        Text("要用别的域名，请设 HONGYAN_PUBLIC_URL。", "For another name set HONGYAN_PUBLIC_URL."),
        MANUAL,
    )


def _proxies(here: Here) -> Point:
    named = here.settings.proxies
    networks = [ipaddress.ip_network(one) for one in named]
    wide = [str(one) for one in networks if one.prefixlen < WIDE[one.version]]
    if wide:
        says = Text("信任的代理太宽：{names}。", "Too many are believed as proxies: {names}.")
    elif named:
        says = Text("只信任这些代理：{names}。", "Believed as proxies, and nobody else: {names}.")
    elif here.public_url:
        says = Text(
            "没有写明代理，代理后面的访客都算同一个网络。",
            "No proxy is named: all visitors behind one count as one network.",
        )
    else:
        says = Text("不信任任何代理的头。", "No proxy's headers are believed.")
    return Point(
        "proxies",
        "bad" if wide else "warn" if here.public_url and not named else "ok",
        says.fill(names=listed(wide or named)),
        Text(
            "被信任的一方说访客是谁就是谁：猜密码的次数、审计日志里的地址都靠它。",
            "Whoever is believed says who a visitor is: guesses are counted, and records kept, by that.",
        ),
        Text(
            "把 HONGYAN_TRUSTED_PROXY 设为代理自己的地址。",
            "Set HONGYAN_TRUSTED_PROXY to the address of the proxy itself.",
        ),
        MANUAL,
    )


def _status(here: Here) -> Point:
    says = Text("状态页没有打开。", "The status page is not open.")
    if here.settings.status_page:
        says = Text(
            "谁都能在 /status 看到各种渠道是否正常，没有名字。",
            "Everybody may see on /status whether each kind of surface works, without names.",
        )
    why = Text("什么时候出过问题，别人也会知道。", "Others learn, too, when something did not work.")
    do = Text("不想让人看，就去掉 HONGYAN_STATUS_PAGE。", "Take HONGYAN_STATUS_PAGE away to close it.")
    return Point("status", "ok", says, why, do, MANUAL)


def _metrics(here: Here) -> Point:
    says = Text("/metrics 只有登录的人能看。", "Only who is signed in reads /metrics.")
    if here.settings.metrics_key:
        says = Text(
            "有 HONGYAN_METRICS_KEY 的程序能看 /metrics（只有数字），也能在 /metrics/alerts 敲响告警。",
            "Programs with HONGYAN_METRICS_KEY read /metrics (figures), and may ring at /metrics/alerts.",
        )
    is_clear = bool(here.settings.metrics_key) and here.is_reached and not here.is_https
    return Point(
        "metrics",
        "warn" if is_clear else "ok",
        says,
        Text(
            "没有 HTTPS，密钥在路上能被看到；拿到它就能冒充 Alertmanager。",
            "Without HTTPS the key can be read on its way, and whoever has it speaks as Alertmanager.",
        ),
        Text(
            "让 Prometheus 从本机连，或前面放 HTTPS，再换一把密钥。",
            "Let Prometheus come from this machine or by HTTPS, and take another key.",
        ),
        MANUAL,
    )


def _debugged(here: Here) -> Point:
    return of_names(
        "debug",
        [one.id for one in here.control.publications() if here.control.debug_words.find(one.id)],
        none=Text("没有能在手机上看运行过程的词。", "No word opens on a phone how answers come about."),
        found=Text(
            "这些发布有调试词：{names}。",
            "These have a word that shows how answers come about: {names}.",
        ),
        why=Text(
            "谁知道那个词，就能看到用了哪个模型、花了多少，甚至先用上草稿。",
            "Whoever knows it sees models, costs and steps, or is answered by the draft.",
        ),
        do=Text(
            "用完就关：python app.py debug remove 发布编号。", "Then: python app.py debug remove PUBLICATION."
        ),
        to=MANUAL,
    )


def _origins(here: Here) -> Point:
    origins = here.settings.api_origins
    plain = [one for one in origins if one.startswith("http://")]
    return of_names(
        "origins",
        origins,
        none=Text("没有别的网站能在浏览器里调用接口。", "No other site's pages may call the API."),
        found=Text(
            "这些网站的网页可以调用接口：{names}。", "Pages of these sites may call the API: {names}."
        ),
        why=Text(
            "网页里的 API 密钥谁打开都看得到；没有 HTTPS 的网站还能在路上被改。",
            "A key in a page is seen by all who open it; a site without HTTPS can be changed on its way.",
        ),
        do=Text(
            "在 HONGYAN_API_ORIGINS 里只留确实要用的、https:// 的网站。",
            "Keep in HONGYAN_API_ORIGINS only sites that are needed, with https://.",
        ),
        to=MANUAL,
        state="bad" if plain else "warn",
        shown=listed,
    )


def _cookies(here: Here) -> Point:
    is_ok = here.is_https or not here.is_reached
    says = Text(
        "登录 Cookie：HttpOnly、SameSite，公网地址上还有 Secure 和 __Host-。",
        "Cookies of sign-ins: HttpOnly, SameSite, and at the public address Secure and __Host-.",
    )
    if not is_ok:
        says = Text(
            "登录 Cookie 会不加密地传。",
            "Cookies of sign-ins travel without encryption to those who come by http.",
        )
    return Point(
        "cookies",
        "ok" if is_ok else "bad",
        says,
        Text("拿到 Cookie 就等于登录了。", "Who has the cookie is signed in."),
        Text("前面放 HTTPS，并设 HONGYAN_PUBLIC_URL。", "Put HTTPS in front, and set HONGYAN_PUBLIC_URL."),
        MANUAL,
    )


def _policy() -> Point:
    return Point(
        "policy",
        "ok",
        Text(
            "所有页面都只运行自己带来的脚本（CSP 带 nonce）；"
            "搭建页面因为 Gradio 要用，还可以把文字变成脚本。",
            "No page runs a script that stands in it but its own (CSP with a nonce). "
            "Pages of the builder may make script of a text: Gradio's events need it.",
        ),
        Text(
            "所以搭建页面还靠另外几层：回答只显示为无害的 HTML，不加载外站内容，不能被嵌入，也不能提交表单。",
            "There other layers hold: answers are shown as inert HTML, nothing loads from elsewhere, "
            "and no page is framed or sends a form.",
        ),
        Text("没有要做的。", "Nothing is to be done."),
        MANUAL,
    )
