"""What lasts: a connection that we hold, an account that was scanned, messages that are fetched."""

import asyncio
import json
from typing import Any

from runtime.channels import AsksPlatform, Connects, Fetches, Joins, Told
from runtime.checkup.patient import Patient
from runtime.checkup.sentences import in_two, shown_time
from runtime.lang import NOTHING, Text, stored

DEAD = 20.0
"""Seconds without a sign of life after which nobody holds a connection any more (gateway/lease.py)."""


def connects(patient: Patient) -> bool:
    return isinstance(patient.channel, Connects) and patient.channel.connects


def is_only_one(patient: Patient) -> bool:
    return isinstance(patient.channel, Connects) and patient.channel.connects and patient.channel.exclusive


def pairs(patient: Patient) -> bool:
    return isinstance(patient.channel, Joins)


def fetches(patient: Patient) -> bool:
    return isinstance(patient.channel, Fetches)


def is_troubled(patient: Patient) -> bool:
    return isinstance(patient.channel, AsksPlatform) and patient.state().trouble is not None


async def connected(patient: Patient) -> Told:
    """Since when, or why not, as the process that holds the connection noted."""
    noted = await _noted(patient, f"link {patient.id}")
    state = _read(noted[0]) if noted else None
    if state is None:
        return patient.told(None, NOT_YET, START)
    at = shown_time(float(state.get("since") or 0.0))
    if state.get("up"):
        says = Text("从 {at} 起一直连着{platform}。", "Connected to {platform} since {at}.")
        return patient.told(True, says, NOTHING, at=at)
    text, by = _why(state), state.get("by")
    says, do = in_two(text)
    if by:
        return Told(None, says, do)
    return Told(False, says, WAIT if do == NOTHING and state.get("again") is not None else do)


def ended(noted: str) -> Text | None:
    """Why a connection is closed that is not opened again by itself, of what was noted under `link ID`."""
    state = _read(noted) or {"up": True}
    is_over = not state.get("up") and state.get("again") is None and not state.get("by")
    return _why(state) if is_over else None


def _why(state: dict[str, Any]) -> Text:
    why = state.get("why")
    return stored({str(k): str(v) for k, v in why.items()}) if isinstance(why, dict) else CLOSED


NOT_YET = Text("还没有连过{platform}。", "There was no connection to {platform} yet.")
START = Text(
    "请启动程序（python app.py），它会自己连上。", "Start the program (python app.py): it connects by itself."
)
CLOSED = Text("连接断开了。请看日志。", "The connection is closed. See the log.")
WAIT = Text("会自动重连，过一会儿再检查。", "It is opened again by itself; check again in a while.")


async def only_one(patient: Patient) -> Told:
    """Which process has the connection that counts once."""
    channel = patient.channel
    assert isinstance(channel, Connects)
    found = await _noted(patient, f"lease link {patient.channel_name} {channel.account}")
    if found is None or patient.ways.clock() - found[1] > DEAD:
        return patient.told(
            None, Text("现在没有进程持有这个连接。", "No process holds the connection just now."), START
        )
    says = Text(
        "只有进程 {pid} 在用；{platform}只认一个连接，别的机器或程序不要再用同一个账号。",
        "Process {pid} alone uses it; {platform} keeps one connection: let no other machine or program use "
        "this account.",
    )
    return patient.told(True, says, NOTHING, pid=_process(found[0]))


def _process(owner: str) -> str:
    """Of a lease's owner, `machine/process/start/…`, what can be looked for; any other name as it is."""
    parts = owner.split("/")
    return parts[1] if len(parts) == 4 and parts[1] else owner[:60]


async def paired(patient: Patient) -> Told:
    assert isinstance(patient.channel, Joins)
    if patient.channel.is_joined:
        return patient.told(True, Text("已经扫码接上。", "It was joined by a scan."), NOTHING)
    says = Text("还没有扫码，或登录已经失效。", "It was not scanned yet, or is signed out.")
    do = Text("请在发布页用手机扫码。", "Scan the code on the publish page with a phone.")
    return patient.told(False, says, do)


async def fetched(patient: Patient) -> Told:
    noted = await _noted(patient, f"cursor {patient.id}")
    if noted is None:
        says = Text("还没有从{platform}取到过消息。", "Nothing was fetched from {platform} yet.")
        return patient.told(None, says, NOTHING)
    says = Text("最近一次取到新消息是 {at}。", "New messages were last fetched at {at}.")
    return patient.told(True, says, NOTHING, at=shown_time(noted[1]))


async def trouble(patient: Patient) -> Told:
    """What stands in the way of sending just now."""
    says, do = in_two(patient.state().trouble or NOTHING)
    return Told(False, says, do)


async def _noted(patient: Patient, name: str) -> tuple[str, float] | None:
    return await asyncio.to_thread(patient.ways.fact, name)


def _read(value: str) -> dict[str, Any] | None:
    try:
        found = json.loads(value)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
