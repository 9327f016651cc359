"""One person's WeChat by iLink: what comes in, what goes out, and whom the token is told."""

import base64
import json
from pathlib import Path

import pytest
from ilink_table import ACCOUNT, JOINED, ME, TOKEN, sent

from runtime.channels import ApiAnswer, ApiRequest, Attached, Media, Pairing, Shown
from runtime.channels._tencent.ecb import decrypted, encrypted
from runtime.channels.ilink import CHANNEL, version
from runtime.errors import BadSettings, SendFailed
from runtime.gateway.delivery.hosts import is_of_platform
from runtime.message import Message, Quota
from runtime.publish.credentials import checked

NEW = CHANNEL(CHANNEL.Settings())
AT = 1795190400.123
VECTORS = {
    one["id"]: one for one in json.loads((Path(__file__).parent / "ilink_vectors.json").read_text("utf-8"))
}


def page(*msgs, buf="NEXT", channel=None, **more):
    data = {"ret": 0, "msgs": list(msgs), "get_updates_buf": buf, **more}
    return (channel or CHANNEL(JOINED.settings)).page(ApiAnswer(200, data))


def written(*items, **more):
    return {
        "message_id": 7460012345678901234,
        "from_user_id": ME,
        "create_time_ms": 1795190400123,
        "message_type": 1,
        "context_token": "CTX1",
        "item_list": list(items) or [text("你好")],
        **more,
    }


def text(words, **more):
    return {"type": 1, "text_item": {"text": words}, **more}


def picture(**more):
    return {"type": 2, "image_item": {"media": {"encrypt_query_param": "P1"}, **more}}


# In


def test_a_text_is_a_message_with_its_exact_id_and_its_thread():
    [message] = page(written()).messages
    assert message == Message("7460012345678901234", ME, "你好", at=AT, handle={"thread": "CTX1"})
    assert "CTX1" not in repr(message)
    assert "CTX1" not in json.dumps(message.view())


@pytest.mark.parametrize("id", [2**64 - 1, str(2**64 - 1)])
def test_an_id_beyond_what_a_double_holds_stays_what_it_is(id):
    assert page(written(message_id=id)).messages[0].id == "18446744073709551615"


INCOMING = {
    "spoken, and understood by WeChat": (
        [{"type": 3, "voice_item": {"text": "几点开门"}}],
        "voice",
        "几点开门",
    ),
    "spoken, and not understood": ([{"type": 3, "voice_item": {}}], "voice", ""),
    "a picture": ([picture()], "image", ""),
    "a picture and a word": ([picture(), text("这是什么")], "image", "这是什么"),
    "a file": ([{"type": 4, "file_item": {"file_name": "价目.pdf"}}], "file", ""),
    "a film": ([{"type": 5, "video_item": {}}], "video", ""),
    "two texts": ([text("一"), text("二")], "text", "一\n二"),
    "something newer than we are": ([{"type": 77}], "event", ""),
    "nothing at all": ([{}], "event", ""),
}


@pytest.mark.parametrize(("items", "kind", "words"), INCOMING.values(), ids=INCOMING)
def test_each_kind_comes_as_what_it_is(items, kind, words):
    [message] = page(written(*items)).messages
    assert (message.kind, message.text) == (kind, words)
    assert kind != "event" or message.data["event"] == "unsupported"


UNREAD = {
    "of the bot itself": {"message_type": 2},
    "without a sender": {"from_user_id": None},
    "a sender that is none": {"from_user_id": "a b"},
    "without an id": {"message_id": None},
    "an id that is none": {"message_id": -1},
    "an id too large": {"message_id": 2**64},
    "a flag for an id": {"message_id": True},
}


@pytest.mark.parametrize("more", UNREAD.values(), ids=UNREAD)
def test_what_cannot_be_read_does_not_stop_the_others(more):
    found = page(written(**more), "no message", written(message_id=5))
    assert [message.id for message in found.messages] == ["5"]
    assert found.cursor == "NEXT"


@pytest.mark.parametrize("at", ["x", None, -1, 1e300, 10**399, True, float("nan")])
def test_a_time_that_is_none_is_no_time(at):
    assert page(written(create_time_ms=at)).messages[0].at == 0


