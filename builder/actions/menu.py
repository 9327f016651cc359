"""The menu of a published agent's account, and what the platform answered there by itself."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from builder.actions import Notice, pair
from builder.actions.lasting import AT_ONCE, lasts
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import unrecorded
from runtime.access.permissions import Permission, needs
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.channels import AutomaticAnswers, Button, checked_menu
from runtime.channels._menu import Menu, Whom, checked_whom
from runtime.errors import Conflict, SendFailed
from runtime.lang import Text, listed
from runtime.management.published import looked_after

log = logging.getLogger(__name__)

PUTTING = Text("正在改平台上的菜单", "Changing the menu at the platform")
SHOWN = Text(
    "菜单已发布。手机上要等几分钟才更新，取消关注再关注可以马上看到。",
    "The menu is published. Phones show it after some minutes; unfollow and follow to see it at once.",
)
MADE_SINCE = Text(
    "后来已经有人放了新的菜单，没有撤销。", "Somebody made another menu since; it was not undone."
)
REMOVED = Text("菜单已删除。", "The menu is removed.")
BROUGHT = Text(
    "已加入 {n} 条关键词回复。请到「编排 → 设置」看一遍，再重新发布。",
    "{n} keyword answers were added. Look at them on Build → Settings, then publish again.",
)
NOTHING_NEW = Text("没有可以导入的新内容。", "There is nothing new to bring over.")
LEFT = Text("带图片等内容的没有导入：{names}。", " Not text, so left out: {names}.")


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(Text("正在向平台取菜单", "Fetching the menu"))
@unrecorded("reads")
async def menu(studio: Studio, publication: str) -> dict[str, Any]:
    """The account's menu by now, and what fits into one. Raises SendFailed, NotFound, BadSettings."""
    channel = await asyncio.to_thread(looked_after, studio.control, publication, "menu")
    kind = type(channel).Management
    about = {
        "limits": asdict(kind.menu_limits),
        "schema": _schema(kind.menu_limits.kinds),
        "why": pair(kind.why_no_menu),
    }
    try:
        found = await studio.accounts.ask(channel, lambda of: of.menu())
    except SendFailed as e:
        if e.code not in channel.codes.forbidden:
            raise
        return {**about, "forbidden": pair(e.text)}
    return {
        **about,
        "forbidden": None,
        "buttons": found.menu.model_dump()["buttons"] if found.menu else [],
        "shown": found.shown,
        "left_out": list(found.left_out),
        "answers": dict(found.answers),
        "others": [
            {
                "id": one.id,
                "whom": one.whom.model_dump(),
                "buttons": one.menu.model_dump()["buttons"] if one.menu else [],
            }
            for one in found.others
        ],
    }


def _schema(kinds: Sequence[str]) -> dict[str, Any]:
    """The form of a button that can be composed there, and of whom a menu is for."""
    schema = Button.model_json_schema()
    schema["$defs"]["Button"]["properties"]["kind"]["enum"] = list(kinds)
    return {**schema, "whom": Whom.model_json_schema()}


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(PUTTING, but=AT_ONCE)
async def put_menu(studio: Studio, who: Actor, publication: str, buttons: Any) -> Notice:
    """Show this menu from now on. Raises BadSettings (`field` such as `buttons.0.name`), SendFailed."""
    channel = await asyncio.to_thread(looked_after, studio.control, publication, "menu")
    wanted = checked_menu({"buttons": buttons}, type(channel).Management.menu_limits)
    await studio.accounts.ask(channel, lambda of: of.put_menu(wanted))
    log.info("%s changed the menu of %s", who.id, publication)
    return Notice(SHOWN)


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(PUTTING, but=AT_ONCE)
@undone_by("put_menu_back")
async def remove_menu(studio: Studio, who: Actor, publication: str) -> Notice:
    """The page asks before where there is something in it that cannot be composed here."""
    channel = await asyncio.to_thread(looked_after, studio.control, publication, "menu")
    found = await studio.accounts.ask(channel, lambda of: of.menu())
    await studio.accounts.ask(channel, lambda of: of.remove_menu())
    log.info("%s removed the menu of %s", who.id, publication)
    is_whole = found.menu is not None and not found.left_out
    return Notice(REMOVED, undo={"publication": publication, **_buttons(found.menu)} if is_whole else None)


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(PUTTING, but=AT_ONCE)
async def put_menu_back(studio: Studio, who: Actor, publication: str, buttons: Any) -> Notice:
    """Undo `remove_menu`. Raises Conflict where somebody made another one since, and as put_menu."""
    channel = await asyncio.to_thread(looked_after, studio.control, publication, "menu")
    found = await studio.accounts.ask(channel, lambda of: of.menu())
    if found.menu is not None:
        raise Conflict(MADE_SINCE)
    return await put_menu(studio, who, publication, buttons)


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(PUTTING, but=AT_ONCE)
async def put_menu_for(studio: Studio, who: Actor, publication: str, buttons: Any, whom: Any) -> Notice:
    """Show this menu to some from now on. Raises as put_menu, and for `phone` and `tag`."""
    channel = await asyncio.to_thread(looked_after, studio.control, publication, "menus_for")
    wanted = checked_menu({"buttons": buttons}, type(channel).Management.menu_limits)
    some = checked_whom(whom)
    await studio.accounts.ask(channel, lambda of: of.put_menu_for(wanted, some))
    log.info("%s added a menu for some people of %s", who.id, publication)
    return Notice(SHOWN)


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(PUTTING, but=AT_ONCE)
@undone_by("put_menu_for_back")
async def remove_menu_for(studio: Studio, who: Actor, publication: str, id: str) -> Notice:
    """The platform names it anew when it is put again."""
    channel = await asyncio.to_thread(looked_after, studio.control, publication, "menus_for")
    found = await studio.accounts.ask(channel, lambda of: of.menu())
    await studio.accounts.ask(channel, lambda of: of.remove_menu_for(str(id)[:40]))
    log.info("%s removed a menu for some people of %s", who.id, publication)
    gone = next((one for one in found.others if one.id == id and one.menu), None)
    if gone is None:
        return Notice(REMOVED)
    undo = {"publication": publication, "whom": gone.whom.model_dump(), **_buttons(gone.menu)}
    return Notice(REMOVED, undo=undo)


