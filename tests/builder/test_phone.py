"""The preview is what the channel sends, byte for byte."""

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
