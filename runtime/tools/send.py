"""Send a message to those whom the owner listed: a letter, a robot in a group, or a signed call."""

import functools
import hashlib
import hmac
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, Field, create_model

from runtime.errors import HongyanError, ToolFailed
from runtime.lang import Text
from runtime.network.mail import Letter, MailServer, Security
from runtime.network.reach import Reach, host_of
from runtime.schema import About, Problem, Strict, setting
from runtime.through import SpeaksThrough, Through
from runtime.tools import Env, Power, Tool, checked, schema_of
from runtime.tools._answers import refuse_failure
from runtime.tools._api_address import ApiAddress, SecretName, authority
from runtime.tools._receivers import MailAddress, Receiver, chosen, named
from runtime.tools._request_check import private_address
from runtime.tools._secrets import Veil

Blanks = type[BaseModel]

LONGEST = 10_000
"""Characters of one message."""

WAYS = {
    "email": Text("邮件", "E-mail"),
    "group": Text("群机器人", "Robot in a group"),
    "webhook": Text("回调地址（Webhook）", "Webhook"),
}
SECURITY: dict[str, Text] = {
    "tls": Text("TLS（465）", "TLS (465)"),
    "starttls": Text("STARTTLS（587）", "STARTTLS (587)"),
    "none": Text("不加密（只能是内网的服务器）", "None (only a server of your own network)"),
}
MISSING = {
    "host": Text("请填邮件服务器，例如 smtp.qq.com", "give the mail server, e.g. smtp.example.com"),
    "sender": Text("请填发件邮箱", "give the sender's address"),
    "to": Text("还没有收件人", "there is no receiver yet"),
    "publication": Text(
        "请填群机器人的发布编号：先在「发布」页接好群机器人",
        "give the robot's publication; connect one on the Publish page first",
    ),
    "url": Text("请填回调地址", "give the address"),
}
NOT_HERE = Text("这里发不了，发布以后才可以。", "This cannot be sent from here, only once it is published.")
ENOUGH = Text(
    "这一轮已经发了 {most} 次，不再发送。", "It has sent {most} times in this turn and sends no more."
)
NOT_TAKEN = Text("群机器人没有收下：{code}", "The robot did not take it: {code}")


