"""What goes to Dify comes back as it was, or the report names it."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from runtime.agents.agent import Agent
from runtime.elsewhere import exported, imported
from runtime.errors import NotFound
from runtime.turn.events import Replied
from script import Script, agent, play, says, wrote

STARTERS = sorted((Path(__file__).parents[3] / "templates" / "agents").glob("*.json"))
MORE = {"set", "note"}
"""What a condition, a text and what cannot go become besides."""


def kinds(of):
    return Counter((block.type, block.title) for _, block in of.walk())


def test_every_starter_goes_to_dify_and_back_but_for_what_the_report_names():
    for path in STARTERS:
        ours = Agent.load(json.loads(path.read_text()))
        text, ending, report = exported(ours, "dify")
        back = imported(text.encode(), f"x.{ending}")
        assert back.product == "Dify"
        named = {row.title for row in report.rows if row.state != "became"}
        named |= {row.title for row in back.report.rows if row.state != "became"}
        missing = [key for key in kinds(ours) - kinds(back.agent) if key[0] not in MORE]
        assert [key for key in missing if key[1] not in named] == [], path.name
        settings = set(ours.to_json()) - set(back.agent.to_json()) - {"id", "name", "flow"}
        assert settings <= {row.title for row in report.rows} | {"starts"}, path.name
        wrong = [
            one
            for one in yaml.safe_load(text)["workflow"]["graph"]["edges"]
            if not one["source"] or not one["target"]
        ]
        assert wrong == []


SHOP = agent(
    {
        "type": "branch",
        "id": "how",
        "cases": [
            {
                "title": "pay",
                "when": "'refund' in message.text|lower",
                "flow": [{"type": "model", "id": "pay", "prompt": {"text": "Pay {{ message.text }} back"}}],
            }
        ],
        "otherwise": [{"type": "reply", "id": "no", "text": "no: {{ message.text }}"}],
    },
    {"type": "reply", "id": "end", "text": "{{ pay.text|upper }}!"},
)


@pytest.mark.parametrize(("text", "answer"), [("A Refund", "PAID!"), ("hi", "no: hi")])
async def test_what_came_back_answers_the_same(text, answer):
    back = imported(exported(SHOP, "dify")[0].encode(), "x.yml").agent
    for one in (SHOP, back):
        events = await play(one, wrote(text), Script([says("paid")]))
        assert isinstance(events[-1], Replied)
        assert events[-1].text == answer


def test_what_no_product_takes_is_told():
    with pytest.raises(NotFound, match="dify"):
        exported(SHOP, "word")
