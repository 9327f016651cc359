"""A platform that nobody knows: its owner says how it proves itself and where things stand in its calls."""

import base64
import hmac
import json
import re
import shutil
import subprocess
import time
from itertools import pairwise

import pytest
from pydantic import ValidationError
from webhook_table import NOW, SECRET, TIME, TOLD, made, message, signed

from runtime.channels import ApiRequest, Verified, WebRequest
from runtime.channels.webhook import CHANNEL
from runtime.errors import Refused
from runtime.schema import first_problem


def digest(said, name="sha256", key=SECRET):
    return hmac.new(key.encode(), said, name)


BODY = json.dumps(TOLD).encode()
WHSEC = "whsec_" + base64.b64encode(b"standard-webhooks-key-24").decode()
WAYS = [
    # as the platform's own documentation has it: settings, headers
    (
        "github",
        {"signed": "body", "header": "X-Hub-Signature-256"},
        {"x-hub-signature-256": "sha256=" + digest(BODY).hexdigest()},
    ),
    (
        "slack",
        {"signed": "v0:timestamp:body"},
        {
            "x-slack-signature": "v0=" + digest(f"v0:{TIME}:".encode() + BODY).hexdigest(),
            "x-slack-request-timestamp": TIME,
        },
    ),
    (
        "stripe",
        {"header": "Stripe-Signature", "time_header": "Stripe-Signature", "prefix": "v1="},
        {"stripe-signature": f"t={TIME},v0=00,v1={digest(f'{TIME}.'.encode() + BODY).hexdigest()}"},
    ),
    (
        "standard webhooks",
        {"secret": WHSEC, "signed": "id.timestamp.body"},
        {
            "webhook-id": "msg_1",
            "webhook-timestamp": TIME,
            "webhook-signature": "v1,bm90IHRoaXMgb25l v1,"
            + base64.b64encode(
                digest(f"msg_1.{TIME}.".encode() + BODY, key="standard-webhooks-key-24").digest()
            ).decode(),
        },
    ),
    (
        "sha1 in base64",
        {"signed": "body", "algorithm": "sha1", "encoding": "base64", "header": "X-Sign"},
        {"x-sign": base64.b64encode(digest(BODY, "sha1").digest()).decode()},
    ),
    ("a bearer", {"proof": "bearer"}, {"authorization": f"Bearer {SECRET}"}),
    ("a header of its own", {"proof": "bearer", "header": "X-Token"}, {"x-token": SECRET}),
]


@pytest.mark.parametrize(("settings", "headers"), [way[1:] for way in WAYS], ids=[way[0] for way in WAYS])
def test_each_usual_way_to_prove_itself_is_read_and_nothing_else(settings, headers):
    channel = made(**settings) if "secret" not in settings else CHANNEL(CHANNEL.Settings(**settings))
    assert list(channel.receive(WebRequest("POST", {}, BODY, headers), NOW).messages) == [message()]
    is_bearer = settings.get("proof") == "bearer"
    for name in headers if is_bearer else [one for one in headers if "sign" in one]:
        for other in ("", "x" * 64, headers[name][:-1], headers[name] + "0", "é"):
            with pytest.raises(Refused) as refused:
                channel.receive(WebRequest("POST", {}, BODY, {**headers, name: other}), NOW)
            assert refused.value.code in ("signature", "stale")
    if not is_bearer:
        with pytest.raises(Refused):
            channel.receive(WebRequest("POST", {}, BODY + b" ", headers), NOW)


@pytest.mark.parametrize(
    "way", [way for way in WAYS if way[0] != "standard webhooks"], ids=lambda way: way[0]
)
def test_what_we_send_is_proven_as_what_we_get(way):
    """Whoever can read its own signature reads ours."""
    settings = {**way[1], "answer": "callback", "callback": "https://shop.example/in"}
    channel = made(**settings)
    left = channel.outgoing(channel.push("好", "u1", "k1"))
    came = WebRequest("POST", {}, left.upload, {name.lower(): value for name, value in left.headers.items()})
    other = made(**{**settings, "sender_at": "to", "content_at": "content", "id_at": "id"})
    [found] = other.receive(came, time.time()).messages
    assert (found.sender, found.text, found.id) == ("u1", "好", "k1")
    assert SECRET not in repr(left)


