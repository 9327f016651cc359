"""The jobs that people really publish, each to its end at an Official Account; once more with a death before
every block: the same is said, no other question is paid for, and nothing is called or written twice."""

import asyncio
from dataclasses import dataclass, field

import pytest
from jobs_world import STARTERS, Shop, World, shop

from runtime import crash
from runtime.simulator.fast_loop import FastLoop
from script import calls, says

ORDERS = [{"id": "8001", "state": "已发货"}]
WRITES = ("POST", "DELETE")
"""What only looks may be done again when the process died before that was on the disk."""
API = "https://shop.example.com"
GITHUB = "https://api.github.com/repos/octocat/Hello-World"
TOLD = "You went to the park! 说得好：go 的过去式是 went。"
PAGE = "https://a.example.com/x"
FOUND = {"data": {"webPages": {"value": [{"name": "净水器", "url": PAGE, "snippet": "三种"}]}}}


@dataclass
class Job:
    starter: str
    talk: list
    """What the person writes, and what stands in the answers to it."""
    answers: list = field(default_factory=list)
    pages: dict = field(default_factory=dict)
    variables: dict = field(default_factory=dict)
    words: str = ""
    """What their voice messages say."""
    sounds: list = field(default_factory=list)
    """What was heard and read out, in order: each of it once."""
    called: list = field(default_factory=list)
    """What the owner's interface is asked, in order: each of it once."""
    then: list = field(default_factory=list)
    """What the store says afterwards: a question, and the rows."""


VALUE = "select person, name, value from person_values order by name"
TICKETS = "select count(*) from tickets"
REMINDERS = "select count(*) from reminders"

JOBS = [
    Job(
        "booking-assistant",
        [("我想约剪发", "哪天"), ("明天", "几点"), ("下午3点", "电话"), ("13800000000", "请核对"),
         ("对", "约好了"), ("我的预约", "15:00 剪发"), ("取消预约", "已取消")],
        variables={"booking_api": API},
        pages={("POST", API): (200, {"ok": True}), ("DELETE", API): (200, {"ok": True})},
        called=["POST", "DELETE"],
    ),
    Job(
        "booking-assistant",
        [("明天下午3点约剪发，13800000000", "请核对"), ("对", "约好了"), ("取消预约", "已取消")],
        then=[("select taken, number from shared_keys", [(0, 1)]), (REMINDERS, [(0,)])],
    ),
    Job(
        "quiz",
        [("开始答题", "第 1 题"), ("长江", "答对了"), ("365", "第 3 题"), ("水", "不对"),
         ("孙悟空", "第 5 题"), ("太平洋", "5 题答对 4 题"), ("我的成绩", "4 题")],
        then=[(VALUE, [(1, "best", "4"), (1, "score", "4")])],
    ),
    Job(
        "reminders",
        [("明天早上 8 点提醒我", "提醒你什么"), ("交水费", "08:00 提醒：交水费"),
         ("我的提醒", "08:00 交水费")],
        then=[(REMINDERS, [(1,)])],
    ),
    Job(
        "staff-helper",
        [("年假有几天？", "5 天"), ("食堂明天吃什么？", "手册里没有写")],
        answers=[says("满 1 年 5 天。")],
        then=[(TICKETS, [(1,)])],
    ),
    Job(
        "web-researcher",
        [("比较一下三种家用净水器", "a.example.com")],
        answers=[calls(("web_search", {"query": "净水器"})), calls(("web_page", {"url": PAGE})),
                 says(f"反渗透最干净，见 {PAGE}")],
        pages={("POST", "https://api.bochaai.com"): (200, FOUND), ("GET", PAGE): (200, "<p>好</p>")},
    ),
    Job(
        "leave-approval",
        [("我想请假", "什么假"), ("事假", "从哪天"), ("明天", "几天"), ("2", "原因"), ("跳过", "请核对"),
         ("对", "已提交"), ("同意 approve", "什么假"), ("取消", "先不办了"),
         (Shop.approves, "批了"), ("我的请假记录", "事假")],
        then=[("select count(*) from waits", [(0,)])],
    ),
    Job(
        "my-orders",
        [(Shop.binds, ""), ("我的订单到哪了？", "已发货"), ("转人工", "工单")],
        answers=[calls(("my_orders", {})), says("8001 已发货")],
        variables={"api": API},
        pages={("GET", f"{API}/orders?customer=C7"): (200, ORDERS)},
        then=[(TICKETS, [(1,)])],
    ),
    Job(
        "team-lead",
        [("写一条周末八折的推文", "周末八折")],
        answers=[calls(("ask_copywriter", {"task": "写推文"})), says("周末八折，来喝茶"),
                 says("写好了：周末八折")],
    ),
    Job(
        "english-teacher",
        [("Hi!", "Hello"), (Shop.speaks, "went")],
        answers=[says("Hello! What did you do?"), says(TOLD)],
        words="Yesterday I go to the park",
        sounds=["heard", TOLD],
    ),
    Job(
        "developer-desk",
        [("登录页打不开，记一下", "要新建吗"), ("好", "#12")],
        answers=[calls(("list_issues", {"state": "open"})), says("没有相同的。要新建吗？"),
                 calls(("create_issue", {"title": "登录页打不开"})), says("记好了：#12")],
        pages={("GET", f"{GITHUB}/issues"): (200, []), ("POST", f"{GITHUB}/issues"): (201, {"number": 12})},
        called=["POST"],
    ),
]  # fmt: skip


@pytest.fixture(autouse=True)
def forget():
    yield
    crash._wanted.cache_clear()
    crash._passed.clear()


def played(job, folder, monkeypatch, *, dies):
    """What was said, what it cost, and how often the process died."""
    agent = {**STARTERS.starter(job.starter).to_json(), "safety": {"label": {"when": "never"}}}
    for variable in agent.get("variables", []):
        variable["default"] = job.variables.get(variable["name"], variable.get("default", ""))
    world = World(list(job.answers), pages=job.pages, words=job.words)
    folder.mkdir()

    async def work():
        async with shop(folder, monkeypatch, world, agent, dies=dies) as it:
            heard = []
            for text, expected in job.talk:
                heard.append(await (text(it) if callable(text) else it.says(text)))
                assert expected in heard[-1]
            for question, rows in job.then:
                assert await it.rows(question) == rows
            return heard, it.died

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        heard, died = runner.run(work())
    assert [
        method for method, url, _ in world.called if method in WRITES and url.startswith((API, GITHUB))
    ] == job.called
    assert world.sounds == job.sounds
    asked = {(method, url) for method, url, _ in world.called}
    return ["".join(text.split()) for text in heard], len(set(world.paid)), asked, died


@pytest.mark.timeout(200)
@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.starter)
def test_a_job_comes_to_its_end_and_a_death_before_every_block_changes_nothing(job, tmp_path, monkeypatch):
    *whole, deaths = played(job, tmp_path / "whole", monkeypatch, dies=False)
    assert deaths == 0
    *again, deaths = played(job, tmp_path / "dying", monkeypatch, dies=True)
    assert again == whole
    assert deaths >= len(job.talk)
