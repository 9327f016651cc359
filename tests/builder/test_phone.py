"""The preview is what the channel sends, byte for byte."""

import pytest

from builder import phone
from runtime.channels import registry


def test_the_preview_is_the_channels_own_rendering():
    wechat = registry()["wechat"]
    settings = wechat.Settings(
        app_id="wx1234567890abcdef", original_id="gh_abcdef123456", mode="plain", token="tok123", push=False
    )
    markdown = "# 标题\n\n**粗** [链接](https://example.com)\n\n- 一\n- 二\n\n" + "很长的一段。" * 400
    sent = wechat(settings).render(markdown)
    assert [part.text for part in phone.parts(markdown, "wechat")] == sent
    assert len(sent) > 1


def test_every_part_tells_its_bytes_and_fits():
    shown = phone.preview("问", "答" * 2000, "wechat")
    assert all(part["size"] == len(part["text"].encode()) <= shown["limit"] for part in shown["parts"])
    assert "".join(part["text"] for part in shown["parts"]) == "答" * 2000


def test_an_agent_is_shown_where_it_is_looked_at_or_else_on_the_widest_surface(studio):
    people = phone.surfaces()
    assert people[0] == "wechat"
    assert "api" not in people
    assert phone.surface(studio, "shop") == "wechat"
    assert phone.surface(studio, "shop", people[-1]) == people[-1]
    assert phone.surface(studio, "shop", "api") == "wechat"


def test_what_is_more_than_text_is_shown_as_such_where_the_channel_can_and_never_fetched():
    answer = "请看\n\n![价目表](https://shop.example/a.png)\n\n![图](data:image/png;base64,iVBORw0KGgo=)"
    text, elsewhere, here = phone.preview("问", answer, "wechat")["parts"]
    assert (text["kind"], text["text"]) == ("text", "请看")
    assert (elsewhere["kind"], elsewhere["shown"]["title"]) == ("image", "价目表")
    assert elsewhere["text"] == "价目表（https://shop.example/a.png）"
    assert here["shown"]["url"] == "data:image/png;base64,iVBORw0KGgo="
    assert (here["text"], here["size"]) == ("图", 3)


def test_an_answer_that_is_one_link_with_a_picture_is_a_card():
    answer = '[![新茶](https://a.example/tea.jpg)](https://a.example/ "明前")'
    [card] = phone.preview("问", answer, "wechat")["parts"]
    assert card["kind"] == "news"
    assert card["shown"] == {
        "title": "新茶",
        "url": "https://a.example/",
        "description": "明前",
        "picture": "https://a.example/tea.jpg",
    }


@pytest.mark.parametrize("channel", phone.surfaces())
def test_the_words_are_shown_as_people_read_them_there_not_as_they_are_sent(channel):
    told = "**七点营业** [看菜单](https://tea.example/menu)\n\n| 茶 | 价 |\n| --- | --- |\n| 龙井 | 28 |"
    read = [one for part in phone.preview("问", told, channel)["parts"] for one in part["read"]]
    words = "".join(one if isinstance(one, str) else one["link"] for one in read)
    assert "七点营业" in words
    assert "龙井" in words
    assert not any(mark in words for mark in ("**", "](", "<a", "---", "|"))
    assert any(isinstance(one, dict) for one in read)
