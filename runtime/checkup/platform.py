"""What the platform's API says: reached, on time, the account known, allowed from here, with which rights."""

from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    AsksPlatform,
    Authenticates,
    CallsOut,
    Checked,
    Connects,
    OwnServer,
    Pushes,
    Question,
    Told,
)
from runtime.checkup.check import Look
from runtime.checkup.patient import Patient
from runtime.checkup.sentences import in_two
from runtime.errors import SendFailed
from runtime.lang import NOTHING, Text
from runtime.network import proxy

SKEW = 60.0
"""Seconds between our clock and the platform's from which on ours is wrong; from 300 on calls are refused."""


async def reached(patient: Patient) -> Told:
    host, through = patient.api_host.partition("//")[2], patient.ways.outbound.proxy.of(patient.api_host)
    try:
        patient.clock_there = await patient.api.clock()
    except SendFailed:
        says = Text("连不上{platform}的接口 {host}。", "Cannot reach {host}, the API of {platform}.")
        if through:
            return patient.told(False, says, THROUGH, host=host, proxy=proxy.shown(through))
        return patient.told(False, says, NETWORK, host=host)
    return patient.told(True, Text("连得上 {host}。", "{host} is reached."), NOTHING, host=host)


THROUGH = Text(
    "请检查代理 {proxy}（HONGYAN_PLATFORM_PROXY）是否在运行、要不要密码。",
    "See whether the proxy {proxy} (HONGYAN_PLATFORM_PROXY) runs, and whether it wants a password.",
)
NETWORK = Text(
    "请检查服务器能不能上网、DNS 是否正常；要经过代理就设置 HONGYAN_PLATFORM_PROXY。",
    "See whether this server reaches the internet and its DNS works; through a proxy, set "
    "HONGYAN_PLATFORM_PROXY.",
)


async def clock(patient: Patient) -> Told | None:
    """Nothing where the platform does not say what time it is."""
    there, here = patient.clock_there, patient.ways.clock()
    if there is None:
        return None
    skew = here - there
    if abs(skew) < SKEW:
        return Told(True, Text("时钟准确。", "The clock is right."))
    says = (
        Text("服务器时钟快了 {n} 秒。", "The server's clock is {n} s fast.")
        if skew > 0
        else Text("服务器时钟慢了 {n} 秒。", "The server's clock is {n} s slow.")
    )
    do = Text(
        "请开启自动对时：timedatectl set-ntp true。", "Let it be set by itself: timedatectl set-ntp true."
    )
    return patient.told(False, says, do, n=f"{abs(skew):.0f}")


def asks(patient: Patient) -> bool:
    """Whether its API is called at all: not where only callbacks are answered, or where we are connected."""
    channel = patient.channel
    if isinstance(channel, CallsOut):
        return False  # no platform's: what is sent there says how it is
    if isinstance(channel, Connects) and channel.connects and not isinstance(channel, Authenticates):
        return False
    return isinstance(channel, AsksPlatform) and not (isinstance(channel, Pushes) and not channel.may_push)


def has_host(patient: Patient) -> bool:
    """…of a platform, where its host says of itself that it is reached and what time it is."""
    return asks(patient) and not isinstance(patient.channel, OwnServer)


def authenticates(patient: Patient) -> bool:
    return asks(patient) and isinstance(patient.channel, Authenticates)


async def secret(patient: Patient) -> Told:
    channel = patient.channel
    assert isinstance(channel, Authenticates)
    try:
        patient.token = await patient.fresh_token(channel)
    except SendFailed as e:
        patient.refused = e
        if e.code in channel.codes.address:
            return patient.told(
                None,
                Text(
                    "还没有查到密钥：{platform}先拒绝了服务器的 IP。",
                    "The secret was not looked at: {platform} refused the server's IP first.",
                ),
                NOTHING,
            )
        says, do = in_two(e.text)
        return Told(None if e.retryable else False, says, do)
    return patient.told(
        True, Text("{platform}认得这个账号和密钥。", "{platform} knows this account and its secret."), NOTHING
    )


