"""Messages to those whom the owner listed, and to nobody else."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field

import pytest
from pydantic import ValidationError

from runtime.engine import run
from runtime.errors import NotFound, ToolFailed
from runtime.lang import Text
from runtime.message import Exchange
from runtime.network.egress import Egress
from runtime.network.mail import Mail
from runtime.templating.prompts import Prompts
from runtime.tools import Power
from runtime.tools.send import TOOL
from runtime.turn.turn import Services
from script import Script, agent, calls, says, wrote
from smtp_fake import Mailbox
from tool_fakes import Keys, Platform, env

BOSS = {"name": "店长", "address": "boss@example.com"}
COOK = {"name": "厨房", "address": "cook@example.com"}


def letter(port=465, **more):
    settings = {"to": [BOSS], "host": "127.0.0.1", "port": port, "security": "none", "secret": "mailbox"}
    return TOOL(type="send", sender="shop@example.com", sender_name="一叶\n茶铺", **{**settings, **more})


def by_mail(port, **more):
    egress = Egress([f"send=127.0.0.1:{port}"])
    return env(None, Keys(mailbox=Mailbox.password), mail=Mail(egress, seconds=3), once="abc123", **more)


async def test_a_letter_arrives_once_with_everything_in_its_place():
    box = Mailbox()
    async with box.running() as port:
        asked = {"title": "新预订\r\nBcc: evil@example.org", "text": "三位，七点。\n.\n完"}
        assert await letter(port).call(asked, by_mail(port)) == {"sent": True, "to": "店长"}
    [got] = box.letters
    assert box.receivers == [["boss@example.com"]]
    assert got["To"] == "boss@example.com"
    assert got["From"] == "一叶 茶铺 <shop@example.com>"
    assert got["Subject"] == "新预订  Bcc: evil@example.org"
    assert got["Bcc"] is None
    assert got["Message-ID"] == "<abc123@example.com>"
    assert got.get_content().splitlines() == ["三位，七点。", ".", "完"]


@pytest.mark.parametrize(
    "asked",
    [
        {"to": "evil@example.org"},
        {"to": "厨房, evil@example.org"},
        {"to": "person"},
        {"to": ""},
        {"cc": "evil@example.org"},
        {"address": "evil@example.org"},
        {"host": "mail.evil.example"},
    ],
)
async def test_a_model_can_choose_nobody_who_is_not_listed(asked):
    box = Mailbox()
    async with box.running() as port:
        with pytest.raises(ToolFailed):
            await letter(port, to=[BOSS, COOK]).call({"title": "a", "text": "b", **asked}, by_mail(port))
    assert box.heard == []


@dataclass
class Mails:
    """Implements Mails of runtime.tools: nobody gets anything."""

    to: list = field(default_factory=list)

    async def send(self, server, letter):
        self.to += letter.to


@pytest.mark.parametrize(
    ("who", "said", "earlier", "sent"),
    [
        ("model", "你好", "", False),
        ("model", "我的邮箱是guest@example.com。", "", True),
        ("model", "发吧", "Guest@Example.com", True),
        ("model", "boss.guest@example.com guest@example.com.cn x@guest@example.com", "", False),
        ("agent", "你好", "", True),
    ],
)
async def test_an_address_that_a_model_keeps_of_the_person_gets_a_letter_only_if_they_wrote_it(
    who, said, earlier, sent
):
    """Else a page that a model reads chooses who is written to, in two steps."""
    tool = letter(to_person=True, secret="").model_dump(mode="json")
    keeps = calls(("keep_of_person", {"name": "email", "value": "guest@example.com"}))
    writes = calls(("send", {"to": "person", "title": "a", "text": "b"}))
    by_flow = {"type": "set", "id": "k", "values": {"person.email": "guest@example.com"}}
    by_model = {"type": "model", "id": "m", "prompt": {"text": "{{ person.email }}"}, "tools": [tool]}
    flow = [by_flow, by_model] if who == "agent" else [by_model]
    asked = [keeps, writes, says()] if who == "model" else [writes, says()]
    mails = Mails()
    given = Services(Script(asked), Prompts([]), None, mail=mails)
    composed = agent(*flow, person=[{"name": "email", "who": who}])
    history = [Exchange(earlier, "好")] if earlier else []
    [_ async for _ in run(composed, wrote(said), history, given)]
    assert mails.to == (["guest@example.com"] if sent else [])


async def test_the_persons_own_address_is_the_one_that_we_hold():
    box = Mailbox()
    tool = letter(to=[BOSS], to_person=True)
    asked = {"title": "a", "text": "b", "to": "person"}
    async with box.running() as port:
        for person in ({}, {"email": ""}, {"email": ["x"]}, {"email": "a@example.com\nBcc: x@example.org"}):
            held = by_mail(port)
            held = type(held)(**{**vars(held), "values": {"person": person}})
            with pytest.raises(ToolFailed, match=r"person\.email"):
                await tool.model_copy(update={"port": port}).call(asked, held)
        held = type(held)(**{**vars(held), "values": {"person": {"email": "guest@example.com"}}})
        await tool.model_copy(update={"port": port}).call(asked, held)
    assert box.receivers == [["guest@example.com"]]


@pytest.mark.parametrize(
    ("box", "says"),
    [
        (Mailbox(password="another"), "535"),
        (Mailbox(refuses=frozenset({"boss@example.com"})), "550"),
        (Mailbox(stops="DATA"), "no receipt in 0.5 s"),
        (Mailbox(stops="EHLO"), "no receipt in 0.5 s"),
    ],
)
async def test_what_a_server_refuses_is_told_without_the_password(box, says):
    async with box.running() as port:
        held = by_mail(port)
        held.mail._seconds = 0.5
        with pytest.raises(ToolFailed, match=says) as caught:
            await letter(port).call({"title": "a", "text": "b"}, held)
    assert Mailbox.password not in str(caught.value)
    assert box.letters == []


async def test_no_letter_leaves_for_a_private_server_in_clear_or_a_strange_port():
    mail = Mail(Egress())
    held = env(None, Keys(), mail=mail)
    for tool, why in (
        (letter(465), "not on the public internet"),
        (letter(8080), "Port 8080 is closed"),
        (letter(465, host="169.254.169.254"), "not on the public internet"),
    ):
        with pytest.raises(ToolFailed, match=why):
            await tool.call({"title": "a", "text": "b"}, held)


async def test_a_tool_that_sent_enough_in_one_turn_sends_no_more():
    sent = []

    class Robot:
        async def say(self, publication, text, key=""):
            sent.append((publication, text, key))
            return [("sent", "")]

    tool = {"type": "send", "way": "group", "publication": "robot-1", "most": 2}
    wanted = calls(*(("send", {"text": str(i)}) for i in range(4)))
    model = Script([wanted, calls(("send", {"text": "9"})), says("好")])
    composed = agent({"type": "model", "id": "m", "prompt": {"text": "x"}, "tools": [tool]})
    services = Services(model, Prompts([]), None, says=Robot())
    for _ in range(2):  # a turn that is run again says the same under the same names
        model.answers = [wanted, calls(("send", {"text": "9"})), says("好")]
        async for _event in run(composed, wrote(), [], services):
            pass
    assert [(publication, text) for publication, text, _ in sent] == [("robot-1", "0"), ("robot-1", "1")] * 2
    keys = [key for *_, key in sent]
    assert keys[:2] == keys[2:]
    assert len(set(keys)) == 2


async def test_a_robot_that_is_not_there_or_refuses_is_told():
    class Robot:
        async def say(self, publication, text, key=""):
            if publication == "gone":
                raise NotFound(Text("没有", "There is no such publication."))
            return [("failed", "93000")]

    for name, why in (("gone", "no such"), ("robot", "93000")):
        with pytest.raises(ToolFailed, match=why):
            await TOOL(type="send", way="group", publication=name).call(
                {"text": "a"}, env(None, says=Robot())
            )
    with pytest.raises(ToolFailed, match="published"):
        await TOOL(type="send", way="group", publication="x").call({"text": "a"}, env(None))


async def test_a_call_is_signed_and_names_itself():
    web = Platform({("POST", "shop.example.com", "/hook"): lambda a: (204, "")})
    tool = TOOL(type="send", way="webhook", url="https://shop.example.com/hook", secret="hook")
    got = await tool.call({"title": "新单", "text": "两份"}, env(web, Keys(hook="s3cret-s3cret"), once="abc"))
    assert got == {"sent": True, "status": 204}
    [asked] = web.asked
    body = json.dumps(asked.body, ensure_ascii=False).encode()
    at = asked.headers["X-Hongyan-Timestamp"]
    signed = hmac.new(b"s3cret-s3cret", f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert asked.headers["X-Hongyan-Signature"] == f"sha256={signed}"
    assert asked.headers["Idempotency-Key"] == asked.body["id"] == "abc"
    assert (asked.body["title"], asked.body["text"]) == ("新单", "两份")
    web.routes.clear()
    with pytest.raises(ToolFailed, match="404"):
        await tool.call({"title": "新单", "text": "两份"}, env(web, Keys()))


def test_who_gets_it_is_shown_to_the_owner_and_by_name_to_the_model():
    tool = letter(to=[BOSS, COOK], to_person=True)
    assert tool.powers == {Power.SENDS}
    assert not tool.repeatable
    assert tool.where == "boss@example.com, cook@example.com, person.email"
    assert tool.parameters()["properties"]["to"]["enum"] == ["店长", "厨房", "person"]
    assert "example.com" not in json.dumps(tool.spec())
    assert "to" not in letter().parameters()["properties"]
    assert letter().secrets() == {"mailbox": "127.0.0.1:465"}


@pytest.mark.parametrize(
    "address",
    ["a@b", "a@b.c", "x@y.com, z@y.com", "a@example.com\nBcc: b@c.de", "<a@b.com>", "a b@c.com", "@b.com"],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValidationError):
        TOOL(type="send", to=[{"name": "x", "address": address}])


def test_what_is_missing_is_told_before_publishing():
    def told(**settings):
        return sorted(one.field for one in TOOL(type="send", **settings).check({}, ()))

    assert told() == ["host", "sender", "to"]
    assert told(way="group") == ["publication"]
    assert told(way="webhook") == ["url"]
    assert told(way="webhook", url="http://10.0.0.1/x") == ["url"]
    assert list(letter().check({}, ())) == []
