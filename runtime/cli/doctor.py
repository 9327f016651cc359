"""The command that checks a connection up, or the whole installation, and explains what somebody pasted."""

import argparse
import asyncio
import functools

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.care import doctor as installation
from runtime.care.site import Site
from runtime.checkup import attempts, explain, opening, order
from runtime.checkup.check import Finding
from runtime.checkup.patient import Ways
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.management.accounts import Accounts
from runtime.network.egress import Egress
from runtime.network.outside import Outside
from runtime.network.platform_api import Outbound
from runtime.publish.doctor import Doctor
from runtime.publish.publications import the_publication
from runtime.publish.reached import Reach
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.messages.came import came
from runtime.store.messages.insights import Insights

FAULT = 1
PRESS = Text("{platform}的真实请求", "The real request of {platform}")
WHICH = Text("--wait 要写明是哪个发布。", "--wait needs the publication that is watched.")


@needs(Permission.AGENTS_PUBLISH)
def examine(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line of JSON a check, of the installation where no publication is named. Exits with 1 if one fails.

    Raises NotFound, Unreadable, BadSettings.
    """
    if options.wait and not options.publication:
        raise BadSettings(WHICH, field="PUBLICATION")
    control = control_of(settings)
    if not asyncio.run(_run(options, settings, control)):
        raise SystemExit(FAULT)


async def _run(options: argparse.Namespace, settings: Settings, control: Control) -> bool:
    if not options.publication and not options.explain:
        return await _installation(Site(settings, control))
    outbound = Outbound(settings.platform_proxy, Egress(settings.egress_allow))
    messages = settings.data / "messages.db"
    try:
        ways = Ways(
            outside=Outside(),
            outbound=outbound,
            accounts=Accounts.alone(outbound, dict(settings.api_hosts), control.grants),
            reach=Reach(control),
            hosts=settings.api_hosts,
            came=functools.partial(came, messages),
            fact=Insights(messages).fact,
        )
        if options.explain:
            return await _explained(options, settings, control, ways)
        return await _examined(options, settings, control, ways)
    finally:
        await outbound.close()


async def _installation(site: Site) -> bool:
    is_well = True
    async for finding in installation.examine(site):
        _say(finding)
        is_well = is_well and finding.ok is not False
    return is_well


async def _examined(options: argparse.Namespace, settings: Settings, control: Control, ways: Ways) -> bool:
    url = control.public_url(settings.public_url)
    patient = opening.patient(control, Doctor(control), ways, options.publication, url)
    is_well = True
    async for finding in order.examine(patient):
        _say(finding)
        is_well = is_well and finding.ok is not False
    if options.wait and attempts.verifies(patient):
        told = await attempts.awaited(patient, options.wait)
        finding = Finding("press", patient.channel.words.fill(PRESS), told.ok, told.says, told.do)
        _say(finding)
        is_well = is_well and told.ok is True
    return is_well


async def _explained(options: argparse.Namespace, settings: Settings, control: Control, ways: Ways) -> bool:
    if not options.publication:
        for finding in explain.explain(options.explain):
            _say(finding)
        return True
    the_publication(control, options.publication)
    patient = opening.patient(control, Doctor(control), ways, options.publication, "")
    for finding in await explain.looked_up(options.explain, patient):
        _say(finding)
    return True


def _say(finding: Finding) -> None:
    line = {
        "check": finding.check,
        "ok": finding.ok,
        "says": finding.says.by_language(),
        "do": finding.do.by_language(),
        **({"copy": finding.copy} if finding.copy else {}),
    }
    say(line)
