"""Say something where somebody reads, and choose where alerts go."""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.printing import control_of, say
from runtime.errors import NotFound
from runtime.gateway.delivery.granting import Granting
from runtime.gateway.delivery.rates import Rates
from runtime.gateway.delivery.saying import Saying
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.delivery.tokens import Tokens
from runtime.gateway.lease import Leases
from runtime.gateway.surfaces import Surface, Surfaces, opened
from runtime.lang import NOTHING, Text
from runtime.metrics.alerting.rules import ADDRESS, rules
from runtime.metrics.metrics import Metrics
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.publish.alerts import choose_alerts
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.messages.messages import Messages
from runtime.store.messages.outbox import Said
from runtime.store.messages.paces import Paces

PATIENCE = 90.0
"""Seconds that the command waits for what is sent by a running gateway, or later than now."""
ENDED = ("sent", "unknown", "failed")
LATER = Text("还没发出去，程序运行时会接着发。", "Not sent yet; it is sent while the program runs.")
OFF = "off"


@needs(Permission.CONVERSATIONS_ANSWER)
def say_text(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a part, with what became of it. Exit code 1 when one was not taken."""
    control = control_of(settings)
    surface = surface_of(control, options.publication)
    text = sys.stdin.read() if options.text == "-" else options.text
    say_now(settings, control, surface, text, options.to)


def say_now(settings: Settings, control: Control, surface: Surface, text: str, to: str) -> None:
    """And print what became of each part. Exit code 1 when one was not taken. Raises BadSettings."""
    parts = asyncio.run(_said(settings, control, surface, text, to))
    for part in parts:
        say(_line(surface, part))
    if any(part.state in ("failed", "unknown") for part in parts):
        sys.exit(1)


async def _said(settings: Settings, control: Control, surface: Surface, text: str, to: str) -> Sequence[Said]:
    """By a running gateway if there is one, else by this process."""
    messages, outbound = (
        Messages(settings.data / "messages.db"),
        Outbound(settings.platform_proxy, Egress(settings.egress_allow)),
    )
    leases = Leases(messages.database, time.time)
    sender = Sender(outbound, Tokens(Metrics()), settings.api_hosts, Granting(control.grants))
    rates = Rates(Paces(messages.database), time.time)
    saying = Saying(messages, Surfaces(control), sender, rates, leases, time.time)
    working: list[asyncio.Task[None]] = []
    try:
        ids = await saying.say(surface, text, to)
        working = [asyncio.create_task(leases.watch()), asyncio.create_task(saying.send())]
        return await saying.ended(ids, PATIENCE)
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await outbound.close()
        await asyncio.to_thread(messages.close)


def _line(surface: Surface, part: Said) -> dict[str, object]:
    says = type(surface.channel).explain(part.code) if part.code else NOTHING
    says = LATER if part.state not in ENDED and not part.code else says
    return {
        "publication": surface.id,
        "to": part.receiver,
        "state": part.state,
        "code": part.code,
        "says": says.by_language() if says.en else {},
    }


@needs(Permission.SETTINGS_EDIT)
def alerts(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises NotFound, BadSettings."""
    control = control_of(settings)
    if options.rules:
        sys.stdout.write(rules(control.public_url(settings.public_url) or ADDRESS))
        return
    if options.publication is not None:
        choose_alerts(control, "" if options.publication == OFF else options.publication, by=who)
    say({"alerts_to": control.options().alerts_to})


def surface_of(control: Control, id: str) -> Surface:
    """Raises NotFound, Unreadable."""
    found = control.publication(id)
    if found is None or not found.enabled:
        raise NotFound(Text("没有「{id}」这个发布。", "There is no publication {id!r}.").fill(id=id))
    return opened(control, found)
