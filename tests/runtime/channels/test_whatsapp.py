"""WhatsApp: signatures over raw bytes, several in one call, what did not arrive, and its calls as pywa
4.5.0 makes and reads them."""

import json

import pytest
import whatsapp_table as table
from pywa import WhatsApp
from pywa import types as pywa_types
from pywa.api import GraphAPI
from pywa.utils import webhook_updates_validator

from runtime.channels import ApiAnswer, Verified
from runtime.channels.whatsapp import CHANNEL
from runtime.errors import SendFailed
from runtime.message import Bounce

TABLES = table.TABLES
LONG = "很长的一段话。" * 1500


def received(body):
    return TABLES.channel.receive(table.signed(body), table.NOW)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**粗** *斜* `码`", "*粗* _斜_ `码`"),
        ("这是**粗**的", "这是粗的"),
        ("他说**真的**吗", "他说真的吗"),
        ("# 标题", "*标题*"),
        ("> 一\n> 二", "> 一\n> 二"),
        ("```py\nx = *y*\n```", "```\nx = *y*\n```"),
        ("[看](https://a.example/?a=1&b=2)", "看（https://a.example/?a=1&b=2）"),
        ("- 一\n- **二**", "• 一\n• *二*"),
        ("1 < 2 & 3", "1 < 2 & 3"),
    ],
)
def test_markdown_becomes_its_marks_where_they_are_shown(markdown, shown):
    assert CHANNEL.render(markdown) == [shown]


def test_a_long_answer_is_cut_and_code_is_code_in_both_halves():
    parts = CHANNEL.render("```\n" + "x = 1\n" * 1500 + "```")
    assert len(parts) > 1
    assert all(part.startswith("```\n") and part.endswith("\n```") and len(part) <= 4096 for part in parts)
    assert "".join(CHANNEL.render(LONG)) == LONG


def test_the_address_is_verified_by_the_word_that_came():
    found = TABLES.channel.receive(table.verify(), 0.0).response
    assert isinstance(found, Verified)
    assert (found.body, found.mark, found.content_type) == (
        "1158201444",
        "1158201444",
        "text/plain; charset=utf-8",
    )


def status(**more):
    return {"id": "wamid.5", "status": "failed", "timestamp": "1", "recipient_id": table.ME, **more}


@pytest.mark.parametrize(
    ("told", "bounces"),
    [
        (
            status(biz_opaque_callback_data="k1 8613800138000", errors=[{"code": 131047}]),
            [Bounce("8613800138000", "k1", "131047")],
        ),
        (status(biz_opaque_callback_data="k1 8613800138000"), [Bounce("8613800138000", "k1", "failed")]),
        (status(biz_opaque_callback_data="k1 8613800138000", status="delivered"), []),
        (status(errors=[{"code": 131047}]), []),
        (status(biz_opaque_callback_data=["x"], errors="x"), []),
    ],
    ids=["why", "no reason", "it arrived", "not ours", "strange"],
)
def test_what_did_not_arrive_is_known_by_what_was_sent_along(told, bounces):
    assert list(received(table.told(table.value(statuses=[told]))).bounces) == bounces


def test_what_is_sent_unasked_is_a_template_if_there_is_one_and_else_a_text():
    channel = CHANNEL(CHANNEL.Settings(**table.ACCOUNT, template="notice", template_language="en_US"))
    body = channel.push_unasked("一\n\n二\t三", table.ME, "k1").body
    assert body["template"] == {
        "name": "notice",
        "language": {"code": "en_US"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "一 二 三"}]}],
    }
    with pytest.raises(SendFailed) as failed:
        channel.push_unasked("长" * 1025, table.ME, "k1")
    assert failed.value.code == "template_too_long"
    assert channel.push("一", table.ME, "k1").body["type"] == "text"
    assert TABLES.channel.push_unasked("一", table.ME, "k1") == TABLES.channel.push("一", table.ME, "k1")


