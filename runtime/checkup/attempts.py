"""The platform's own calls: what the newest one proved, or what it was refused for, and by comparing what."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress

from runtime.channels import Opens, Receives, Told, Verifies, connects
from runtime.channels import is_for_people as is_surface
from runtime.checkup.check import Look
from runtime.checkup.known import is_known
from runtime.checkup.patient import Patient
from runtime.checkup.sentences import in_two, shown_time
from runtime.errors import Compared, TooSlow, Unreadable
from runtime.lang import NOTHING, Text, joined
from runtime.off_loop import off_loop
from runtime.publish.doctor import HOUR

PAIR = Text("{name}：这里 {here}，收到 {there}", "{name}: here {here}, received {there}")
OURS = Text("{name}：这里 {here}", "{name}: here {here}")
THEIRS = Text("{name}：收到 {there}", "{name}: received {there}")
NEVER = Text("{platform}还没有来过。", "{platform} has not called yet.")
PRESS = Text(
    "现在到{console}点「保存」或「提交」，这里会马上显示结果。",
    "Now press save [保存 / 提交] in {console}: what comes is shown here at once.",
)


def about(codes: Collection[str]) -> Look:
    """Whether the newest call was refused for one of these."""

    async def look(patient: Patient) -> Told:
        state = patient.state()
        if state.refusal and state.refusal.code in codes:
            says, do = in_two(state.refusal.text)
            pairs = state.refusal.compared
            return Told(False, _with(says, pairs) if pairs else says, do)
        if state.refusal or (state.verified_at is None and state.message_at is None):
            return patient.told(
                None,
                Text("要等{platform}的真实请求才知道。", "Only a real call of {platform} can tell."),
                NOTHING,
            )
        return patient.told(
            True, Text("{platform}的真实请求通过了。", "A real call of {platform} passed."), NOTHING
        )

    return look


def explained(codes: Collection[str]) -> Callable[[Patient], bool]:
    """Whether the channel has such a refusal at all."""

    def applies(patient: Patient) -> bool:
        return receives(patient) and any(is_known(type(patient.channel), code) for code in codes)

    return applies


def verifies(patient: Patient) -> bool:
    """Whether the platform calls an address of ours, and checks it first."""
    return receives(patient) and isinstance(patient.channel, Verifies) and patient.channel.is_called


def is_called(patient: Patient) -> bool:
    """Whether somebody outside comes to an address of ours: the platform, or people."""
    return receives(patient) or isinstance(patient.channel, Opens)


def is_for_people(patient: Patient) -> bool:
    return is_surface(type(patient.channel))


def receives(patient: Patient) -> bool:
    """Whether the platform calls us: not where the owner chose that we connect to it."""
    return isinstance(patient.channel, Receives) and not connects(patient.channel)


async def verified(patient: Patient) -> Told:
    state = patient.state()
    if state.verified_at is None:
        return patient.told(None, NEVER, PRESS)
    says = Text("{platform}在 {at} 验证通过。", "{platform} verified the address at {at}.")
    return patient.told(True, says, NOTHING, at=shown_time(state.verified_at))


async def awaited(patient: Patient, seconds: float, pause: float = 1.0) -> Told:
    """The platform's next call, whether it passes or is refused, within so many seconds."""
    began = patient.ways.clock()
    while patient.ways.clock() - began < seconds:
        state = patient.state()
        if state.refusal and state.refusal.at >= began:
            says, do = in_two(state.refusal.text)
            pairs = state.refusal.compared
            return Told(False, _with(says, pairs) if pairs else says, do)
        if state.verified_at is not None and state.verified_at >= began:
            return await verified(patient)
        await asyncio.sleep(pause)
    return await verified(patient)  # as it was before


async def message(patient: Patient) -> Told:
    state, ways = patient.state(), patient.ways
    if state.message_at is None:
        says = Text("还没有收到过消息。", "No message has come yet.")
        return patient.told(None, says, patient.channel.words.try_it)
    says = Text(
        "第一条消息在 {at} 收到，最近一小时 {n} 条。", "The first message came at {at}; {n} in the last hour."
    )
    came = state.messages
    with suppress(TooSlow, Unreadable):
        came = max(came, await off_loop(lambda: ways.came(patient.id, ways.clock() - HOUR)))
    return patient.told(True, says, NOTHING, at=shown_time(state.message_at), n=came)


def compared(pairs: Collection[Compared]) -> Text:
    """What stood against what, in one clause."""
    return joined([_pair(one) for one in pairs], Text("；", "; "))


def _pair(one: Compared) -> Text:
    pattern = PAIR if one.here and one.there else OURS if one.here else THEIRS
    return pattern.fill(name=one.name, here=one.here, there=one.there)


def _with(says: Text, pairs: Collection[Compared]) -> Text:
    return Text("{says}（{pairs}）", "{says} ({pairs})").fill(says=says, pairs=compared(pairs))