DEEP = {
    "event": "message_created",
    "data": {"user": {"id": 77, "label": "Ann"}, "parts": [{"text": "hi"}], "key": "m1"},
    "type": "incoming",
}
PLACED = {"sender_at": "data.user.id", "content_at": "data.parts[0].text", "id_at": "data.key"}


def test_fields_stand_where_the_owner_says():
    [found] = made(**PLACED).receive(signed(DEEP), NOW).messages
    assert (found.id, found.sender, found.text, found.kind) == ("m1", "77", "hi", "text")
    assert found.data["metadata"]["data"]["user"]["label"] == "Ann"


def test_a_sender_may_stand_in_a_header():
    channel = made(sender_at="header:X-User")
    [found] = channel.receive(signed({"content": "hi", "id": "m1"}, **{"x-user": "u9"}), NOW).messages
    assert found.sender == "u9"


def test_what_the_owner_does_not_want_is_taken_and_not_answered():
    channel = made(**PLACED, only="type=incoming")
    assert channel.receive(signed(DEEP), NOW).messages
    assert not channel.receive(signed({**DEEP, "type": "outgoing"}), NOW).messages
    assert not channel.receive(signed({"nothing": 1}), NOW).messages


def test_several_come_in_one_call_and_a_broken_one_holds_up_nobody():
    told = {
        "entry": [{"messages": [{**TOLD, "id": "a"}, {"content": "?"}, {**TOLD, "id": "b", "sender": "u2"}]}]
    }
    found = made(list_at="entry[0].messages").receive(signed(told), NOW).messages
    assert [(one.id, one.sender) for one in found] == [("a", "u1"), ("b", "u2")]


@pytest.mark.parametrize(
    ("settings", "request_", "mark"),
    [
        ({"challenge": "challenge"}, signed({"type": "url_verification", "challenge": "abc"}), "abc"),
        (
            {"challenge": "query:hub.challenge"},
            WebRequest("GET", {"hub.challenge": "123", "hub.verify_token": SECRET}),
            "123",
        ),
    ],
)
def test_an_address_is_verified_by_giving_back_what_came(settings, request_, mark):
    found = made(**settings).receive(request_, NOW).response
    assert isinstance(found, Verified)
    assert (found.body, found.content_type) == (mark, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "request_",
    [
        WebRequest("GET", {"hub.challenge": "123", "hub.verify_token": "x"}),
        WebRequest("GET", {"hub.challenge": "1\n2", "hub.verify_token": SECRET}),
        WebRequest("GET", {"hub.challenge": "1" * 300, "hub.verify_token": SECRET}),
        WebRequest("GET", {"hub.verify_token": SECRET}),
    ],
)
def test_nothing_is_given_back_to_a_stranger(request_):
    with pytest.raises(Refused):
        made(challenge="query:hub.challenge").receive(request_, NOW)


def test_a_call_that_comes_again_brings_the_same_and_another_one_another():
    bare = {"sender": "u1", "content": "好"}
    by_time, by_bearer = made(), made(proof="bearer")

    def ids(channel, at, request):
        return [one.id for one in channel.receive(request, at).messages]

    later = signed(bare, time=str(int(NOW) + 3))
    assert ids(by_time, NOW, signed(bare)) == ids(by_time, NOW + 200, signed(bare))
    assert ids(by_time, NOW + 3, later) != ids(by_time, NOW, signed(bare))
    call = WebRequest("POST", {}, json.dumps(bare).encode(), {"authorization": f"Bearer {SECRET}"})
    assert ids(by_bearer, NOW, call) == ids(by_bearer, NOW + 9, call)
    assert ids(by_bearer, NOW, call) != ids(by_bearer, NOW + 30, call)
    assert len(ids(by_bearer, NOW, call)[0]) <= 128


def test_an_answer_has_the_fields_that_the_owner_wants():
    channel = made(fields='data.text=content, data.to=to, code="0", of=in_reply_to')
    response = channel.respond(message(), "好", NOW)
    assert json.loads(response.body) == {"data": {"text": "好", "to": "u1"}, "code": "0", "of": "m1"}
    assert json.loads(channel.acknowledge().body) == {"code": "0"}
    assert response.content_type.startswith("application/json")


def test_an_answer_in_the_response_has_an_id_of_its_own_and_says_what_each_part_is():
    told = [json.loads(made().respond(message(), part, NOW).body) for part in ("好", "好")]
    assert told[0] == told[1]
    assert re.fullmatch(r"[0-9a-f]{32}", told[0].pop("id"))
    parts = [{"msg_type": "text", "content": "好"}]
    assert told[0] == {"to": "u1", "in_reply_to": "m1", "content": "好", "parts": parts}