@pytest.mark.parametrize(
    ("to", "fields"),
    [
        (table.ME, {"recipient_type": "individual", "to": table.ME}),
        (table.SCOPED, {"recipient_type": "individual", "recipient": table.SCOPED}),
        (f"{table.GROUP}/{table.ME}", {"recipient_type": "group", "to": table.GROUP}),
    ],
)
def test_who_has_no_number_is_a_recipient(to, fields):
    body = TABLES.channel.push("好", to, "k1").body
    assert {name: body[name] for name in ("recipient_type", "to", "recipient") if name in body} == fields


@pytest.mark.parametrize(
    "url", ["http://lookaside.fbsbx.com/x", "file:///etc/passwd", "https://", 7, "x" * 5000, "https://[::1"]
)
def test_where_a_file_lies_is_an_address(url):
    [file] = TABLES.channel.attached(TABLES.got[0].message)
    steps = TABLES.channel.get(file)
    next(steps)
    with pytest.raises(SendFailed):
        steps.send(ApiAnswer(200, {"url": url}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone_number_id", "+1 555"),
        ("access_token", "short"),
        ("app_secret", "not-hexadecimal-not-hexadecimal-"),
        ("template", "Order Update"),
        ("template_language", "Chinese"),
        ("graph_version", "v25.0/../x"),
    ],
)
def test_what_the_owner_enters_is_looked_at(name, value):
    with pytest.raises(ValueError, match=name):
        CHANNEL.Settings(**table.ACCOUNT | {name: value})


# Judged by pywa


READ_ALIKE = ("a text", "of somebody with both", "a picture", "a voice", "a video", "a file", "a place")


def client():
    made = WhatsApp(phone_id=table.PHONE_ID, token="x" * 20)
    return made


@pytest.mark.parametrize(
    "row",
    [row for row in TABLES.incoming if row.id in READ_ALIKE],
    ids=lambda row: row.id,
)
def test_pywa_reads_the_same_of_a_call(row):
    told = json.loads(row.request.body)
    signature = row.request.headers["x-hub-signature-256"]
    assert webhook_updates_validator(table.SECRET, row.request.body, signature)
    read = pywa_types.Message.from_update(client(), told)
    assert read.id == row.messages[0].id
    assert (read.text or read.caption or "") == row.messages[0].text
    assert read.timestamp.timestamp() == row.messages[0].at


def test_a_message_of_ours_is_the_one_that_pywa_sends():
    sent = []
    api = GraphAPI.__new__(GraphAPI)
    api._request = lambda **given: sent.append(given)
    for row in (*TABLES.outgoing, *TABLES.media_pushed, *TABLES.offered):
        ours = row.request.body
        api.send_message(
            sender=table.PHONE_ID,
            to=table.ME,
            recipient=None,
            recipient_type="individual",
            typ=ours["type"],
            msg=ours[ours["type"]],
            biz_opaque_callback_data=f"k1 {table.ME}",
        )
        assert sent[-1] == {
            "method": "POST",
            "endpoint": row.request.path.removeprefix("/v25.0"),
            "json": ours,
        }


def test_buttons_and_lists_are_those_that_pywa_makes():
    few, many = (row.request.body["interactive"]["action"] for row in TABLES.offered)
    made = [
        pywa_types.Button(title="查订单", callback_data="orders"),
        pywa_types.Button(title="人工", callback_data="转人工"),
    ]
    assert few["buttons"] == [one.to_dict() for one in made]
    rows = [pywa_types.SectionRow(title=f"{n} 点", callback_data=str(n)) for n in range(5)]
    listed = pywa_types.SectionList(
        button_title="请选择", sections=[pywa_types.Section(title="请选择", rows=rows)]
    )
    assert many == json.loads(json.dumps(listed.to_dict()))


def test_the_typing_sign_is_the_one_that_pywa_sends():
    sent = []
    api = GraphAPI.__new__(GraphAPI)
    api._request = lambda **given: sent.append(given)
    api.set_indicator(phone_id=table.PHONE_ID, message_id="wamid.1", typ="text")
    assert TABLES.channel.typing_under("wamid.1").body == sent[0]["json"]
