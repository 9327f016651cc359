"""An account whose owner consented to an application: what tokens hang on, and what the consent allows."""

import asyncio
import functools
from collections.abc import Sequence

from runtime.channels import Consents, Granted, Told
from runtime.checkup.patient import Patient
from runtime.checkup.sentences import in_two, shown_time
from runtime.errors import SendFailed
from runtime.gateway.grants import Grant
from runtime.lang import NOTHING, Text

LATE = 12.0
"""So many times as long as usual the platform may be silent, until what it brought is believed void."""


def consents(patient: Patient) -> bool:
    return isinstance(patient.channel, Consents)


def is_joined(patient: Patient) -> bool:
    return isinstance(patient.channel, Consents) and patient.channel.is_joined


async def brought(patient: Patient) -> Told:
    """What the application's tokens hang on, which the platform brings by itself."""
    application = _channel(patient).application
    found = await _grant(patient, application)
    if not found.kept:
        return patient.told(False, NEVER, SAVE)
    age, at = patient.ways.clock() - found.kept_at, shown_time(found.kept_at)
    if age < application.prompt_seconds:
        return patient.told(
            True, Text("{platform}在 {at} 推送过凭据。", "{platform} brought it at {at}."), NOTHING, at=at
        )
    ok = None if age < LATE * application.prompt_seconds else False
    return patient.told(ok, OLD, SAVE, at=at)


NEVER = Text(
    "{platform}还没有推送过取令牌用的凭据。", "{platform} has not brought what tokens are asked for with."
)
OLD = Text(
    "{platform}上次推送凭据是 {at}，太久了。",
    "{platform} last brought what tokens are asked for with at {at}.",
)
SAVE = Text(
    "请核对{console}里接收授权事件的地址，再保存一次。",
    "Compare the address for events of consents in {console}, and save it there once more.",
)


async def application(patient: Patient) -> Told:
    """Whether the platform knows the application and its secret."""
    its = _channel(patient).application
    try:
        await patient.ways.accounts.token(its)
    except SendFailed as e:
        says, do = in_two(e.text)
        return Told(None if e.retryable else False, says, do)
    return patient.told(
        True,
        Text("{platform}认得这个应用和密钥。", "{platform} knows this application and its secret."),
        NOTHING,
    )


async def consent(patient: Patient) -> Told:
    """Whether the account's owner consents still, and to what."""
    channel = _channel(patient)
    found = await _grant(patient, channel)
    if found.over_at is not None:
        return patient.told(False, OVER, SCAN, at=shown_time(found.over_at))
    its = channel.application
    try:
        settings, _ = await patient.ways.accounts.asked(
            its, its.account_request(channel.account), its.account_told
        )
    except SendFailed as e:
        says, do = in_two(e.text)
        return Told(None if e.retryable else False, says, do)
    consents = channel.of(channel.account, settings)
    lacks = consents.missing
    if not lacks:
        return patient.told(True, HOLDS, NOTHING, names=_listed([*consents.allowed] or [NOTHING]))
    names = _listed([one.title for one in lacks])
    return patient.told(False, LACKS, AGAIN, names=names, why=lacks[0].why)


AND = Text("{left}、{one}", "{left}, {one}")
HOLDS = Text("授权有效，包括：{names}。", "The consent holds, and allows: {names}.")
OVER = Text(
    "{account}的主人在 {at} 取消了授权。", "The owner of the {account} took the consent back at {at}."
)
SCAN = Text("请在发布页让他重新扫码授权。", "Let them scan and consent again on the publish page.")
LACKS = Text("授权里缺少：{names}。{why}", "The consent lacks: {names}. {why}")
AGAIN = Text(
    "请让{account}的管理员重新扫码，授权时都勾选。",
    "Let the {account}'s administrator scan again and tick them.",
)


def _listed(names: Sequence[Text]) -> Text:
    return functools.reduce(lambda left, one: AND.fill(left=left, one=one), names)


def _channel(patient: Patient) -> Consents:
    assert isinstance(patient.channel, Consents)
    return patient.channel


async def _grant(patient: Patient, of: Granted) -> Grant:
    return await asyncio.to_thread(patient.ways.accounts.grants.find, of.kept_as)