@pytest.mark.parametrize(
    "data",
    [{"ret": 0, "msgs": []}, {"ret": 0, "get_updates_buf": 7}, {"ret": -1, "get_updates_buf": "x"}],
    ids=["no buffer", "a buffer that is none", "refused"],
)
def test_a_page_without_a_buffer_is_none(data):
    with pytest.raises(SendFailed):
        JOINED.page(ApiAnswer(200, data))


def test_a_lost_account_is_told_apart():
    with pytest.raises(SendFailed) as failed:
        JOINED.page(ApiAnswer(200, {"ret": -14}))
    assert failed.value.code in JOINED.codes.lost
    assert "扫码" in failed.value.text.zh


QUOTES = {
    "with its words": {"partial_text": "明天几点"},
    "with a whole message": {"message_item": text("明天几点"), "title": "x"},
    "with a title": {"title": "明天几点"},
    "by number alone": {"svr_id": "41"},
}


@pytest.mark.parametrize("ref", QUOTES.values(), ids=QUOTES)
def test_what_is_quoted_goes_along(ref):
    channel = CHANNEL(JOINED.settings)
    page(written(text("明天几点"), message_id=41), channel=channel)
    [message] = page(written(text("十点", ref_msg=ref)), channel=channel).messages
    assert message.text == "「明天几点」\n十点"
    assert message.data["quote"] == "明天几点"


def test_a_number_that_nobody_knows_quotes_nothing():
    assert page(written(text("十点", ref_msg={"svr_id": "9"}))).messages[0].text == "十点"


# Once more under another id

LONG = "请问你们的店周末几点开门呀"
TWINS = {
    "the same moment": (Message("1", ME, "好", at=AT), Message("2", ME, "好", at=AT), True),
    "somebody says 好 twice": (Message("1", ME, "好", at=AT), Message("2", ME, "好", at=AT + 0.4), False),
    "what nobody types twice": (Message("1", ME, LONG, at=AT), Message("2", ME, LONG, at=AT + 9), True),
    "the same question a minute later": (
        Message("1", ME, LONG, at=AT),
        Message("2", ME, LONG, at=AT + 60),
        False,
    ),
    "other words": (Message("1", ME, LONG, at=AT), Message("2", ME, LONG + "？", at=AT), False),
    "the same id is the store's to know": (
        Message("1", ME, LONG, at=AT),
        Message("1", ME, LONG, at=AT),
        False,
    ),
    "no time": (Message("1", ME, LONG), Message("2", ME, LONG), False),
}


@pytest.mark.parametrize(("earlier", "later", "same"), TWINS.values(), ids=TWINS)
def test_a_message_under_another_id_is_the_same_when_nobody_can_have_written_both(earlier, later, same):
    assert JOINED.is_same(earlier, later) is same


# Out


def test_every_call_carries_what_the_server_wants_and_the_token_is_in_no_repr():
    request = JOINED.outgoing(sent("好"))
    headers = request.headers
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["AuthorizationType"] == "ilink_bot_token"
    assert headers["iLink-App-Id"] == "bot"
    assert headers["iLink-App-ClientVersion"] == "132105"
    assert 0 <= int(base64.b64decode(headers["X-WECHAT-UIN"])) < 2**32
    assert JOINED.outgoing(sent("好")).headers["X-WECHAT-UIN"] != headers["X-WECHAT-UIN"]
    assert request.body["base_info"]["channel_version"] == "2.4.9"
    assert request.host == "https://ilinkai.weixin.qq.com"
    assert TOKEN not in repr((request, JOINED.settings))


@pytest.mark.parametrize(
    ("client", "number"), VECTORS["own_ilink_headers"]["expect"]["iLink-App-ClientVersion"].items()
)
def test_a_version_is_one_number(client, number):
    assert str(version(client)) == number


def test_the_token_goes_to_no_cdn_and_into_no_question_about_a_scan():
    download = next(JOINED.get(Attached("image", {"param": "P1"})))
    for request in (download, JOINED.code_request([]), JOINED.progress_request("q", "", "")):
        assert TOKEN not in json.dumps([*JOINED.outgoing(request).headers.values()])


def test_an_answer_carries_the_thread_of_the_message():
    request = JOINED.continued(sent("好"), "CTX1")
    assert request.body["msg"]["context_token"] == "CTX1"
    assert JOINED.continued(JOINED.ticket_request(ME), "CTX1").body["context_token"] == "CTX1"


def test_the_typing_sign_is_shown_and_taken_away():
    shown, over = (JOINED.ticketed(one, "T") for one in (JOINED.typing(ME), JOINED.typing_over(ME)))
    assert shown.body == {"ilink_user_id": ME, "status": 1, "typing_ticket": "T"}
    assert over.body["status"] == 2


