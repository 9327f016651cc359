"""What the platform's management API tells: its line to us, its callers, quotas, what became of a call."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from runtime.channels import CallbackChecked, CallMade, Managed, Management, QuotaLeft, Told
from runtime.checkup.known import is_known
from runtime.checkup.patient import Patient
from runtime.checkup.platform import authenticates
from runtime.checkup.sentences import in_two, shown_time
from runtime.errors import SendFailed
from runtime.lang import NOTHING, Text, listed

LEFT = 0.1
"""Share of a day's quota from which on its end is told."""
LOST = 50.0
"""Percent of lost packets from which on a line is broken."""
T = TypeVar("T")


def management(offer: str) -> Callable[[Patient], bool]:
    """Whether the channel offers that to its owner."""
    return lambda patient: (
        authenticates(patient)
        and isinstance(patient.channel, Managed)
        and offer in patient.channel.Management.offers()
    )


def managed(
    call: Callable[[Management], T], tell: Callable[[Patient, T], Told]
) -> Callable[[Patient], Awaitable[Told]]:
    """What an account may not ask is no fault of the connection."""

    async def look(patient: Patient) -> Told:
        channel = patient.channel
        assert isinstance(channel, Managed)
        try:
            found = await patient.ways.accounts.ask(channel, call)
        except SendFailed as e:
            says, do = in_two(e.text)
            return Told(None, says, do)
        return tell(patient, found)

    return look


def line_to_us(patient: Patient, found: CallbackChecked) -> Told:
    for ping in found.pings:
        if _percent(ping.lost) >= LOST:
            return patient.told(
                False,
                Text(
                    "{platform}到 {address} 的包丢了 {lost}。",
                    "{lost} of the packets from {platform} to {address} are lost.",
                ),
                Text(
                    "请在安全组和防火墙里放行{platform}的地址，并核对域名解析。",
                    "Let the addresses of {platform} in (security group, firewall), and see what the name "
                    "resolves to.",
                ),
                address=ping.address,
                lost=ping.lost,
            )
    ours = {*patient.addresses}
    if found.addresses and ours and not ours & {*found.addresses}:
        return patient.told(
            False,
            Text(
                "{platform}把回调域名解析到 {there}，这里解析到 {here}。",
                "{platform} resolves the callback's name to {there}, and here it is {here}.",
            ),
            Text(
                "请核对{console}里的 URL 是不是这个域名；刚改过解析要等生效。",
                "See whether the URL in {console} has this name; a change of DNS takes a while.",
            ),
            there=listed(found.addresses[:4]),
            here=listed([*ours][:4]),
        )
    says = Text("{platform}到这里的线路通畅。", "The line from {platform} to here is good.")
    return patient.told(True, says, NOTHING)


def callers(patient: Patient, found: object) -> Told:
    addresses = [str(one) for one in found] if isinstance(found, list | tuple) else []
    says = Text(
        "{platform}会从 {n} 个地址呼叫这里；防火墙只放行一部分时，要包括它们。",
        "{platform} calls from {n} addresses; a firewall that lets in only some must let these in.",
    )
    return replace(patient.told(True, says, NOTHING, n=len(addresses)), copy="\n".join(addresses))


def quota(patient: Patient, found: QuotaLeft) -> Told:
    values = {"left": found.left, "most": found.most}
    says = Text("今天还能发 {left} / {most} 次。", "{left} of {most} calls are left today.")
    if found.most > 0 and found.left <= 0:
        used_up = Text("今天的 {most} 次已经用完。", "Today's {most} calls are used up.")
        do = Text(
            "等到明天 0 点恢复，或在{console}清零。", "They come back at 0:00; {console} may clear the count."
        )
        return patient.told(False, used_up, do, **values)
    if found.left < found.most * LEFT:
        return patient.told(
            True, says, Text("请让回答更短，或少推送。", "Make answers shorter, or push less."), **values
        )
    return patient.told(True, says, NOTHING, **values)


ANSWERED = re.compile(r'"\w*code"\s*:\s*"?(-?\d{1,6})')
"""The code in an answer that the platform remembers."""


def call_made(patient: Patient, found: CallMade) -> Told:
    """What was asked and answered; of the answer its code alone, since the rest may be anything."""
    code = ANSWERED.search(found.answer)
    answered = code[1] if code else "0"
    says = Text(
        "{at} 从 {address} 调用了 {path}，{platform}的回答是 {code}。",
        "At {at}, {path} was called from {address}, and {platform} answered {code}.",
    )
    values = {"at": shown_time(found.at), "path": found.path[:120], "address": found.address[:45]}
    told = patient.told(answered == "0", says, NOTHING, code=answered, **values)
    if answered == "0" or not is_known(type(patient.channel), answered):
        return told
    return replace(told, do=patient.channel.explain(answered))


def _percent(said: str) -> float:
    try:
        return float(said.strip().removesuffix("%"))
    except ValueError:
        return 0.0
