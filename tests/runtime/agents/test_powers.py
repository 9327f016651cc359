"""What an agent may do to the world: its owner sees it in one place, and what is withheld is not done."""

import pytest

from runtime import tools
from runtime.agents.check import check
from runtime.agents.powers import from_elsewhere, may, told
from runtime.tools import ASKED, Power
from runtime.turn.events import Replied, ToolReturned
from script import Script, agent, calls, play, says

READS = {"type": "web_page", "hosts": ["docs.example.com"]}
CHANGES = {"type": "http_request", "method": "POST", "url": "https://api.example.com/orders"}
ASKS = {"type": "http_request", "name": "look", "url": "https://api.example.com/{{ id }}"}


def led(*given, **more):
    return agent({"type": "model", "id": "m", "prompt": {"text": "x"}, "tools": list(given)}, **more)


def test_every_power_of_an_agent_is_listed_with_the_tools_that_have_it():
    found = may(led(READS, CHANGES, ASKS, {"type": "clock"}, withheld=["changes", "spends"]))
    assert [(one.key, one.allowed, [use.en for use in one.uses]) for one in found] == [
        (
            Power.READS,
            True,
            ["Web page (web_page): docs.example.com", "HTTP request (look): api.example.com"],
        ),
        (Power.CHANGES, False, ["HTTP request (http_request): api.example.com"]),
    ]


def test_tools_that_are_alike_are_told_once():
    several = agent(*({"type": "tool", "id": f"t{i}", "tool": READS} for i in range(4)))
    [found] = may(several)
    assert [use.en for use in found.uses] == ["Web page (web_page): docs.example.com"]


@pytest.mark.parametrize(
    ("file", "withheld"),
    [
        ({}, ["changes", "reads"]),
        ({"withheld": []}, ["changes", "reads"]),
        ({"withheld": ["sends"]}, ["changes", "reads", "sends"]),
    ],
)
def test_an_agent_from_elsewhere_brings_no_permission_along(file, withheld):
    assert from_elsewhere(led(READS, CHANGES, **file)).withheld == withheld
    assert from_elsewhere(led(READS, **file)).withheld == sorted({"reads", *file.get("withheld", [])})
    assert from_elsewhere(led({"type": "clock"}, **file)).withheld == file.get("withheld", [])
    assert [text.en for text in told(led(READS, CHANGES))] == [
        "It may read from outside: Web page (web_page): docs.example.com",
        "It may change things elsewhere: HTTP request (http_request): api.example.com",
    ]


def test_what_comes_along_with_an_agent_from_elsewhere_brings_no_permission_either():
    inner = {**agent({"type": "tool", "id": "t", "tool": CHANGES}).to_json(), "id": "inner"}
    outer = led({"type": "agent", "agent": "inner"}, agents={"inner": inner})
    [found] = may(outer)
    assert (found.key, found.allowed) == (Power.CHANGES, True)
    came = from_elsewhere(outer)
    assert (came.withheld, came.others["inner"].withheld) == ([], ["changes"])
    assert [one.allowed for one in may(came)] == [False]
    assert [text.en for text in told(outer)] == [
        "It may change things elsewhere: HTTP request (http_request): api.example.com"
    ]


@pytest.mark.parametrize("lead", ["model", "block"])
async def test_what_is_withheld_is_not_done_whoever_asks_for_it(lead):
    composed = led(CHANGES, withheld=["changes"])
    if lead == "block":
        composed = agent(
            {"type": "tool", "id": "t", "tool": CHANGES},
            {"type": "reply", "id": "r", "text": "{{ t.error }}"},
            withheld=["changes"],
        )
    # Nothing is fetched: script.NoHttp refuses that.
    events = await play(composed, models=Script([calls(("http_request", {})), says("做不了")]))
    [returned] = [event for event in events if isinstance(event, ToolReturned)]
    assert returned.failed
    assert "没有允许" in returned.result
    assert isinstance(events[-1], Replied)


def test_the_check_warns_of_a_tool_that_will_be_refused(tmp_path):
    class Owned:
        secrets = type("", (), {"names": staticmethod(tuple)})
        home = tmp_path

        def __getattr__(self, _):
            return lambda *_: None

    from runtime.templating.prompts import Prompts

    composed = led(CHANGES, withheld=["changes"])
    found = [one for one in check(composed, Prompts([]), Owned()) if one.field == "flow.0.tools.0"]
    assert [(one.level, "not allowed" in one.text.en) for one in found] == [("warning", True)]


def test_a_tool_that_may_not_be_repeated_has_a_power_that_is_asked_for():
    """What acts is never without the owner's permission, also in a tool of somebody else's."""

    async def act(x: str) -> str:
        """Acts."""
        return x

    act.__name__ = "act"
    made = tools.tool(title=tools.registry()["clock"].about.title, hint=tools.registry()["clock"].about.hint,
                      repeatable=False)(act)  # fmt: skip
    assert made(type="act").powers & ASKED