class Send(SpeaksThrough, Tool):
    """Send a message to somebody else, such as the shop's manager. Do it once, when the person wants it."""

    about: ClassVar[About] = About(
        Text("发消息", "Send"),
        Text("发邮件、群消息或调用您的回调地址", "Sends a letter, a group message or a signed webhook"),
        "send",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "title": Text("标题", "Title"),
        "text": Text("内容", "Text"),
    }
    type: Literal["send"]
    way: Literal["email", "group", "webhook"] = setting(
        "email",
        title=Text("怎样发", "How"),
        hint=Text("群机器人、邮件，或者一个发布", "A group robot, mail, or a publication"),
        choices=lambda: dict(WAYS),
    )
    to: list[Receiver] = setting(
        [],
        title=Text("收件人", "Receivers"),
        hint=Text("只会发给这里列出的人", "Nobody else is ever written to"),
        when=("way", "email"),
        max_length=20,
    )
    to_person: bool = setting(
        False,
        title=Text("也可以发到对方自己的邮箱", "May also write to the person's own address"),
        hint=Text("只用 person.email 里存的", "Only the one that is kept in person.email"),
        when=("way", "email"),
    )
    host: str = setting(
        "",
        title=Text("邮件服务器（SMTP）", "Mail server (SMTP)"),
        hint=Text("例如 smtp.qq.com、smtp.exmail.qq.com", "e.g. smtp.example.com"),
        when=("way", "email"),
        pattern=r"^([A-Za-z0-9.-]{1,253})?$",
    )
    port: int = setting(
        465,
        title=Text("端口", "Port"),
        hint=Text("465 或 587，由邮箱服务商定", "465 or 587, as the mail provider says"),
        when=("way", "email"),
        ge=1,
        le=65_535,
    )
    security: Security = setting(
        "tls",
        title=Text("加密", "Encryption"),
        hint=Text("465 用 TLS，587 用 STARTTLS", "TLS with 465, STARTTLS with 587"),
        choices=lambda: dict(SECURITY),
        when=("way", "email"),
    )
    sender: MailAddress = setting(
        "",
        title=Text("发件邮箱", "Sender's address"),
        hint=Text("一般就是登录的邮箱", "Mostly the one that signs in"),
        when=("way", "email"),
    )
    sender_name: str = setting(
        "",
        title=Text("发件人名称", "Sender's name"),
        hint=Text("收件人看到的名字", "What the receiver reads"),
        when=("way", "email"),
        max_length=60,
    )
    user: str = setting(
        "",
        title=Text("登录名", "User"),
        hint=Text("留空就用发件邮箱", "Empty: the sender's address"),
        when=("way", "email"),
        max_length=254,
    )
    publication: str = setting(
        "",
        title=Text("哪个群机器人的发布", "The robot's publication"),
        hint=Text("先在「发布」页发布到群机器人", "Publish to a group robot first"),
        widget="publication",
        when=("way", "group"),
        pattern=r"^([a-z0-9][a-z0-9_-]{0,79})?$",
    )
    url: ApiAddress = setting(
        "",
        title=Text("回调地址", "Address"),
        hint=Text(
            "请求头 X-Hongyan-Signature 是 sha256=HMAC（密钥，时间戳.内容），时间戳在 X-Hongyan-Timestamp",
            "X-Hongyan-Signature is sha256=HMAC(secret, timestamp.body); the time is X-Hongyan-Timestamp",
        ),
        when=("way", "webhook"),
    )
    secret: SecretName = setting(
        "",
        title=Text("密钥的名称", "Name of the secret"),
        hint=Text(
            "在「模型」页「密钥」里：邮箱的密码（授权码），或用来给回调签名的密钥",
            "Kept under Secrets on the Models page: the mailbox's password, or what the call is signed with",
        ),
        when=("way", ("email", "webhook")),
    )
    most: int = setting(
        2,
        title=Text("一轮最多发几次", "Times in one turn"),
        hint=Text("再多就不发了，模型停不下来也没关系", "More are not sent, whatever the model wants"),
        ge=1,
        le=10,
    )

    @property
    def powers(self) -> frozenset[Power]:
        return frozenset({Power.SENDS})

    @property
    def where(self) -> str:
        if self.way == "email":
            own = ["person.email"] if self.to_person else []
            return ", ".join([*(one.address for one in self.to), *own])
        return self.publication if self.way == "group" else host_of(self.url)

    @property
    def speaks_through(self) -> Sequence[Through]:
        group = self.publication if self.way == "group" else ""
        return [Through("publication", group)] if group else []

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(self._asked())

    def _asked(self) -> Blanks:
        receivers = tuple(named(self.to, self.to_person)) if self.way == "email" else ()
        return _arguments(receivers, self.way != "group")

    def check(self, variables: Mapping[str, str], allowed: Collection[str]) -> Iterator[Problem]:
        needed = {"email": ("host", "sender"), "group": ("publication",), "webhook": ("url",)}
        yield from (Problem(name, MISSING[name]) for name in needed[self.way] if not getattr(self, name))
        if self.way == "email" and not named(self.to, self.to_person):
            yield Problem("to", MISSING["to"])
        if self.way == "webhook" and (text := private_address(self.url, allowed, self.type)):
            yield Problem("url", text)

    def secrets(self) -> dict[str, str]:
        return {self.secret: self._secret_host} if self.secret and self.way != "group" else {}

    @property
    def _secret_host(self) -> str:
        return f"{self.host}:{self.port}" if self.way == "email" else authority(self.url)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        given: dict[str, Any] = checked(self._asked(), arguments).model_dump()
        if problem := next(self._lacking(), None):
            raise ToolFailed(problem.sentence())
        if env.earlier >= self.most:
            raise ToolFailed(ENOUGH.fill(most=self.most))
        ways = {"email": self._mail, "group": self._say, "webhook": self._post}
        return await ways[self.way](given, env)

    def _lacking(self) -> Iterator[Problem]:
        return (one for one in self.check({}, ()) if one.text in MISSING.values())

    async def _mail(self, given: Mapping[str, Any], env: Env) -> dict[str, Any]:
        if env.mail is None:
            raise ToolFailed(NOT_HERE)
        to = chosen(given.get("to") or "", self.to, self.to_person, env.values, env.proves)
        password = env.secrets.open(self.secret, self._secret_host) if self.secret else ""
        server = MailServer(
            self.host.lower(),
            self.port,
            self.security,
            (self.user or self.sender) if password else "",
            password,
            self.type,
        )
        letter = Letter(
            self.sender, self.sender_name, [to], given["title"], given["text"], env.once or "trial", env.now
        )
        try:
            await env.mail.send(server, letter)
        except ToolFailed as e:
            raise Veil([password] if password else []).over_error(e) from None
        return {"sent": True, "to": given.get("to") or named(self.to, self.to_person)[0]}

    async def _say(self, given: Mapping[str, Any], env: Env) -> dict[str, Any]:
        if env.says is None:
            raise ToolFailed(NOT_HERE)
        try:
            key = f"tool {env.once}" if env.once else ""
            said = await env.says.say(self.publication, given["text"], key=key)
        except HongyanError as e:
            raise ToolFailed(e.text) from None
        if failed := [code for state, code in said if state in ("failed", "unknown")]:
            raise ToolFailed(NOT_TAKEN.fill(code=failed[0] or "?"))
        # What the platform refuses for a while is tried again for a day, and is not to be sent again.
        return {"sent": all(state == "sent" for state, _ in said), "queued": True}

    async def _post(self, given: Mapping[str, Any], env: Env) -> dict[str, Any]:
        at = str(int(env.now.timestamp()))
        about = {"id": env.once, "at": int(at), "agent": env.values.get("agent"), **given}
        body = json.dumps(about, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "X-Hongyan-Timestamp": at, "Idempotency-Key": env.once}
        key = env.secrets.open(self.secret, authority(self.url)) if self.secret else ""
        if key:
            signed = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
            headers["X-Hongyan-Signature"] = f"sha256={signed}"
        reach = Reach(chosen="owner", tool=self.type, hosts=(host_of(self.url),))
        answer = await env.http.fetch("POST", self.url, headers=headers, body=body, seconds=15, reach=reach)
        refuse_failure(answer)
        return {"sent": True, "status": answer.status}


@functools.lru_cache(maxsize=256)
def _arguments(receivers: tuple[str, ...], titled: bool) -> type[BaseModel]:
    """What the model gives: of several receivers one by name, and never an address."""
    fields: dict[str, Any] = {}
    if len(receivers) > 1:
        fields["to"] = (Literal[receivers], Field(description="Who gets it."))
    if titled:
        fields["title"] = (str, Field(description="What it is about, in one line.", max_length=150))
    about = "The whole message. Say who asks for it and why."
    fields["text"] = (str, Field(description=about, min_length=1, max_length=LONGEST))
    return create_model("Arguments", __base__=Strict, **fields)


TOOL = Send
