"""Letters to an agent, by dovecot and a mail server of the tests: the whole gateway is ours, they are not."""

import asyncio
import base64
import json
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.utils import make_msgid

import pytest

import dovecot
from beside_server import running, until
from pictures import picture
from played_world import PlayedWorld
from script import Script, says
from smtp_fake import Mailbox

pytestmark = pytest.mark.skipif(not dovecot.PROGRAM, reason="make debian installs dovecot")


@pytest.fixture
def house():
    with dovecot.running() as house:
        yield house


@asynccontextmanager
async def world(folder, house, model, **more):
    mailbox = Mailbox(user=dovecot.ADDRESS, password=dovecot.PASSWORD)
    async with mailbox.running() as port:
        settings = {
            "provider": "other",
            "address": dovecot.ADDRESS,
            "password": dovecot.PASSWORD,
            "imap": f"imap://127.0.0.1:{house.port}",
            "smtp": f"smtp://127.0.0.1:{port}",
        }
        async with running(folder, "email", settings | more, model, house.port, port) as it:
            it.mailbox = mailbox
            yield it


async def begun(it):
    """It knows what there was before."""
    name = f"cursor p {dovecot.ADDRESS}"
    async with asyncio.timeout(20):
        while not await it.messages.facts.find(name):  # noqa: ASYNC110 # a fact of the store tells nobody
            await asyncio.sleep(0.01)


def letter(text="多少钱？", sender="Ann <ann@example.com>", subject="龙井", **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, dovecot.ADDRESS, subject
    made["Message-ID"] = make_msgid(domain="example.com")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


async def test_a_letter_is_answered_in_its_thread_and_marked_once_it_is_stored(tmp_path, house):
    model = Script([says("八元。\n\n见 https://tea.example/?a=1&b=2")])
    house.put(letter("以前的").as_bytes())
    async with world(tmp_path, house, model) as it:
        await begun(it)
        came = letter("多少钱？\n\n在 2026年1月1日，Shop 写道：\n> 您好", References="<first@example.com>")
        house.put(came.as_bytes())
        await until(lambda: it.mailbox.letters)
        await until(lambda: house.seen() == 1)
        answer = it.mailbox.letters[0]
        assert it.mailbox.receivers == [["ann@example.com"]]
        assert answer["Subject"] == "Re: 龙井"
        assert answer["In-Reply-To"] == came["Message-ID"]
        assert answer["References"].split() == ["<first@example.com>", came["Message-ID"]]
        assert answer["Auto-Submitted"] == "auto-replied"
        plain, html = answer.get_body(("plain",)), answer.get_body(("html",))
        assert plain.get_content() == "八元。\n\n见 https://tea.example/?a=1&b=2\n"
        assert '<a href="https://tea.example/?a=1&amp;b=2">' in html.get_content()
    [request] = model.requests
    assert request.messages[-1]["content"] == "多少钱？"


async def test_the_words_of_an_answer_and_its_picture_are_one_letter(tmp_path, house):
    encoded = base64.b64encode(picture()).decode()
    model = Script([says(f"请看\n\n![价目表](data:image/png;base64,{encoded})\n\n还要什么？")])
    async with world(tmp_path, house, model) as it:
        await begun(it)
        house.put(letter("价目表").as_bytes())
        await until(lambda: it.mailbox.letters)
        await until(lambda: house.seen() == 1)
    [answer] = it.mailbox.letters
    assert answer["Subject"] == "Re: 龙井"
    assert answer.get_body(("plain",)).get_content() == "请看\n\n还要什么？\n"
    [shown] = [part for part in answer.walk() if part.get_content_type() == "image/png"]
    assert shown.get_content() == picture()
    assert f'src="cid:{shown["Content-ID"].strip("<>")}"' in answer.get_body(("html",)).get_content()


async def test_what_comes_while_nobody_is_there_is_answered_once(tmp_path, house):
    model = Script([says("好")])
    async with world(tmp_path, house, model) as it:
        await begun(it)
    one = letter("在吗")
    house.put(one.as_bytes())
    async with world(tmp_path, house, model) as it:
        await until(lambda: it.mailbox.letters)
        # the server counts anew, and the same letter is there as new
        house.put(one.as_bytes())
        house.put(letter("还在吗", Auto_Submitted="auto-replied").as_bytes())
        house.put(letter("最后").as_bytes())
        await until(lambda: len(it.mailbox.letters) == 2)
    assert [one.messages[-1]["content"] for one in model.requests] == ["在吗", "最后"]


class NeverDone:
    """A model that is asked, and no more is heard of."""

    def __init__(self):
        self.asked = asyncio.Event()

    async def complete(self, *given):
        self.asked.set()
        await asyncio.Event().wait()


async def test_who_wrote_before_we_died_is_answered_once(tmp_path, house):
    hangs, model = NeverDone(), Script([says("好")])
    async with world(tmp_path, house, hangs) as it:
        await begun(it)
        house.put(letter("在吗").as_bytes())
        await asyncio.wait_for(hangs.asked.wait(), 20)
        await PlayedWorld(it).kill()
        it.stopped = True
    async with world(tmp_path, house, model) as it:
        await until(lambda: it.mailbox.letters)
        house.put(letter("最后").as_bytes())
        await until(lambda: len(it.mailbox.letters) == 2)
    assert [one.messages[-1]["content"] for one in model.requests] == ["在吗", "最后"]


async def test_what_comes_with_a_letter_is_got(tmp_path, house):
    model = Script([says("看到了")])
    came = letter("见附件")
    came.add_attachment("价目：龙井八元".encode(), maintype="text", subtype="markdown", filename="价目.md")
    async with world(tmp_path, house, model) as it:
        await begun(it)
        house.put(came.as_bytes())
        await until(lambda: it.mailbox.letters)
        kept = [one.read_bytes() for one in (tmp_path / "media").rglob("*") if one.is_file()]
    assert 'name=\\"价目.md\\"' in json.dumps(model.requests[0].messages, ensure_ascii=False)
    assert any("龙井八元".encode() in one for one in kept), [len(one) for one in kept]


async def test_a_password_that_is_wrong_is_told(tmp_path, house):
    async with world(tmp_path, house, Script(), password="other") as it:
        await until(lambda: any(it.told.troubles))
    assert "does not let us in" in it.told.troubles[0]
