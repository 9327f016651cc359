"""What is somebody's own: what was said, what they think of it, their files, and an answer that they stop."""

import asyncio
import io

import pytest
from PIL import Image

from doorway import doorway, hear, say
from runtime.person import Handing
from script import DOWN, says

FIRST = {"idempotency-key": "m1"}


@pytest.fixture
async def door(tmp_path):
    async with doorway(tmp_path, says("红茶"), says("绿茶\n- [热](menu:hot)\n- [冷](menu:cold)")) as door:
        yield door


async def ask(door, token, text="在吗", id="m1", **more):
    return await door.post("/agent/chat", {"input": text, **more}, token, **{"idempotency-key": id})


async def history(door, token, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return await door.get(f"/agent/history?{query}", token)


async def test_what_was_said_is_shown_to_whose_it_is_in_pages(door):
    mine, other = [(await door.come())["token"] for _ in "ab"]
    await ask(door, mine, "什么茶？")
    await ask(door, mine, "还有呢？", "m2")
    await ask(door, other, "别人的")
    page = (await history(door, mine)).json()
    assert [(one["id"], one["input"], one["reply"]) for one in page["messages"]] == [
        ("m1", "什么茶？", "红茶"),
        ("m2", "还有呢？", "绿茶"),
    ]
    assert page["more"] is False
    assert page["messages"][1]["choices"] == [{"text": "热", "value": "hot"}, {"text": "冷", "value": "cold"}]
    newest = (await history(door, mine, limit=1)).json()
    assert ([one["id"] for one in newest["messages"]], newest["more"]) == (["m2"], True)
    before = (await history(door, mine, before=newest["messages"][0]["number"], limit=1)).json()
    assert ([one["id"] for one in before["messages"]], before["more"]) == (["m1"], False)


async def test_a_page_of_long_messages_is_shorter_and_says_that_there_are_more(door):
    mine = (await door.come())["token"]
    for n in range(7):
        await ask(door, mine, "茶" * 18_000, f"m{n}")
    newest = (await history(door, mine, limit=100)).json()
    assert ([one["id"] for one in newest["messages"]], newest["more"]) == (
        ["m2", "m3", "m4", "m5", "m6"],
        True,
    )
    before = (await history(door, mine, before=newest["messages"][0]["number"], limit=100)).json()
    assert ([one["id"] for one in before["messages"]], before["more"]) == (["m0", "m1"], False)


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 101}, {"before": "x"}, {"more": 1}, {"before": -1}, {"before": "9" * 5000}],
)
async def test_a_page_that_there_is_not_is_refused(door, query):
    assert (await history(door, (await door.come())["token"], **query)).status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/agent/history"),
        ("GET", "/agent/files/f-x"),
        ("POST", "/agent/files"),
        ("POST", "/agent/feedback"),
        ("POST", "/agent/stop"),
    ],
)
@pytest.mark.parametrize(
    ("bearer", "code"), [("", "no_token"), ("hy-key", "bad_token"), ("ey" + "x" * 40 + ".y.z", "bad_token")]
)
async def test_without_a_session_nothing_is_anybodys(door, method, path, bearer, code):
    headers = {"authorization": f"Bearer {bearer}"} if bearer else {}
    came = await door.http.request(method, path, headers=headers, json={} if method == "POST" else None)
    assert (came.status_code, came.json()["error"]["code"]) == (401, code)


async def judge(door, token, verdict, reason="", id="m1"):
    said = {"id": id, "verdict": verdict, "reason": reason}
    return (await door.post("/agent/feedback", said, token)).status_code


async def verdicts(door, token):
    return [one["verdict"] for one in (await history(door, token)).json()["messages"]]


async def test_an_answer_is_judged_and_again_and_not(door):
    token = (await door.come())["token"]
    await ask(door, token)
    for verdict in ("good", "good", "bad", "none", "good"):
        assert await judge(door, token, verdict, "太短" if verdict == "bad" else "") == 204
        assert await verdicts(door, token) == [verdict]
    events = await door.gateway.messages.database.read(
        lambda db: [row["text"] for row in db.execute("select text from messages where kind='event'")]
    )
    assert events == ["", "太短", "", ""]


