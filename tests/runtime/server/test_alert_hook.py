"""What Alertmanager rings is said once where the owner reads, in plain words, and only by who has the key."""

import json

import httpx
import pytest
from starlette.applications import Starlette

from runtime.errors import NotFound
from runtime.lang import Text
from runtime.metrics.alerting.rules import ALERTS
from runtime.server.alert_hook import LARGEST, MOST, SHOWN, AlertHook, Told, said
from runtime.store.vanishing.memory import InMemory

KEY = "only-for-the-metrics"


class Robot:
    def __init__(self, error=None):
        self.said, self.error = [], error

    async def __call__(self, publication, text, key=""):
        if self.error:
            raise self.error
        self.said.append((publication, text, key))
        return [("sent", "")]


def ringing(name="HongyanDiskLow", status="firing", starts="2026-11-30T10:00:00Z", **annotations):
    told = {"summary": "The disk is nearly full", "summary_zh": "磁盘快满了", **annotations}
    labels = {"alertname": name, "severity": "critical"}
    return {"status": status, "labels": labels, "annotations": told, "startsAt": starts, "fingerprint": "f"}


def webhook(*alerts):
    return {"version": "4", "groupKey": "{}", "status": "firing", "receiver": "us", "alerts": list(alerts)}


async def ring(robot, body, key=KEY, where="ops-1", ours=KEY, lang="zh", seen=None):
    own = (robot, lambda: where, lambda id: lang, lambda: "https://bot.example.com", ours)
    hook = AlertHook(*own, seen or InMemory())
    transport = httpx.ASGITransport(app=Starlette(routes=hook.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"authorization": f"Bearer {key}", "accept-language": "en"}
        return await client.post("/metrics/alerts", content=content, headers=headers)


async def test_what_rings_is_said_with_the_first_step_and_the_runbook():
    robot = Robot()
    assert (await ring(robot, webhook(ringing()))).json() == {"sent": [{"state": "sent", "code": ""}]}
    [(publication, text, _)] = robot.said
    assert publication == "ops-1"
    assert text.startswith("**严重：磁盘快满了**\n先做：满了就收不下消息")
    assert text.endswith("[值班手册](https://bot.example.com/manual/runbook#hongyandisklow)")


async def test_a_robot_in_english_reads_english():
    robot = Robot()
    await ring(robot, webhook(ringing(), ringing(status="resolved")), lang="en")
    assert robot.said[0][1].startswith("**Critical: The disk is nearly full**\nFirst: When it is full")
    assert robot.said[0][1].endswith("\n\nOver: The disk is nearly full")


TITLES = {"wechat": Text("公众号", "Official Account")}


@pytest.mark.parametrize(
    ("name", "lang", "summary", "read"),
    [
        (
            "HongyanNotStored",
            "zh",
            "wechat 的消息存不下（not_stored）",
            "公众号 的消息存不下（磁盘或数据库不收）",
        ),
        ("HongyanModelOut", "en", "Model ds/chat is out (auth)", "Model ds/chat is out (the key is wrong)"),
        ("HongyanQueueOld", "zh", "有消息等了 180 秒还没回答", "有消息等了 180 秒还没回答"),
        ("HongyanNotStored", "zh", "吃饭了吗（not_stored）", "吃饭了吗（not_stored）"),
        ("HongyanNotStored", "zh", "x 的消息存不下（y）", "x 的消息存不下（y）"),
        ("TheirOwn", "en", "wechat is {channel}", "wechat is {channel}"),
    ],
)
def test_an_owner_reads_words_and_no_labels(name, lang, summary, read):
    alert = ringing(name, **{"summary": summary, "summary_zh": summary})
    told = said(Told.model_validate(webhook(alert)), lang, "", TITLES.get)
    assert (
        told.splitlines()[0].strip("*").partition("：" if lang == "zh" else ": ")[2].replace("\\", "") == read
    )


async def test_what_alertmanager_brings_again_has_the_same_key_and_what_is_new_another():
    robot = Robot()
    for alert in (ringing(), ringing(), ringing(status="resolved"), ringing(starts="2026-11-30T11:00:00Z")):
        await ring(robot, webhook(alert))
    keys = [key for _, _, key in robot.said]
    assert (keys[0] == keys[1], len(set(keys))) == (True, 3)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"key": "another-one-of-16"}, 401),
        ({"key": ""}, 401),
        ({"ours": "", "key": ""}, 401),
        ({"where": ""}, 409),
        ({"body": b"not json"}, 400),
        ({"body": b'{"version": "3", "alerts": []}'}, 400),
        ({"body": webhook()}, 400),
        ({"body": webhook({"status": "odd"})}, 400),
        ({"body": webhook({"status": "firing", "labels": {"a": ["list"]}})}, 400),
        ({"body": webhook(*[{"status": "firing"}] * 1001)}, 400),
        ({"body": b"x" * (LARGEST + 1)}, 413),
        ({"robot": Robot(NotFound(Text("没有", "gone")))}, 404),
    ],
)
async def test_what_is_refused(given, status):
    given = {"robot": Robot(), "body": webhook(ringing()), **given}
    response = await ring(**given)
    assert response.status_code == status
    assert given["robot"].said == []
    assert response.json()["error"]


def test_words_from_outside_are_words():
    evil = "x [click](http://evil.example) <@all> @someone **bold**\n# title\u202e " + "y" * 1000
    text = said(Told.model_validate(webhook(ringing("Else", summary_zh=evil, description=evil))), "zh", "")
    assert len(text) < 900
    assert len(text.splitlines()) == 2
    assert "\\[click\\](http" in text
    assert "\\<\\@all\\>" in text
    assert "\u202e" not in text


def test_of_many_there_is_a_number():
    many = Told.model_validate(webhook(*[ringing(one.name) for one in ALERTS]))
    text = said(many, "en", "")
    assert text.count("**Critical") == SHOWN
    assert text.endswith(f"And {len(ALERTS) - SHOWN} more.")


async def test_whoever_has_the_key_of_figures_floods_nobody():
    robot, seen = Robot(), InMemory(lambda: 0.0)
    got = [(await ring(robot, webhook(ringing(str(n))), seen=seen)).status_code for n in range(MOST + 2)]
    assert got == [200] * MOST + [429] * 2
    assert len(robot.said) == MOST
