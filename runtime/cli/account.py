"""Commands about the account of a publication at its platform. Each prints one JSON object."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, TypeVar

from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents.strict_json import parse
from runtime.channels import Management, checked_menu
from runtime.channels._managing import Offer
from runtime.channels._menu import checked_whom
from runtime.cli.printing import control_of, say
from runtime.errors import NotFound, SendFailed
from runtime.lang import Text
from runtime.management.accounts import on_its_own
from runtime.management.published import looked_after, offers_of
from runtime.settings import Settings
from runtime.store.control.control import Control

T = TypeVar("T")

TOLD: Mapping[Offer, Callable[[Management], Any]] = {
    "people": lambda of: of.people(),
    "accounts": lambda of: of.accounts(),
    "quota": lambda of: of.quota(),
    "callback_addresses": lambda of: of.callback_addresses(),
    "callback_check": lambda of: of.check_callback(),
    "menu": lambda of: of.menu(),
    "automatic_answers": lambda of: of.automatic_answers(),
}
"""What is told of an account, in this order."""


@needs(Permission.AGENTS_PUBLISH)
def tell_account(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """What the platform cannot tell stands there as the reason why."""
    control = control_of(settings)
    told: dict[str, Any] = {"publication": options.publication}
    for offer, ask in TOLD.items():
        if offer not in offers_of(control, options.publication):
            continue
        try:
            told[offer] = _plain(_asked(control, settings, options.publication, offer, ask))
        except SendFailed as e:
            told[offer] = {"code": e.code, "says": e.text.by_language()}
    say(told)


@needs(Permission.AGENTS_PUBLISH)
def show_menu(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    found = _asked(control_of(settings), settings, options.publication, "menu", lambda of: of.menu())
    menu = found.menu.model_dump(exclude_defaults=True) if found.menu else {"buttons": []}
    some = {"for": [_plain(one) for one in found.others]} if found.others else {}
    say({**menu, "shown": found.shown, "left_out": list(found.left_out), **some})


@needs(Permission.AGENTS_PUBLISH)
def put_menu(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control = control_of(settings)
    channel = looked_after(control, options.publication, "menu")
    given = parse(_read(options.file))
    buttons = given.get("buttons") if isinstance(given, dict) else given
    menu = checked_menu({"buttons": buttons}, type(channel).Management.menu_limits)
    if options.phone or options.tag:
        whom = checked_whom({"phone": options.phone, "tag": options.tag})
        _asked(control, settings, options.publication, "menus_for", lambda of: of.put_menu_for(menu, whom))
    else:
        _asked(control, settings, options.publication, "menu", lambda of: of.put_menu(menu))
    say({"publication": options.publication, **menu.model_dump(exclude_defaults=True)})


@needs(Permission.AGENTS_PUBLISH)
def remove_menu(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    control, id = control_of(settings), options.of
    if id:
        _asked(control, settings, options.publication, "menus_for", lambda of: of.remove_menu_for(id))
        return say({"publication": options.publication, "removed": id})
    _asked(control, settings, options.publication, "menu", lambda of: of.remove_menu())
    return say({"publication": options.publication, "buttons": []})


def _asked(
    control: Control, settings: Settings, publication: str, offer: Offer, ask: Callable[[Management], T]
) -> T:
    """Raises SendFailed, NotFound, BadSettings."""
    channel = looked_after(control, publication, offer)

    async def work() -> T:
        async with on_its_own(settings.platform_proxy, settings.api_hosts, control.grants) as accounts:
            return await accounts.ask(channel, ask)

    return asyncio.run(work())


def _read(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        why = e.strerror if isinstance(e, OSError) else "UTF-8"
        raise NotFound(
            Text("读不了「{file}」（{why}）。", "Cannot read {file!r} ({why}).").fill(file=file, why=why)
        ) from None


def _plain(found: Any) -> Any:
    if is_dataclass(found) and not isinstance(found, type):
        return {name: _plain(value) for name, value in vars(found).items()}
    if isinstance(found, list | tuple):
        return [_plain(one) for one in found]
    return found.model_dump(exclude_defaults=True) if hasattr(found, "model_dump") else found