def test_about_ten_may_be_sent_within_a_day():
    assert JOINED.quota(Message("1", ME, "好")) == Quota(10, 86400)


RENDERED = {
    "light Markdown stays": ("**粗** `码`\n\n- 一\n- 二", "**粗** `码`\n\n- 一\n- 二"),
    "a picture is its words": ("看 ![茶](https://x.example/t.png) 吧", "看 茶 https://x.example/t.png 吧"),
    "a small heading is bold": ("##### 小结\n好", "**小结**\n好"),
    "a large one stays": ("## 小结", "## 小结"),
    "Chinese is not slanted": ("这是*重点*吗", "这是重点吗"),
    "English is": ("this is *it* then", "this is *it* then"),
    "arithmetic is none": ("2*3*4", "2*3*4"),
    "code stays": ("```\n![x](https://x)\n##### y\n```", "```\n![x](https://x)\n##### y\n```"),
}


@pytest.mark.parametrize(("markdown", "shown"), RENDERED.values(), ids=RENDERED)
def test_an_answer_is_as_much_markdown_as_is_shown(markdown, shown):
    assert CHANNEL.render(markdown) == [shown]


def test_parts_are_counted_in_characters_and_code_that_is_cut_is_code_in_both():
    parts = CHANNEL.render("字" * 9000)
    assert [len(part) for part in parts] == [3960, 3960, 1080]
    first, second = CHANNEL.render("```python\n" + "x = 1\n" * 900 + "```")
    assert (first[-4:], second[:10]) == ("\n```", "```python\n")


# A file


def test_files_are_sealed_as_tencents_own_client_does():
    vector = VECTORS["own_ilink_media"]
    plain, key = bytes.fromhex(vector["input"]["plaintext_hex"]), bytes.fromhex(vector["input"]["aeskey_hex"])
    sealed = encrypted(plain, key)
    assert sealed.hex() == vector["expect"]["ciphertext_hex"]
    assert decrypted(sealed, key) == plain


KEYS = {
    "in hex": {"hex": "00112233445566778899aabbccddeeff"},
    "base64 of the hex": {"key": VECTORS["own_ilink_media"]["expect"]["aes_key_for_sendmessage"]},
    "base64 of the bytes": {"key": VECTORS["own_ilink_media"]["expect"]["aes_key_also_accepted_inbound"]},
}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_file_is_opened_with_its_key_however_it_is_written(key):
    sealed = bytes.fromhex(VECTORS["own_ilink_media"]["expect"]["ciphertext_hex"])
    opened = JOINED.open(Attached("image", key), sealed)
    assert opened.hex() == VECTORS["own_ilink_media"]["input"]["plaintext_hex"]


@pytest.mark.parametrize("place", [{}, {"key": "x"}, {"hex": "00"}, {"key": "AAAA"}, {"hex": "0" * 32}])
def test_what_does_not_open_is_a_value_error(place):
    with pytest.raises(ValueError, match=r".*"):
        JOINED.open(Attached("image", place), b"0123456789abcdef")