async def asked_for_a_score(door, token):
    """The page, once the question stands on it."""
    await ask(door, token)
    surface = door.gateway.surfaces.find("page")
    later = door.gateway._clock() + 3600
    scoring = door.gateway.starts._scoring
    for _ in range(500):
        await scoring._look(surface, 1, later - 7200, later)
        page = (await history(door, token)).json()["messages"]
        if len(page) == 2 and page[1]["reply"]:
            break
        await asyncio.sleep(0.01)
    return page


@pytest.mark.parametrize(
    "said",
    [
        {"text": "score 4"},
        {"text": "4分"},
        {"text": "score 4", "choice": "满意"},
        {"text": "4", "choice": "4"},
    ],
)
async def test_who_is_asked_how_satisfied_they_were_taps_or_types_it_on_the_page(door, said):
    token = (await door.come())["token"]
    page = await asked_for_a_score(door, token)
    assert "满意" in page[1]["reply"]
    assert [one["value"] for one in page[1]["choices"]] == [f"score {n}" for n in range(1, 6)]
    answers = [(await ask(door, token, id="m2", **said)).json()["reply"] for _ in range(2)]
    assert answers == [answers[0]] * 2
    assert "4 分" in answers[0]
    assert len(door.models.requests) == 1
    assert (await ask(door, token, "5 斤", "m3")).json()["reply"].startswith("绿茶")


@pytest.mark.parametrize("said", ["5", "score 5", "不用问", "退订"])
async def test_what_stood_behind_other_words_is_no_score_and_no_wish(door, said):
    token = (await door.come())["token"]
    await asked_for_a_score(door, token)
    answer = (await ask(door, token, said, "m2", choice="下一页")).json()["reply"]
    assert answer.startswith("绿茶")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"id": "nothing", "verdict": "good"}, 404),
        ({"id": "m1", "verdict": "great"}, 400),
        ({"id": "m1", "verdict": "good", "reason": "x" * 501}, 400),
        ({"verdict": "good"}, 400),
    ],
)
async def test_what_is_no_judgement_is_refused(door, said, status):
    token = (await door.come())["token"]
    await ask(door, token)
    assert (await door.post("/agent/feedback", said, token)).status_code == status


async def test_nobody_judges_or_stops_for_others(door):
    mine, other = [(await door.come())["token"] for _ in "ab"]
    await ask(door, mine)
    assert await judge(door, other, "bad") == 404
    assert (await door.post("/agent/stop", {"id": "m1"}, other)).status_code == 404


def picture(color="red"):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), color).save(out, "PNG")
    return out.getvalue()


async def send(door, token, content, name="茶.png"):
    headers = {"authorization": f"Bearer {token}", "content-type": "application/octet-stream"}
    return await door.http.post("/agent/files", params={"name": name}, content=content, headers=headers)


async def test_a_file_is_sent_named_by_a_message_and_given_back(door):
    token = (await door.come())["token"]
    sent = (await send(door, token, picture())).json()
    assert (sent["kind"], sent["name"], sent["size"]) == ("image", "茶.png", len(picture()))
    said = await ask(door, token, "", files=[sent["id"]])
    assert said.status_code == 200
    again = await ask(door, token, "", files=[sent["id"]])
    assert (again.status_code, again.json()) == (200, said.json())
    (shown,) = (await history(door, token)).json()["messages"][0]["files"]
    assert shown == sent
    back = await door.get(f"/agent/files/{sent['id']}", token)
    assert (back.content, back.headers["content-type"]) == (picture(), "image/png")
    assert back.headers["x-content-type-options"] == "nosniff"
    rows = await door.gateway.messages.database.read(
        lambda db: [tuple(row) for row in db.execute("select type, bytes from media")]
    )
    assert rows == [("image/png", len(picture()))]


async def test_a_file_is_its_persons_alone(door):
    mine, other = [(await door.come())["token"] for _ in "ab"]
    sent = (await send(door, mine, picture())).json()
    assert (await door.get(f"/agent/files/{sent['id']}", other)).status_code == 404
    named = await ask(door, other, "看", files=[sent["id"]])
    assert (named.status_code, named.json()["error"]["code"]) == (422, "file")
    altered = sent["id"][:-1] + ("0" if sent["id"][-1] != "0" else "1")
    for id in (altered, "f-x", "../../secret.key", "f-" + "x" * 3000):
        assert (await ask(door, mine, "看", "m2", files=[id])).status_code == 422, id


