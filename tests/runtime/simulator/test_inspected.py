"""WeChat's own check of texts, pictures and voice, asked by our gateway, against a simulated WeChat."""

import asyncio

import pytest
from ladder import AGENT, SlowModel, world
from test_media import PICTURE, picture

from played_world import run
from runtime.media.kept import KeptMedia
from runtime.media.made import MadeFiles
from runtime.models.senses import UsualModels
from runtime.senses.senses import Senses
from runtime.simulator.wechat.accounts import Account
from runtime.store.messages.sealed_files import SealedFiles

SAYS = "不谈"


def checked(**more):
    check = {"type": "platform", **more}
    flow = [{"type": "model", "id": "answer", "images": True, "prompt": {"text": "https://shop.example/"}}]
    return {
        **AGENT,
        "flow": flow,
        "safety": {"checks": [check], "says": SAYS, "seconds": 4, "label": {"when": "never"}},
    }


async def written(w, text="你好", wait=30):
    """What the person reads next."""
    phone = w.wechat.phone("o6_bmjrPTlm6_2sgVt7hMZ000001")
    before = len(phone.received)
    await phone.write(text)
    await asyncio.sleep(wait)
    return [one for one in phone.received[before:] if "还在想" not in one]


async def decided(w):
    found = await w.gateway.messages.judged.newest()
    return [(one.place, one.action, one.what[:5], bool(one.why)) for one in found]


@pytest.mark.parametrize(
    ("text", "answer", "check", "read", "kept"),
    [
        ("你好", "好的", {}, "好的", []),
        ("坏话", "好的", {}, SAYS, [("in", "block", "20003", False)]),
        ("你好", "坏话", {}, SAYS, [("out", "block", "20003", False)]),
        ("疑话", "好的", {}, "好的", [("in", "mark", "20001", False)]),
        ("疑话", "好的", {"on_review": "block"}, SAYS, [("in", "block", "20001", False)]),
        ("你好", "坏话", {"places": ["in"]}, "坏话", []),
        ("坏话", "好的", {"action": "mark"}, "好的", [("in", "mark", "20003", False)]),
        ("你好" * 1300 + "坏话" + "好" * 2000, "好的", {}, SAYS, [("in", "block", "20003", False)]),
        ("好" * 2499 + "坏话" + "好" * 2000, "好的", {}, SAYS, [("in", "block", "20003", False)]),
    ],
)
def test_wechat_judges_what_comes_and_goes(tmp_path, text, answer, check, read, kept):
    async def work():
        async with world(tmp_path, seconds=1, agent=checked(**check)) as w:
            w.platform.inspector.risky, w.platform.inspector.doubtful = {"坏话": 20003}, {"疑话": 20001}
            w.model.text = answer
            assert await written(w, text) == [read]
            assert await decided(w) == kept
            assert all(len(asked) <= 2500 and scene == 2 for _, scene, asked in w.platform.inspector.asked)

    run(work())


FAULTS = [-1, 40129, 43104, 44002, 45009, 48001, 61010, "hang", "http_502", "html", "deep"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("policy", "read"), [("pass", "好的"), ("block", SAYS)])
def test_what_wechat_does_not_judge_goes_by_what_the_owner_set(tmp_path, fault, policy, read):
    async def work():
        async with world(tmp_path, seconds=1, agent=checked(places=["in"], on_failure=policy)) as w:
            w.model.text = "好的"
            w.platform.faults.script("/wxa/msg_sec_check", *[fault] * 5)
            assert await written(w) == [read]
            assert await decided(w) == [("in", "" if policy == "pass" else "block", "", True)]

    run(work())


def test_what_goes_out_and_is_not_judged_may_wait_for_a_person(tmp_path):
    async def work():
        async with world(tmp_path, seconds=1, agent=checked(places=["out"], on_failure="ask")) as w:
            w.model.text = "好的"
            w.platform.faults.script("/wxa/msg_sec_check", 45009)
            [read] = await written(w)
            assert "人工确认" in read
            assert await w.states() == ["delivered"]

    run(work())