@needs(Permission.AGENTS_PUBLISH, on="publication")
@lasts(PUTTING, but=AT_ONCE)
async def put_menu_for_back(studio: Studio, who: Actor, publication: str, buttons: Any, whom: Any) -> Notice:
    """Undo `remove_menu_for`. Raises Conflict where those have another one by now, and as put_menu_for."""
    channel = await asyncio.to_thread(looked_after, studio.control, publication, "menus_for")
    found = await studio.accounts.ask(channel, lambda of: of.menu())
    some = checked_whom(whom)
    if any(one.whom == some for one in found.others):
        raise Conflict(MADE_SINCE)
    return await put_menu_for(studio, who, publication, buttons, whom)


def _buttons(menu: Menu | None) -> dict[str, Any]:
    return {"buttons": menu.model_dump()["buttons"]} if menu else {}


@needs(Permission.AGENTS_EDIT, on="publication")
@lasts(Text("正在向平台取自动回复", "Fetching the automatic answers"))
async def bring_answers(studio: Studio, publication: str, answers: Mapping[str, str]) -> Notice:
    """Add to the agent what the platform answered by itself, and `answers` that a menu gave, by word.

    Raises SendFailed, BadAgent, Conflict; nothing is added then.
    """
    channel = await asyncio.to_thread(looked_after, studio.control, publication, "automatic_answers")
    found = await studio.accounts.ask(channel, lambda of: of.automatic_answers())
    record = studio.control.publication(publication)
    assert record  # looked_after found it
    added = await asyncio.to_thread(_add, studio.library, record.agent, found, answers)
    text = BROUGHT.fill(n=added) if added else NOTHING_NEW
    if not found.left_out:
        return Notice(text, added)
    left = LEFT.fill(names=listed(found.left_out))
    return Notice(Text("{text}{left}", "{text}{left}").fill(text=text, left=left), added)


def _add(library: Library, id: str, found: AutomaticAnswers, answers: Mapping[str, str]) -> int:
    """How many keyword answers came new. A greeting comes only where the agent has none."""
    library.ready(id)  # changes that wait would be lost
    file = library.get(id)
    keywords = [
        {"words": list(one.words), "match": "contains" if one.contained else "exact", "text": one.text}
        for one in found.keywords
    ]
    keywords += [{"words": [word], "match": "exact", "text": text} for word, text in answers.items()]
    data = file.agent.to_json()
    known = [one.model_dump(mode="json") for one in file.agent.keywords]
    new = [one for one in keywords if one not in known]
    texts = dict(data.get("texts", {}))
    if found.greeting and not texts.get("greeting"):
        texts["greeting"] = found.greeting
    changed = {**data, "keywords": [*known, *new], "texts": texts}
    agent = Agent.load({name: value for name, value in changed.items() if value})
    if agent != file.agent:
        library.save(agent, file.revision)
    return len(new)