def has_allow_list(patient: Patient) -> bool:
    channel = patient.channel
    return authenticates(patient) and isinstance(channel, AsksPlatform) and bool(channel.codes.address)


NO_TOKEN = Told(None, Text("还不知道：没有拿到访问令牌。", "Not known: there is no access token."))


async def allow_list(patient: Patient) -> Told:
    """Some platforms look at the address before they give a token, others only when it is used."""
    channel, refused, answer = patient.channel, patient.refused, patient.refusal
    assert isinstance(channel, AsksPlatform)
    if refused is None and pushes(patient):
        answer = await _probe(patient)
        refused = _refused(patient, answer)
        refused = refused if refused and refused.code in channel.codes.address else None
    if refused is None:
        return patient.told(
            True, Text("{platform}接受从这里发出的请求。", "{platform} takes requests from here."), NOTHING
        )
    if refused.code not in channel.codes.address:
        return NO_TOKEN
    says, do = in_two(refused.text)
    seen = ""
    if isinstance(channel, Checked) and answer is not None:
        seen = channel.seen_address(answer)
    return Told(False, says, do, copy=seen)


async def _probe(patient: Patient) -> ApiAnswer | None:
    """The answer to whether we may push, asked once; None where none came."""
    channel = patient.channel
    assert isinstance(channel, Pushes)
    if patient.probe is None:
        request = channel.probe()
        assert isinstance(request, ApiRequest)
        try:
            patient.probe = await patient.called(patient.authorized(request))
        except SendFailed as e:
            patient.probe = e
    return None if isinstance(patient.probe, SendFailed) else patient.probe


def _refused(patient: Patient, answer: ApiAnswer | None) -> SendFailed | None:
    channel = patient.channel
    assert isinstance(channel, Pushes)
    if answer is None:
        return patient.probe if isinstance(patient.probe, SendFailed) else None
    try:
        channel.probed(answer)
    except SendFailed as e:
        return e
    return None


def pushes(patient: Patient) -> bool:
    """Whether its API can be asked if it may push; a channel that is connected needs no asking."""
    channel = patient.channel
    return asks(patient) and isinstance(channel, Pushes) and isinstance(channel.probe(), ApiRequest)


async def permissions(patient: Patient) -> Told:
    channel = patient.channel
    assert isinstance(channel, Pushes)
    if isinstance(channel, Authenticates) and not patient.token:
        return NO_TOKEN
    answer = await _probe(patient)
    if e := _refused(patient, answer):
        if e.code in channel.codes.stale:
            return patient.told(False, STOLEN, STOLEN_DO)
        says, do = in_two(e.text)
        return Told(None if e.retryable else False, says, do)
    assert answer
    return _may(patient, channel, answer)


STOLEN = Text(
    "刚拿到的访问令牌马上失效了：另一个系统也在为同一个账号取令牌。",
    "The access token was void at once: another system fetches tokens for the same account.",
)
STOLEN_DO = Text(
    "请让那个系统停下，或改用不会互相顶掉的方式取令牌。",
    "Stop that system, or let it fetch tokens in the way that voids nobody else's.",
)


def _may(patient: Patient, channel: Pushes, answer: ApiAnswer) -> Told:
    if channel.probed(answer):
        return patient.told(
            True, Text("这个{account}可以主动发消息。", "This {account} may push messages."), NOTHING
        )
    said, forbidden = {str(value) for value in answer.data.values()}, sorted(channel.codes.forbidden)
    code = next((code for code in forbidden if code in said), next(iter(forbidden), ""))
    says, do = in_two(patient.channel.explain(code))
    return Told(False, says, do)


def question(asked: Question) -> Look:
    """One of the channel's own."""

    async def look(patient: Patient) -> Told:
        if isinstance(patient.channel, Authenticates) and not patient.token:
            return NO_TOKEN
        try:
            return await patient.asked(asked)
        except SendFailed as e:
            says, do = in_two(e.text)
            may_not = isinstance(patient.channel, AsksPlatform) and e.code in patient.channel.codes.forbidden
            return Told(None if e.retryable or may_not else False, says, do)

    return look