def test_a_used_up_quota_is_not_asked_again_for_a_while(tmp_path):
    async def work():
        async with world(tmp_path, seconds=1, agent=checked(places=["in"])) as w:
            w.platform.inspector.most = 1
            for n in range(4):
                await written(w, f"你好{n}")
            calls = [one for one in w.platform.called if one.path == "/wxa/msg_sec_check"]
            assert [one.code for one in calls] == [0, 45009]
            w.platform.inspector.most = 99
            await asyncio.sleep(1900)
            await written(w, "你好9")
            assert len(w.platform.inspector.asked) == 2

    run(work())


def test_the_same_is_asked_once_in_a_while_and_of_each_person(tmp_path):
    async def work():
        async with world(tmp_path, seconds=1, agent=checked(places=["in"])) as w:
            for _ in range(3):
                await written(w, "一样的话")
            assert len(w.platform.inspector.asked) == 1
            other = w.wechat.phone("o6_bmjrPTlm6_2sgVt7hMZ000002")
            await other.write("一样的话")
            await asyncio.sleep(30)
            assert len(w.platform.inspector.asked) == 2
            await asyncio.sleep(700)
            await written(w, "一样的话")
            assert len(w.platform.inspector.asked) == 3

    run(work())


def test_an_account_without_a_token_is_not_asked(tmp_path):
    async def work():
        settings = {"push": False, "app_secret": ""}
        agent = checked(on_failure="block")
        async with world(tmp_path, seconds=1, agent=agent, settings=settings, probed=False) as w:
            w.model.text = "好的"
            assert await written(w) == ["好的"]
            assert w.platform.inspector.asked == []

    run(work())


def made(folder):
    return MadeFiles(
        KeptMedia(folder / "media", SealedFiles(folder / "messages.db")),
        lambda about: about.encode().hex()[-64:],
        lambda: "https://b.test",
        "",
    )


async def tell(w, suggest, label, code=0):
    """WeChat's call about the file that it looks at."""
    await asyncio.sleep(1)
    for _ in range(20):
        if w.platform.inspector.looking:
            break
        await asyncio.sleep(0.2)
    [(trace, looking)] = w.platform.inspector.looking.items()
    fields = w.platform.inspector.event(w.wechat.account, trace, suggest, label, code)
    push = w.wechat._wire.push(fields, w.wechat.clock())
    assert await w.wechat.door(push) == (200, "success")
    return looking


MEDIA = {"media": True, "places": ["in"], "media_seconds": 5}


@pytest.mark.parametrize("wire", ["xml", "json"])
@pytest.mark.parametrize(
    ("suggest", "code", "policy", "read", "kept"),
    [
        ("pass", 0, "pass", "好的", []),
        ("risky", 0, "pass", SAYS, [("in", "block", "20002", False)]),
        ("review", 0, "pass", "好的", [("in", "mark", "20002", False)]),
        ("pass", -1008, "pass", "好的", [("in", "", "", True)]),
        ("pass", -1008, "block", SAYS, [("in", "block", "", True)]),
    ],
)
def test_a_picture_that_comes_waits_for_what_wechat_says(tmp_path, wire, suggest, code, policy, read, kept):
    async def work():
        agent = checked(**MEDIA, on_failure=policy)
        async with world(tmp_path, seconds=1, agent=agent, makes=made(tmp_path), wire=wire) as w:
            w.model.text = "好的"
            phone = w.wechat.phone("o6_bmjrPTlm6_2sgVt7hMZ000001")
            told = asyncio.ensure_future(tell(w, suggest, 20002, code))
            await phone.send_file("image", picture("JPEG"))
            looking = await told
            await asyncio.sleep(30)
            assert [one for one in phone.received if "还在想" not in one] == [read]
            assert await decided(w) == kept
            assert looking.kind == 2
            found = made(tmp_path).find(looking.url.removeprefix("https://b.test"))
            assert await made(tmp_path).read(found.hash) == picture("JPEG")

    run(work())


