"""What the publish page tells to type on a server."""

from builder.actions import publish
from runtime.access.actor import OWNER


def test_the_commands_are_for_the_saved_domain(studio):
    publish.set_public_url(studio, OWNER, "bot.tea.cn")
    told = publish.on_server(studio)
    assert told["example"] == ""
    assert list(told["files"]) == ["systemd", "caddy", "nginx", "compose"]
    assert all("--domain bot.tea.cn" in "\n".join(steps) for steps in told["files"].values())


def test_until_there_is_one_an_example_stands_for_it(studio):
    publish.set_public_url(studio, OWNER, "http://localhost:7860")
    told = publish.on_server(studio)
    assert told["example"] == "bot.example.com"
    assert all("--domain bot.example.com" in "\n".join(steps) for steps in told["files"].values())
