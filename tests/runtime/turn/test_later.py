"""A tool that is answered later is called once, with an address; the turn waits for what comes there."""

import json
from dataclasses import dataclass, field, replace

from runtime.agents.check import check
from runtime.engine import run
from runtime.network.fetched import Fetched
from runtime.turn.awaited import LaterAnswers
from runtime.turn.events import Replied, Waited
from runtime.turn.journal import Forgetful
from runtime.turn.waiting import Came, Past, hashed
from script import Script, agent, calls, says, services, wrote

PRINT = {
    "type": "http_request",
    "name": "print_label",
    "method": "POST",
    "url": "https://print.example/jobs",
    "body": '{"text": "{{ text }}", "callbackUrl": "{{ callback.url }}"}',
    "callback": 30,
    "callback_says": "在打印",
}
STEP = {"type": "tool", "id": "label", "tool": PRINT, "arguments": {"text": "茶"}}
SAY = {"type": "reply", "id": "say", "text": "{{ label.error if label.failed else label.result.state }}"}


@dataclass
class Printer:
    """Implements Http: takes a job."""

    answer: Fetched = field(default_factory=lambda: Fetched("", 202, "", "queued"))
    asked: list = field(default_factory=list)

    async def fetch(self, method, url, *, body=None, **_):
        self.asked.append(json.loads(body))
        return self.answer


class Talk:
    """A person and the agent; between messages there is only what a row could hold."""

    def __init__(self, *flow, models=None, printer=None, reachable=True, **more):
        self.agent, self.printer, self.past, self.end = agent(*flow, **more), printer or Printer(), None, None
        self.services = services(models, http=self.printer)
        if reachable:
            there = LaterAnswers(lambda: "https://us.example/")
            self.services = replace(self.services, callback=there)
        self.journal = None

    async def goes_on(self, came=None):
        if came:
            self.past = Past.from_json(self.end.carried)
            self.past.steps[self.end.step] = json.loads(json.dumps(came.to_json()))
        turn = run(self.agent, wrote("打印"), [], self.services, past=self.past, journal=self.journal)
        self.events = [event async for event in turn]
        self.end = self.events[-1]
        return self.end

    @property
    def token(self):
        return self.printer.asked[0]["callbackUrl"].removeprefix("https://us.example/back/")


ANSWERED = Came("call", {"body": {"state": "打好了"}, "token": "x"})


async def test_a_block_calls_once_and_goes_on_with_what_was_posted():
    talk = Talk(STEP, SAY)
    waited = await talk.goes_on()
    assert (type(waited), waited.wait, waited.text) == (Waited, "call", "在打印")
    assert waited.token == hashed(talk.token)
    assert len(talk.token) >= 32
    assert talk.token not in json.dumps([event.to_json() for event in talk.events if event is not waited])
    assert (await talk.goes_on(ANSWERED)).text == "打好了"
    assert len(talk.printer.asked) == 1


async def test_a_model_that_calls_it_is_told_what_was_posted_in_the_same_round():
    models = Script([calls(("print_label", {"text": "茶"})), says("好了")])
    talk = Talk({"type": "model", "id": "m", "tools": [PRINT]}, models=models)
    assert (await talk.goes_on()).wait == "call"
    assert "callback" not in json.dumps(models.requests[0].tools)
    end = await talk.goes_on(ANSWERED)
    assert (type(end), end.text) == (Replied, "好了")
    assert len(talk.printer.asked) == 1
    assert [len(request.tools) for request in models.requests] == [1, 1]
    assert json.loads(models.requests[1].messages[-1]["content"]) == {"state": "打好了"}


async def test_without_an_answer_in_time_or_without_a_way_back_it_failed():
    late = Talk(STEP, SAY)
    await late.goes_on()
    assert "30 分钟" in (await late.goes_on(Came("late"))).text
    otherwise = Talk({**STEP, "otherwise": [{"type": "reply", "id": "no", "text": "没办成"}]}, SAY)
    await otherwise.goes_on()
    assert (await otherwise.goes_on(Came("cancelled"))).text == "没办成"
    assert len(otherwise.printer.asked) == 1
    refused = Talk(STEP, SAY, printer=Printer(Fetched("", 500, "", "full")))
    assert "500" in (await refused.goes_on()).text
    hidden = Talk(STEP, SAY, reachable=False)
    assert "HONGYAN_PUBLIC_URL" in (await hidden.goes_on()).text
    assert hidden.printer.asked == []


class Begun(Forgetful):
    """Of a process that died while the tool ran."""

    async def begin(self, step):
        return False


async def test_who_may_have_been_called_before_a_death_still_answers():
    talk = Talk(STEP, SAY)
    talk.journal = Begun()
    assert (await talk.goes_on()).wait == "call"
    end = await talk.goes_on(ANSWERED)
    assert (end.text, end.doubt, talk.printer.asked) == ("打好了", False, [])
    late = Talk(STEP, SAY)
    late.journal = Begun()
    await late.goes_on()
    end = await late.goes_on(Came("late"))
    assert ("30 分钟" in end.text, end.doubt) == (True, True)


def test_where_the_address_stands_is_checked_and_without_waiting_the_name_is_the_models(tmp_path):
    class Owned:
        secrets = type("", (), {"names": lambda self: ()})()
        home = tmp_path
        find = default_model = usual_models = staticmethod(lambda *_: None)

    def errors(tool):
        made = agent({**STEP, "tool": tool, "arguments": {"text": "a", "callback": "b"}}, SAY)
        return {one.field for one in check(made, services().prompts, Owned()) if one.level == "error"}

    assert errors(PRINT) == set()
    assert errors({**PRINT, "body": "{}"}) == {"flow.0.tool.callback"}
    assert errors({**PRINT, "callback": 0}) == set()
    assert errors({**PRINT, "callback": 0, "body": '{"a": "{{ callback }}"}'}) == set()