@pytest.mark.parametrize(
    ("suggest", "code", "policy", "looked"),
    [("pass", 0, "block", 1), ("risky", 0, "pass", 0), ("pass", -1008, "block", 0)],
)
def test_no_model_is_shown_a_picture_before_wechat_lets_it(tmp_path, suggest, code, policy, looked):
    eyes = SlowModel(0, "一张价目表")
    agent = {**checked(**MEDIA, on_failure=policy), "vision": "x/eyes"}
    agent["flow"] = [{"type": "model", "id": "answer"}]

    def senses(folder):
        return Senses(eyes, None, KeptMedia(folder, SealedFiles(folder.parent / "messages.db")), UsualModels)

    async def work():
        async with world(tmp_path, seconds=1, agent=agent, makes=made(tmp_path), senses=senses) as w:
            w.model.text = "好的"
            phone = w.wechat.phone("o6_bmjrPTlm6_2sgVt7hMZ000001")
            told = asyncio.ensure_future(tell(w, suggest, 20002, code))
            await phone.send_file("image", picture("JPEG"))
            await told
            await asyncio.sleep(30)
            assert [one for one in phone.received if "还在想" not in one] == ["好的" if looked else SAYS]
            assert (len(eyes.requests), len(w.model.requests)) == (looked, looked)
            asked = [one for one in w.platform.called if one.path == "/wxa/media_check_async"]
            assert len(asked) == 1

    run(work())


@pytest.mark.parametrize(("policy", "read"), [("pass", "好的"), ("block", SAYS)])
def test_what_comes_too_late_changes_nothing_and_is_noted_once(tmp_path, policy, read):
    async def work():
        agent = checked(**MEDIA, on_failure=policy)
        async with world(tmp_path, seconds=1, agent=agent, makes=made(tmp_path)) as w:
            w.model.text = "好的"
            phone = w.wechat.phone("o6_bmjrPTlm6_2sgVt7hMZ000001")
            await phone.send_file("image", picture("JPEG"))
            await asyncio.sleep(60)
            assert [one for one in phone.received if "还在想" not in one] == [read]
            for _ in range(2):
                await tell(w, "risky", 20002)
            late, slow = await decided(w)
            assert late == ("in", "mark", "20002", True)
            assert slow == ("in", "" if policy == "pass" else "block", "", True)

    run(work())


@pytest.mark.parametrize(("suggest", "read"), [("pass", "[图片]"), ("risky", SAYS)])
def test_a_picture_that_goes_out_is_shown_once_wechat_lets_it(tmp_path, suggest, read):
    async def work():
        agent = checked(media=True, places=["out"])
        async with world(tmp_path, seconds=1, agent=agent, makes=made(tmp_path)) as w:
            w.model.text = PICTURE
            phone = w.wechat.phone("o6_bmjrPTlm6_2sgVt7hMZ000001")
            told = asyncio.ensure_future(tell(w, suggest, 20002))
            await phone.write("价目表")
            await told
            await asyncio.sleep(30)
            assert [one for one in phone.received if "还在想" not in one] == [read]

    run(work())


def test_nobody_can_tell_of_a_file_that_nobody_asked_about(tmp_path):
    async def work():
        async with world(tmp_path, seconds=1, agent=checked(**MEDIA), makes=made(tmp_path)) as w:
            w.platform.inspector.looking["made-up"] = (
                w.platform.inspector.looking.get("made-up") or _looking()
            )
            await tell(w, "risky", 20002)
            assert await decided(w) == []

    run(work())


def _looking():
    from runtime.simulator.wechat.inspector import Looking

    return Looking(Account().app_id, "o6_bmjrPTlm6_2sgVt7hMZ000001", "https://b.test/x", 2)
