"""The checks in the order in which they are made; each applies to channels by what they can."""

from collections.abc import AsyncIterator, Sequence

from runtime.channels import Checked, Told
from runtime.checkup import (
    address,
    attempts,
    callback,
    certificate,
    echo,
    granted,
    lasting,
    managed,
    pages,
    platform,
    visited,
)
from runtime.checkup.check import Check, Finding, examined
from runtime.checkup.patient import Patient
from runtime.lang import NOTHING, Text

TAKE_UP = Text("请重新发布它。", "Publish it again.")


async def published(patient: Patient) -> Told:
    if not patient.enabled:
        return Told(False, Text("这个发布已经下线。", "This publication is offline."), TAKE_UP)
    return Told(True, Text("已发布，设置完整。", "It is published, and its settings are complete."), NOTHING)


ADDRESS = (
    Check("published", Text("已发布", "Published"), published),
    Check("url", Text("公网地址", "Public address"), address.url, ("published",), attempts.is_called),
    Check("port", Text("https 和端口", "https and port"), address.port, ("url",), attempts.is_called),
    Check("dns", Text("域名解析", "Name"), address.dns, ("url",), attempts.is_called),
    Check("tcp", Text("连接", "Connection"), address.tcp, ("dns", "port"), attempts.is_called),
    Check(
        "tls",
        Text("证书", "Certificate"),
        certificate.tls,
        ("tcp",),
        lambda patient: attempts.is_called(patient) and certificate.is_https(patient),
    ),
    Check("answers", Text("有回应", "An answer"), callback.answers, ("tcp", "tls"), attempts.verifies),
    Check("redirect", Text("不跳转", "No redirect"), callback.redirect, ("answers",), attempts.verifies),
    Check(
        "reaches",
        Text("通到这台服务器", "Leads to this server"),
        callback.reaches,
        ("redirect", "answers", "tcp", "tls"),
        attempts.is_called,
    ),
    Check("carries", Text("消息正文", "Bodies"), callback.carries, ("reaches",), attempts.is_called),
    Check("echo", Text("回显原文", "Bare echo"), echo.echo, ("reaches",), attempts.verifies),
    Check(
        "public", Text("外面也能访问", "Reached from outside"), address.public, ("dns",), attempts.is_called
    ),
    Check("pace", Text("响应时间", "Answer time"), echo.pace, ("echo",), attempts.verifies),
)
PEOPLE = (
    Check(
        "domain", Text("服务器域名", "A name that apps may call"), visited.taken, ("url",), visited.is_bound
    ),
    Check("socket", Text("WebSocket", "WebSocket"), visited.socket, ("reaches",), visited.is_bound),
    Check("page", Text("聊天页", "The page"), visited.page, ("reaches",), visited.opens),
    Check("sites", Text("嵌入的网站", "Sites that have it"), visited.sites, ("url",), visited.is_on_sites),
)

SIGNATURE, AES_KEY, RECIPIENT = {"signature"}, {"decrypt"}, {"receive_id", "account"}
OTHERS = {"stale", "replayed", "downgrade", "malformed", "too_large", "method"}
ATTEMPTS = (
    Check(
        "signature",
        Text("{proof} 和签名", "{proof} and signature"),
        attempts.about(SIGNATURE),
        ("published",),
        attempts.explained(SIGNATURE),
    ),
    Check(
        "aes_key",
        Text("消息密钥", "Message key"),
        attempts.about(AES_KEY),
        ("published", "signature"),
        attempts.explained(AES_KEY),
    ),
    Check(
        "receive_id",
        Text("账号", "Whose messages"),
        attempts.about(RECIPIENT),
        ("published", "signature", "aes_key"),
        attempts.explained(RECIPIENT),
    ),
    Check(
        "call",
        Text("平台的请求", "The platform's calls"),
        attempts.about(OTHERS),
        ("published",),
        attempts.explained(OTHERS),
    ),
)

TIME = (
    Check("api", Text("平台接口", "The platform's API"), platform.reached, ("published",), platform.has_host),
    Check("clock", Text("时钟", "Clock"), platform.clock, ("api",), platform.has_host),
)
NEEDS = ("api", "secret", "allow_list")
CONSENT = (
    Check("brought", Text("平台推送的凭据", "What {platform} brings"), granted.brought, (), granted.consents),
    Check(
        "application",
        Text("应用的密钥", "The application's secret"),
        granted.application,
        ("api", "brought"),
        granted.consents,
    ),
    Check(
        "consent",
        Text("授权和权限", "Consent"),
        granted.consent,
        ("paired", "application"),
        granted.is_joined,
    ),
)
ACCOUNT = (
    Check("secret", Text("密钥", "Secret"), platform.secret, ("api",), platform.authenticates),
    Check(
        "allow_list",
        Text("IP 白名单", "IP allow-list"),
        platform.allow_list,
        ("secret",),
        platform.has_allow_list,
    ),
    Check(
        "permissions",
        Text("权限", "Permissions"),
        platform.permissions,
        NEEDS,
        platform.pushes,
    ),
)

MANAGED = (
    Check(
        "callback_check",
        Text("{platform}到这里的线路", "The line from {platform}"),
        managed.managed(lambda their: their.check_callback(), managed.line_to_us),
        NEEDS,
        managed.management("callback_check"),
    ),
    Check(
        "callback_ip",
        Text("{platform}从哪里来", "Where {platform} calls from"),
        managed.managed(lambda their: their.callback_addresses(), managed.callers),
        NEEDS,
        managed.management("callback_addresses"),
    ),
    Check(
        "quota",
        Text("今天的额度", "Today's quota"),
        managed.managed(lambda their: their.quota(), managed.quota),
        NEEDS,
        managed.management("quota"),
    ),
)

LASTING = (
    Check("paired", Text("扫码", "Scanned"), lasting.paired, ("published",), lasting.pairs),
    Check(
        "connected", Text("长连接", "Connection held"), lasting.connected, ("published",), lasting.connects
    ),
    Check(
        "only_one", Text("只有一处在用", "Nobody else"), lasting.only_one, ("connected",), lasting.is_only_one
    ),
    Check("fetched", Text("取消息", "Fetching"), lasting.fetched, ("published",), lasting.fetches),
    Check("sending", Text("发消息", "Sending"), lasting.trouble, ("published",), lasting.is_troubled),
)

LIVE = (
    Check(
        "verified",
        Text("在{console}保存", "Saved in {console}"),
        attempts.verified,
        ("published", "url", "echo"),
        attempts.verifies,
    ),
    Check(
        "pages",
        Text("您网站的网页", "Pages of your sites"),
        pages.strangers,
        ("published",),
        pages.takes_pages,
    ),
    Check("message", Text("收到消息", "Messages"), attempts.message, ("published",), attempts.is_for_people),
)


def checks(patient: Patient) -> Sequence[Check]:
    """For this channel, in order."""
    own = patient.channel.questions() if isinstance(patient.channel, Checked) else ()
    questions = [Check(one.id, one.title, platform.question(one), NEEDS, platform.asks) for one in own]
    every = (*ADDRESS, *PEOPLE, *TIME, *ATTEMPTS, *CONSENT, *ACCOUNT, *questions, *MANAGED, *LASTING, *LIVE)
    return [check for check in every if check.applies(patient)]


def examine(patient: Patient) -> AsyncIterator[Finding]:
    return examined(patient, checks(patient))