def test_pieces_are_as_short_as_the_owner_wants():
    parts = made(longest=20).own_parts("很长的一段话。" * 20)
    assert len(parts) > 5
    assert all(len(one.text) <= 20 for one in parts)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"secret": "short"}, "secret"),
        ({"secret": "a" * 40}, "secret"),
        ({"header": "X Sign"}, "header"),
        ({"prefix": "é"}, "prefix"),
        ({"sender_at": "a b"}, "sender_at"),
        ({"sender_at": "header:é"}, "sender_at"),
        ({"content_at": ".".join("a" * 13)}, "content_at"),
        ({"only": "event"}, "only"),
        ({"fields": "a=secret"}, "fields"),
        ({"fields": "a=content, a.b=to"}, "fields"),
        ({"fields": "a=content, a=to"}, "fields"),
        ({"answer": "callback"}, "callback"),
        ({"answer": "both", "callback": "file:///etc/passwd"}, "callback"),
        ({"answer": "both", "callback": "https://user:pw@shop.example/"}, "callback"),
        ({"answer": "both", "callback": "https://[/"}, "callback"),
        ({"seconds": 60}, "seconds"),
        ({"longest": 1}, "longest"),
    ],
)
def test_a_wrong_setting_is_named(settings, field):
    with pytest.raises(ValidationError) as error:
        CHANNEL.Settings(**{"secret": SECRET, **settings})
    assert first_problem(error.value).field == field


def test_an_address_that_comes_with_a_message_is_the_messages_and_ours_is_ours():
    channel = made(answer="callback", callback="https://shop.example:8443/in")
    assert channel.own_host == "https://shop.example:8443"
    assert channel.push("好", "u1", "k1").host == ""
    [file] = channel.attached(message(data={"attached": [{"kind": "file", "url": "http://10.0.0.1/x"}]}))
    assert next(channel.get(file)) == ApiRequest("/x", host="http://10.0.0.1", most=20 * 1024 * 1024)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the example is for a shell with openssl")
@pytest.mark.parametrize(("lang", "text"), [("zh", "你好"), ("en", "Hello")])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[0])
def test_the_example_is_a_right_call_in_the_readers_language(way, lang, text):
    settings = {"secret": SECRET, **way[1]}
    channel = CHANNEL(CHANNEL.Settings(**settings))
    script = channel.example("https://bot.example/c/p'; rm -rf x").to(lang)
    shown = "curl() { printf '%s\\0' \"$@\"; }\n" + script
    said = subprocess.run(["sh", "-c", shown], capture_output=True, check=True).stdout.decode().split("\0")
    assert said[1] == "https://bot.example/c/p'; rm -rf x"
    told = [one.partition(": ") for flag, one in pairwise(said) if flag == "-H"]
    headers = {name.lower(): value for name, _, value in told}
    body = said[said.index("--data-binary") + 1].encode()
    [found] = channel.receive(WebRequest("POST", {}, body, headers), time.time()).messages
    assert (found.id, found.sender, found.text) == ("m1", "u1", text)


@pytest.mark.parametrize(
    ("pasted", "messages", "told"),
    [
        ('{"sender": "u1", "content": "hi"}', 1, {"Sender": "u1", "Text": "hi", "Kind": "text"}),
        ("sender=u1&text=hi&shop=3", 1, {"Sender": "u1", "Text": "hi", "Whatever else": '{"shop": "3"}'}),
        ('{"content": "hi"}', 0, "sender"),
        ('{"sender": "u1", "content": [1]}', 0, "text"),
        ("{", 0, "neither"),
        ("x" * 70_000, 0, "too long"),
        ("", 0, "object"),
    ],
)
def test_what_is_pasted_is_told_by_its_fields_or_what_is_wrong(pasted, messages, told):
    found = made().understood(pasted)
    assert found.messages == messages
    if isinstance(told, dict):
        assert {title.en: value for title, value in found.fields}.items() >= told.items()
        assert not found.problems
    else:
        assert told in found.problems[0].en.lower()
        assert found.problems[0].zh


def test_what_the_owner_leaves_out_is_told_so():
    found = made(only="event=message").understood('{"sender": "u1", "event": "seen"}')
    assert (found.messages, len(found.problems)) == (0, 1)
