"""Who signs people in besides a password: what there is, whether it works, and passwords off or on."""

import argparse
import asyncio
import time
from typing import TYPE_CHECKING

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.access.sso.asking.way import Finding
from runtime.access.sso.fixed import fix
from runtime.access.sso.kinds import Net
from runtime.access.sso.only import Only
from runtime.cli.parsing import command
from runtime.cli.printing import control_of, say
from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.network.egress import Egress
from runtime.network.platform_api import Outbound
from runtime.settings import Settings
from runtime.store.control.control import Control

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

NO_OWNER = Text(
    "请写上应急的主人：python app.py sso only on 主人的登录名",
    "Name the owner for emergencies: python app.py sso only on NAME",
)


def add_sso(sso: "Parsers") -> None:
    command(sso, "list", list_providers, "the providers, without their secrets")
    checking = command(sso, "check", check_provider, "ask a provider whether it would work; exit 1 if not")
    checking.add_argument("id", metavar="PROVIDER")
    only = command(sso, "only", switch_only, "whether passwords are off for all but one owner")
    only.add_argument("state", choices=["on", "off"], nargs="?")
    only.add_argument("owner", metavar="OWNER", nargs="?", default="", help="whose password still opens")


@needs(Permission.SETTINGS_VIEW)
def list_providers(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line each."""
    control = _control(settings)
    for one in control.sso.all():
        told = one.model_dump(mode="json", exclude={"secret", "at", "by"})
        say(told | {"has_secret": bool(one.secret), "fixed": control.sso.is_fixed(one.id)})


@needs(Permission.SETTINGS_EDIT)
def check_provider(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """One line a finding. Raises NotFound, BadSettings."""
    control = _control(settings)
    found = asyncio.run(_checked(control, settings, options.id))
    for one in found:
        say({"ok": one.ok, "says": str(one.says), "do": str(one.hint or "")})
    if not all(one.ok for one in found):
        raise SystemExit(1)


@needs(Permission.SETTINGS_EDIT)
def switch_only(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises Conflict, Invalid; BadSettings without an owner."""
    control = _control(settings)
    if options.state:
        if options.state == "on" and not options.owner:
            raise BadSettings(NO_OWNER, field="owner")
        Only(control).switch(options.state == "on", options.owner, who)
    now = control.sso.options()
    say({"only": now.only, "break_glass": now.break_glass})


async def _checked(control: Control, settings: Settings, id: str) -> list[Finding]:
    egress, outbound = Egress(settings.egress_allow, proxy=settings.proxy), Outbound(settings.platform_proxy)
    record = control.sso.must(id)
    root = control.public_url(settings.public_url) or f"http://{settings.host}:{settings.port}"
    try:
        way = Net(egress, outbound, settings.api_hosts).way(record, control.sso.secret(record))
        return await way.check(f"{root}/login/sso/{id}/back", time.time())
    finally:
        await egress.close()
        await outbound.close()


def _control(settings: Settings) -> Control:
    control = control_of(settings)
    fix(control, settings.sign_in)
    return control
