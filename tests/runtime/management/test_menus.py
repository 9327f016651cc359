"""Menus and automatic answers of an Official Account, through wechatpy, against the platform as played."""

from types import SimpleNamespace

import pytest
from test_accounts import ACCOUNT, paths, world

from runtime.channels import Button, Menu, WordsAnswered, checked_menu
from runtime.channels._menu import checked_whom
from runtime.channels.wechat.errcodes import ANSWERS
from runtime.channels.wechat.managing import AccountManagement
from runtime.errors import BadSettings, SendFailed

MENU = Menu(
    buttons=[
        Button(name="问AI", key="你好"),
        Button(
            name="更多",
            buttons=[
                Button(name="官网", kind="view", url="https://example.cn/"),
                Button(
                    name="小程序", kind="miniprogram", url="https://example.cn/", app_id="wx1", page="pages/i"
                ),
            ],
        ),
    ]
)


async def test_what_is_published_is_what_the_platform_shows():
    async with world() as (platform, ask):
        assert (await ask(lambda of: of.menu())).menu is None
        await ask(lambda of: of.put_menu(MENU))
        found = await ask(lambda of: of.menu())
        assert (found.menu, found.shown, found.left_out) == (MENU, True, [])
        assert platform.owner.menus.created[ACCOUNT.app_id][0] == {
            "type": "click",
            "name": "问AI",
            "key": "你好",
        }
        await ask(lambda of: of.remove_menu())
        assert (await ask(lambda of: of.menu())).menu is None


async def test_an_account_without_the_right_is_told_before_it_tries():
    async with world(kind="unverified_subscription") as (platform, ask):
        with pytest.raises(SendFailed) as failed:
            await ask(lambda of: of.menu())
        assert failed.value.code == "48001"
        assert "菜单" in failed.value.text.zh
        assert "menu/create" not in paths(platform)


async def test_a_menu_of_the_console_is_read_though_it_is_not_shown_and_what_it_said_becomes_answers():
    async with world() as (platform, ask):
        platform.owner.menus.console[ACCOUNT.app_id] = [
            {"type": "text", "name": "营业时间", "value": "九点到五点"},
            {"type": "view", "name": "官网", "url": "https://example.cn/"},
            {"name": "更多", "sub_button": [{"type": "img", "name": "海报", "value": "MEDIA"}]},
        ]
        found = await ask(lambda of: of.menu())
        assert found.menu == Menu(
            buttons=[
                Button(name="营业时间", key="营业时间"),
                Button(name="官网", kind="view", url="https://example.cn/"),
            ]
        )
        assert (found.shown, found.left_out) == (False, ["海报"])
        assert found.answers == {"营业时间": "九点到五点"}


async def test_what_the_console_answered_by_itself_is_read():
    async with world() as (platform, ask):
        platform.owner.menus.replies[ACCOUNT.app_id] = {
            "is_add_friend_reply_open": 1,
            "is_autoreply_open": 1,
            "add_friend_autoreply_info": {"type": "text", "content": "欢迎"},
            "keyword_autoreply_info": {
                "list": [
                    {
                        "rule_name": "钱",
                        "reply_mode": "reply_all",
                        "keyword_list_info": [
                            {"type": "text", "match_mode": "contain", "content": "退款"},
                            {"type": "text", "match_mode": "equal", "content": "发票"},
                        ],
                        "reply_list_info": [
                            {"type": "text", "content": "七天内可退"},
                            {"type": "text", "content": "请联系店员"},
                        ],
                    },
                    {
                        "rule_name": "图",
                        "reply_mode": "random_one",
                        "keyword_list_info": [{"type": "text", "match_mode": "equal", "content": "海报"}],
                        "reply_list_info": [{"type": "img", "content": "MEDIA"}],
                    },
                ]
            },
        }
        found = await ask(lambda of: of.automatic_answers())
        text = "七天内可退\n\n请联系店员"
        assert found.greeting == "欢迎"
        assert found.keywords == [
            WordsAnswered(["发票"], False, text),
            WordsAnswered(["退款"], True, text),
        ]
        assert found.left_out == ["图"]