HOSTILE = [
    "http://novac2c.cdn.weixin.qq.com/x",
    "https://u:p@x.weixin.qq.com/x",
    "https://x:8443/x",
    "file:///x",
    "//x",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_no_message_leads_anywhere_but_to_the_platform(url):
    try:
        request = next(JOINED.get(Attached("image", {"url": url})))
    except SendFailed:
        return
    assert not is_of_platform(JOINED, request.host)


@pytest.mark.parametrize("host", ["novac2c.cdn.weixin.qq.com", "x.qpic.cn"])
def test_a_file_on_the_platforms_own_servers_is_got(host):
    request = next(JOINED.get(Attached("image", {"url": f"https://{host}/a/b?c=d"})))
    assert is_of_platform(JOINED, request.host)
    assert (request.path, request.query) == ("/a/b", {"c": "d"})


def test_a_file_is_put_up_and_shown():
    steps = JOINED.put(Media("image", "image/png", b"p" * 17, "p.png"))
    asked = next(steps).body
    assert (asked["rawsize"], asked["filesize"], asked["media_type"]) == (17, 32, 1)
    upload = steps.send(ApiAnswer(200, {"ret": 0, "upload_param": "UP"}))
    assert (upload.path, upload.query["encrypted_query_param"]) == ("/c2c/upload", "UP")
    assert decrypted(upload.upload, bytes.fromhex(asked["aeskey"])) == b"p" * 17
    with pytest.raises(StopIteration) as over:
        steps.send(ApiAnswer(200, {}, b"", {"x-encrypted-param": "DOWN"}))
    item = JOINED.push_media(Shown("image", over.value.value.data), ME, "k").body["msg"]["item_list"][0]
    media = item["image_item"]["media"]
    assert media["encrypt_query_param"] == "DOWN"
    assert base64.b64decode(media["aes_key"]).decode() == asked["aeskey"]
    assert item["image_item"]["mid_size"] == 32


# A scan


def say(it, **data):
    it.next(0.0)
    it.answered(ApiAnswer(200, data), 0.0)
    return it.stage


def shown(**more):
    it = Pairing(NEW, **more)
    say(it, qrcode="q1", qrcode_img_content="https://liteapp.weixin.qq.com/q/q1")
    return it


def test_the_link_is_drawn_and_not_the_ticket():
    it = shown()
    assert it.code.content == "https://liteapp.weixin.qq.com/q/q1"
    assert it.next(0.0) == ApiRequest("/ilink/bot/get_qrcode_status", query={"qrcode": "q1"}, seconds=40.0)


def test_the_server_is_told_what_is_joined_already():
    it = Pairing(NEW, [{"bot_token": str(n)} for n in range(12)])
    assert it.next(0.0).query == {"bot_type": "3"}
    assert it.next(0.0).body == {"local_token_list": [str(n) for n in range(10)]}


STATES = {
    "wait": "shown",
    "scaned": "scanned",
    "need_verifycode": "digits",
    "verify_code_blocked": "asking",
    "binded_redirect": "taken",
    "expired": "asking",
    "nonsense": "shown",
}


@pytest.mark.parametrize(("status", "stage"), STATES.items())
def test_each_state_of_the_servers_is_known(status, stage):
    assert say(shown(), status=status) == stage


CONFIRMED = {
    "status": "confirmed",
    "bot_token": TOKEN,
    "ilink_bot_id": "b@im.bot",
    "ilink_user_id": ME,
    "baseurl": "https://ilinkai2.weixin.qq.com/",
}


def test_what_a_scan_brings_becomes_the_settings():
    it = shown()
    assert say(it, **CONFIRMED) == "joined"
    made = CHANNEL(CHANNEL.Settings(**it.settings))
    assert made.is_joined
    assert (made.account, made.settings.base_url) == ("b@im.bot", "https://ilinkai2.weixin.qq.com")


ELSEWHERE = [
    "evil.example",
    "weixin.qq.com.evil.example",
    "evilweixin.qq.com",
    "x@weixin.qq.com",
    "127.0.0.1",
    "",
    7,
]


@pytest.mark.parametrize("host", ELSEWHERE)
def test_nobody_leads_anywhere_but_to_the_platform(host):
    it = shown()
    say(it, status="scaned_but_redirect", redirect_host=host)
    assert it.next(0.0).host == ""
    say(it, **{**CONFIRMED, "baseurl": host})
    assert it.settings["base_url"] == ""


def test_a_redirect_within_the_platform_is_followed():
    it = shown()
    say(it, status="scaned_but_redirect", redirect_host="ilinkai3.weixin.qq.com")
    assert it.next(0.0).host == "https://ilinkai3.weixin.qq.com"


@pytest.mark.parametrize("missing", ["bot_token", "ilink_bot_id", "ilink_user_id"])
def test_a_scan_that_brings_half_joins_nothing(missing):
    assert say(shown(), **{**CONFIRMED, missing: None}) == "shown"


# Settings


def test_nothing_is_entered_and_nothing_starts_before_the_scan():
    assert checked(CHANNEL, {}).account == ""
    assert not NEW.is_joined
    assert not NEW.may_push


@pytest.mark.parametrize("missing", ACCOUNT)
def test_half_of_what_a_scan_brings_is_refused_and_named(missing):
    with pytest.raises(BadSettings) as refused:
        checked(CHANNEL, {**ACCOUNT, missing: ""})
    assert missing in str(refused.value)


def test_a_base_url_that_is_not_the_platforms_is_refused():
    with pytest.raises(BadSettings):
        checked(CHANNEL, {**ACCOUNT, "base_url": "https://evil.example"})
