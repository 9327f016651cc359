"""An Official Account's menu, and what it answers by itself while no server URL is set.

https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
https://developers.weixin.qq.com/doc/service/api/message/autoreply/api_getcurrentautoreplyinfo.html
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, get_args

from runtime.channels import (
    AutomaticAnswers,
    Management,
    Menu,
    MenuFound,
    MenuLimits,
    WordsAnswered,
)
from runtime.channels._menu import ButtonKind, MenuFor, Phone, Whom
from runtime.channels._tencent.managing import asks, items, text
from runtime.channels._tencent.menus import read, written
from runtime.errors import SendFailed
from runtime.lang import Text

PHONES: Mapping[Phone, str] = {"ios": "1", "android": "2", "other": "3"}


class AccountReplies(Management):
    """Menu and automatic answers, by a client of wechatpy's."""

    _client: Any
    failure: Callable[..., SendFailed]
    menu_limits: ClassVar[MenuLimits] = MenuLimits(
        buttons=3,
        below=5,
        name=16,
        name_below=60,
        key=128,
        url=1024,
        shown=4,
        shown_below=7,
        kinds=tuple(kind for kind in get_args(ButtonKind) if kind != "kept"),
        phones=True,
    )
    why_no_menu: ClassVar[Text] = Text(
        "在公众号里启用服务器地址后，后台编辑的菜单和自动回复会停用。在这里发布一次菜单就会重新显示；"
        "手机上要等几分钟，或取消关注再关注。",
        "When a server URL is enabled, menus and automatic answers made in the console stop. Publish the "
        "menu here once and it shows again: on phones after some minutes, or after "
        "unfollowing and following.",
    )

    @asks
    def menu(self) -> MenuFound:
        made = self._client.menu.get()  # says whether this account may have one, which the next does not
        others = [_for(one) for one in items(made.get("conditionalmenu", []))] if made else []
        found = self._client.menu.get_menu_info()
        if "selfmenu_info" not in found:
            return MenuFound(None, shown=False, others=others)
        left_out: list[str] = []
        answers: dict[str, str] = {}
        listed = items(found["selfmenu_info"].get("button", []))
        buttons = [one for button in listed for one in read(button, left_out, answers)]
        is_shown = text(found.get("is_menu_open", 0)) == "1"
        return MenuFound(Menu(buttons=buttons) if buttons else None, is_shown, left_out, answers, others)

    @asks
    def put_menu(self, menu: Menu) -> None:
        self._client.menu.create({"button": [written(button) for button in menu.buttons]})

    @asks
    def remove_menu(self) -> None:
        self._client.menu.delete()

    @asks
    def put_menu_for(self, menu: Menu, whom: Whom) -> None:
        """https://developers.weixin.qq.com/doc/service/api/custommenu/api_addconditionalmenu.html"""
        rule = {"tag_id": whom.tag, "client_platform_type": PHONES.get(whom.phone, "")}
        self._client.menu.add_conditional(
            {
                "button": [written(button) for button in menu.buttons],
                "matchrule": {name: value for name, value in rule.items() if value},
            }
        )

    @asks
    def remove_menu_for(self, id: str) -> None:
        self._client.menu.del_conditional(id)

    @asks
    def automatic_answers(self) -> AutomaticAnswers:
        found = self._client.message.get_autoreply_info()
        greeting, left_out = _text_of(found.get("add_friend_autoreply_info")), list[str]()
        rules = items(found.get("keyword_autoreply_info", {}).get("list", []))
        keywords = [one for rule in rules for one in _rule(rule, left_out)]
        return AutomaticAnswers(greeting, keywords, left_out)


def _for(told: Mapping[str, Any]) -> MenuFor:
    """A menu that only some have. Of a rule's parts that are no more asked for today nothing is shown."""
    rule, left_out = told.get("matchrule") or {}, list[str]()
    phones: dict[str, Phone] = {number: phone for phone, number in PHONES.items()}
    tag = text(rule.get("tag_id") or rule.get("group_id") or "")
    whom = Whom(phone=phones.get(text(rule.get("client_platform_type") or ""), ""), tag=tag[:20])
    buttons = [one for button in items(told.get("button", [])) for one in read(button, left_out, {})]
    return MenuFor(text(told["menuid"]), whom, Menu(buttons=buttons) if buttons else None, left_out)


def _text_of(reply: Any) -> str:
    """Of a reply that is a text; "" for any other, and for none."""
    is_text = isinstance(reply, dict) and reply.get("type") == "text"
    return text(reply.get("content", "")) if is_text else ""


def _rule(rule: Mapping[str, Any], left_out: list[str]) -> Iterator[WordsAnswered]:
    replies = [_text_of(reply) for reply in items(rule.get("reply_list_info", []))]
    said = [reply for reply in replies if reply]
    words: dict[bool, list[str]] = {False: [], True: []}
    for keyword in items(rule.get("keyword_list_info", [])):
        if word := text(keyword["content"]).strip():
            words[text(keyword.get("match_mode", "equal")) == "contain"].append(word)
    if not all(replies) or not said:
        left_out.append(text(rule.get("rule_name", "")))
    if said:
        answer = said[0] if rule.get("reply_mode") == "random_one" else "\n\n".join(said)
        yield from (WordsAnswered(some, contained, answer) for contained, some in words.items() if some)