async def test_an_account_that_answers_nothing_by_itself_has_nothing_to_bring():
    async with world() as (_, ask):
        found = await ask(lambda of: of.automatic_answers())
        assert (found.greeting, found.keywords, found.left_out) == ("", [], [])


CODES = {40018: "名称", 40020: "网页地址", 45010: "今天", 45009: "今天", 48001: "认证", 47001: "程序"}


@pytest.mark.parametrize(("code", "word"), CODES.items())
async def test_each_refusal_of_a_menu_is_said_in_words(code, word):
    async with world() as (platform, ask):
        platform.faults.script("menu/create", code)
        with pytest.raises(SendFailed, match=word):
            await ask(lambda of: of.put_menu(MENU))


RARE = [
    {"type": "scancode_push", "name": "扫码", "key": "scan"},
    {"type": "scancode_waitmsg", "name": "扫码告诉我", "key": "tell"},
    {"type": "pic_sysphoto", "name": "拍照", "key": "shot"},
    {"type": "pic_photo_or_album", "name": "拍或选", "key": "photo"},
    {"type": "pic_weixin", "name": "相册", "key": "album"},
    {"type": "location_select", "name": "位置", "key": "place"},
    {"type": "media_id", "name": "海报", "media_id": "M1"},
    {"type": "article_id", "name": "文章", "article_id": "A1"},
    {"type": "view_limited", "name": "旧图文", "media_id": "M2"},
]


async def test_every_button_goes_back_as_it_came_also_one_that_is_not_composed_here():
    async with world() as (platform, ask):
        tops = [{"name": f"第{n}", "sub_button": RARE[n * 3 : n * 3 + 3]} for n in range(3)]
        platform.owner.menus.created[ACCOUNT.app_id] = tops
        found = await ask(lambda of: of.menu())
        kinds = [one.kind for top in found.menu.buttons for one in top.buttons]
        assert kinds[-3:] == ["material", "article", "kept"]
        assert found.left_out == []
        checked = checked_menu(found.menu.model_dump(), AccountManagement.menu_limits)
        await ask(lambda of: of.put_menu(checked))
        assert platform.owner.menus.created[ACCOUNT.app_id] == tops


async def test_some_people_have_another_menu_until_it_is_removed():
    async with world() as (platform, ask):
        whom = checked_whom({"phone": "ios", "tag": "12"})
        with pytest.raises(SendFailed) as refused:
            await ask(lambda of: of.put_menu_for(MENU, whom))
        assert "默认菜单" in refused.value.text.zh
        await ask(lambda of: of.put_menu(MENU))
        await ask(lambda of: of.put_menu_for(Menu(buttons=MENU.buttons[:1]), whom))
        [kept] = platform.owner.menus.some[ACCOUNT.app_id]
        assert kept["matchrule"] == {"tag_id": "12", "client_platform_type": "1"}
        found = await ask(lambda of: of.menu())
        [other] = found.others
        assert (found.menu, other.whom, other.menu.buttons) == (MENU, whom, MENU.buttons[:1])
        await ask(lambda of: of.remove_menu_for(other.id))
        found = await ask(lambda of: of.menu())
        assert (found.menu, found.others) == (MENU, [])


@pytest.mark.parametrize("whom", [{}, {"phone": "nokia"}, {"tag": "x"}, {"tag": 7}, {"sex": "1"}, 7])
def test_whom_a_menu_is_for_is_checked(whom):
    with pytest.raises(BadSettings):
        checked_whom(whom)


def test_a_menu_below_menus_without_end_is_an_odd_answer():
    deep = {"name": "x", "type": "click", "key": "x"}
    for _ in range(2000):
        deep = {"name": "x", "sub_button": [deep]}
    of = object.__new__(AccountManagement)
    of.failure = ANSWERS.failure
    told = {"conditionalmenu": [{"menuid": 1, "button": [deep]}]}
    of._client = SimpleNamespace(menu=SimpleNamespace(get=lambda: told, get_menu_info=dict))
    with pytest.raises(SendFailed):
        of.menu()