@pytest.mark.parametrize(
    ("content", "name", "status", "kind"),
    [
        (b"", "x", 422, ""),
        (b"<script>alert(1)</script>", "x.html", 200, "file"),
        (b"%PDF-1.4\n", "../../etc/passwd", 200, "file"),
        (b"#!AMR\n" + b"\x00" * 40, "a.amr", 200, "voice"),
    ],
)
async def test_what_a_file_is_is_told_from_its_bytes_and_harms_nobody(door, content, name, status, kind):
    token = (await door.come())["token"]
    sent = await send(door, token, content, name)
    assert sent.status_code == status
    if status == 200:
        assert (sent.json()["kind"], "/" in sent.json()["name"]) == (kind, False)
        back = await door.get(f"/agent/files/{sent.json()['id']}", token)
        assert back.headers["content-type"].startswith(("application/octet-stream", "audio/"))
        assert kind == "voice" or back.headers["content-disposition"].startswith("attachment")


async def test_too_many_files_a_day_are_too_many(door, monkeypatch):
    monkeypatch.setattr("runtime.server.people.files_api.A_DAY", 2)
    token = (await door.come())["token"]
    codes = [(await send(door, token, picture())).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


async def test_whoever_comes_as_another_person_each_time_fills_no_disk(door, monkeypatch):
    monkeypatch.setattr("runtime.server.people.files_api.FROM_ONE_PLACE", 2)
    sent = [(await send(door, (await door.come())["token"], picture())).status_code for _ in "abc"]
    assert sent == [200, 200, 429]


async def test_a_failed_answer_is_told_as_one_in_the_history(tmp_path):
    async with doorway(tmp_path, DOWN) as door:
        token = (await door.come())["token"]
        assert (await ask(door, token)).status_code == 422
        (one,) = (await history(door, token)).json()["messages"]
    assert (one["failed"], bool(one["reply"])) == ("down", True)


class Slow:
    """Writes a beginning, and the rest when it is let."""

    def __init__(self):
        self.wrote, self.on = asyncio.Event(), asyncio.Event()

    async def complete(self, request, on_text=None, on_reset=None):
        on_text("先写一半")
        self.wrote.set()
        await self.on.wait()
        on_text("，后一半")
        return says("先写一半，后一半")


@pytest.mark.parametrize("way", ["frame", "request"])
async def test_an_answer_that_is_stopped_ends_with_what_was_written(tmp_path, way):
    async with doorway(tmp_path, models=Slow()) as door:
        pair = await door.come()
        async with door.line(pair["token"]) as there:
            await say(there, type="send", id="m1", input="在吗")
            await hear(there, "written", "rewritten")
            if way == "frame":
                await say(there, type="stop", id="m1")
            else:
                assert (await door.post("/agent/stop", {"id": "m1"}, pair["token"])).status_code == 204
            last = (await hear(there))[-1]
        assert last == {"type": "answered", "id": "m1", "reply": "先写一半", "stopped": True}
        (one,) = (await history(door, pair["token"])).json()["messages"]
        assert (one["reply"], one["failed"], one["stopped"]) == ("先写一半", "", True)
        assert (await ask(door, pair["token"])).json() == {"reply": "先写一半", "stopped": True}
        assert (await door.post("/agent/stop", {"id": "m1"}, pair["token"])).status_code == 204


async def test_while_an_operator_has_somebody_no_model_is_asked_and_their_words_come_unasked(door):
    pair = await door.come()
    await ask(door, pair["token"])
    sender = (await door.gateway.messages.families.find(pair["refresh"][4:26], door.clock()))[1]
    tickets, wanted = door.gateway.messages.tickets, Handing("要人")
    id = await tickets.open(("page", sender), "tea", wanted, door.clock(), seq=1, step="t")
    await door.gateway.operating.take(id, "lin")
    async with door.line(pair["token"]) as there:
        await say(there, type="follow", after=0)
        await say(there, type="send", id="m2", input="有人吗")
        assert (await hear(there))[-1] == {"type": "answered", "id": "m2", "reply": ""}
        await door.gateway.operating.say(id, "lin", "我在")
        told = (await hear(there, "unasked"))[-1]
        assert (told["reply"], "context_id" in told) == ("我在", False)
        await door.gateway.operating.say(id, "lin", "请讲")
        assert (await hear(there, "unasked"))[-1]["reply"] == "请讲"
    assert len(door.models.requests) == 1
    shown = (await history(door, pair["token"])).json()["messages"]
    assert [(one["input"], one["reply"]) for one in shown][1:] == [("有人吗", "我在\n\n请讲")]
