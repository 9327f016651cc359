"""A sealed secret goes out where a request is built, and is seen nowhere else."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from runtime.engine import run
from runtime.errors import Blocked, ToolFailed
from runtime.lang import Text
from runtime.network.fetched import Fetched
from runtime.store.control.control import Control
from runtime.templating.prompts import Prompts
from runtime.tools import Env
from runtime.tools.http_request import TOOL
from runtime.turn.turn import Services
from script import Script, agent, calls, play, says, wrote

KEY = "s3cr3t/Kéy+42"
SHOP = "https://api.shop.example/orders"
QUERY = f"{SHOP}?key={{{{ secret.erp }}}}"
HEADER = {"X": "{{ secret.erp }}"}


@dataclass
class Echo:
    """Implements Http: answers with all it was sent, or fails with it."""

    status: int = 200
    error: ToolFailed | None = None
    say: object = json.dumps
    asked: list = field(default_factory=list)

    async def fetch(self, method, url, *, headers=None, body=None, **_):
        self.asked.append((url, headers, body))
        if self.error:
            raise self.error
        sent = {"url": url, "headers": headers, "body": (body or b"").decode()}
        return Fetched(url, self.status, "application/json", self.say(sent))


@pytest.fixture
def control(tmp_path):
    made = Control.in_folder(tmp_path / "data")
    made.secrets.put("erp", KEY)
    return made


def request(url=SHOP, **settings):
    return TOOL.model_validate({"type": "http_request", "url": url, **settings})


async def send(tool, control, web=None, values=None, **arguments):
    web = web or Echo()
    env = Env(web, datetime.now(UTC), values or {}, secrets=control.secrets)
    return await tool.call(arguments, env), *web.asked


async def test_it_goes_into_headers_query_and_body(control):
    tool = request(
        f"{SHOP}/{{{{ id }}}}?key={{{{ secret.erp }}}}&q={{{{ id }}}}",
        method="POST",
        headers={"Authorization": "Bearer {{ secret.erp }}"},
        body='{"key": "{{ secret.erp }}"}',
    )
    _, (url, headers, body) = await send(tool, control, id="7")
    assert url == f"{SHOP}/7?key=s3cr3t%2FK%C3%A9y%2B42&q=7"
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert json.loads(body) == {"key": KEY}


def test_the_model_is_not_asked_for_it():
    tool = request(headers={"X": "{{ secret.erp }}{{ other }}"})
    assert set(tool.parameters({})["properties"]) == {"other"}


ECHOES = [
    json.dumps,
    lambda sent: json.dumps(sent, ensure_ascii=False),
    str,
    lambda sent: sent["url"],
    lambda sent: "x" * 7990 + KEY,
    lambda sent: base64.b64encode(KEY.encode()).decode(),
]


@pytest.mark.parametrize("say", ECHOES)
@pytest.mark.parametrize("status", [200, 401])
async def test_a_server_that_repeats_it_shows_nothing(control, say, status):
    tool = request(QUERY, headers={"Authorization": "Token {{ secret.erp }}"})
    try:
        seen = json.dumps((await send(tool, control, Echo(status, say=say)))[0], ensure_ascii=False)
    except ToolFailed as e:
        seen = str(e)
    assert not [form for form in ("s3cr3t", "K%C3%A9y", "K\\u00e9y", "czNjcjN0") if form in seen], seen


@pytest.mark.parametrize("kind", [ToolFailed, Blocked])
async def test_a_failure_that_repeats_it_shows_nothing(control, kind):
    error = kind(Text(f"访问 {KEY} 失败", f"{KEY} failed"), retryable=True)
    with pytest.raises(kind) as caught:
        await send(request(headers=HEADER), control, Echo(error=error))
    assert KEY not in str(caught.value)
    assert caught.value.retryable


WRONG = [
    request(f"{SHOP}/{{{{ secret.erp }}}}"),
    request(headers={"X": "{{ secret }}"}),
    request(headers={"X": "{{ secret.erp | upper }}"}),
    request(headers={"X": "{{ secret.erp ~ 'a' }}"}),
    request(headers={"X": "{{ secret['er' ~ 'p'] }}"}),
    request(headers={"X": "{% for one in secret %}{{ one }}{% endfor %}"}),
    request(headers={"X": "{% if secret.erp[0] == 's' %}1{% endif %}"}),
    request(headers={"X": "{% set s = secret %}{{ s.erp }}"}),
    request(headers={"X": "{{ secret.gone }}"}),
]


@pytest.mark.parametrize("tool", WRONG, ids=lambda tool: tool.headers.get("X") or tool.url)
async def test_elsewhere_and_otherwise_it_is_refused_before_anything_is_sent(control, tool):
    web = Echo()
    with pytest.raises(ToolFailed):
        await send(tool, control, web)
    assert web.asked == []


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "https://api.shop.example.evil.example/", "{{ api }}/orders"]
)
async def test_one_that_is_meant_for_some_hosts_is_sent_to_no_other(control, url):
    control.secrets.put("erp", KEY, ["api.shop.example"])
    await send(request(headers=HEADER), control)
    with pytest.raises(ToolFailed):
        await send(request(url, headers=HEADER), control, values={"api": "https://evil.example"})


async def test_a_model_that_writes_its_name_sends_the_words(control):
    _, (url, _, _) = await send(
        request(f"{SHOP}?q={{{{ q }}}}", headers=HEADER), control, q="{{ secret.erp }}"
    )
    assert "s3cr3t" not in url
    assert "secret.erp" in url


async def test_neither_model_nor_trace_see_it(control):
    tool = {**request(QUERY, headers=HEADER).model_dump(), "name": "get"}
    flow = agent({"type": "model", "id": "m", "prompt": {"text": "查"}, "tools": [tool]})
    models, web = Script([calls(("get", {})), says("好")]), Echo()
    services = Services(models, Prompts([]), web, control.secrets)
    events = [event async for event in run(flow, wrote("查"), (), services)]
    assert (len(web.asked), events[-1].text) == (1, "好")
    told = [vars(request) for request in models.requests] + [vars(event) for event in events]
    assert "s3cr3t" not in repr(told)


PLACES = [
    {"type": "reply", "id": "say", "text": "{{ secret.erp }}"},
    {"type": "set", "id": "s", "values": {"a": "{{ secret.erp }}"}},
    {"type": "model", "id": "m", "prompt": {"text": "{{ secret.erp }}"}},
    {"type": "branch", "id": "b", "cases": [{"when": "secret.erp == 'a'", "flow": []}]},
    {"type": "tool", "id": "t", "tool": {"type": "clock"}, "arguments": {"zone": "{{ secret.erp }}"}},
]


@pytest.mark.parametrize("block", PLACES, ids=lambda block: block["type"])
async def test_no_other_template_has_it(block):
    events = await play(agent(block))
    assert events[-1].block == block["id"]
    assert "secret" in events[-1].reason.en


async def test_an_agent_with_a_value_of_that_name_keeps_it(control):
    tool = request(headers={"X": "{{ secret }}"})
    _, (_, headers, _) = await send(tool, control, values={"secret": "mine"})
    assert headers == {"X": "mine"}
