"""A link to one chat of the playground: shown to whoever has it as inert text, and nothing else is."""

import io
import re
import time
from contextlib import aclosing
from dataclasses import replace

import httpx
import pytest
from builder_world import ASK, add
from starlette.applications import Starlette

from builder.actions import chats, sharing
from builder.actions.asking import Asker, asked
from builder.actions.sent_files import keep_file
from builder.serving import shared_page
from builder.serving.shared_page import SharedPage
from pictures import picture
from runtime.access.actor import OWNER, Actor
from runtime.access.membership import Membership
from runtime.access.permissions import Permission
from runtime.access.users import Users
from runtime.errors import NotFound
from runtime.store.control.user_records import Given
from runtime.trying.shared_chats import DAY, SharedChats
from script import says

WHO = Asker("shop", OWNER.id)
WAV = b"RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data\0\0\0\0"
EVIL = "<script>alert(1)</script> [x](javascript:alert(1)) ![p](http://evil.example/p.png) **好**"


@pytest.fixture
async def reader(studio, script):
    add(studio, ASK)
    script.answers = [says(EVIL), says("后来的"), says("别的")]
    app = Starlette(routes=SharedPage(studio).routes())
    transport = httpx.ASGITransport(app=app, client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        yield client


async def ask(studio, text, who=WHO, files=()):
    async with aclosing(asked(studio, who, text, files)) as states:
        *_, last = [state async for state in states]
    return replace(who, chat=last.result["chat"], tip=last.result["tip"])


def share(studio, who, days=7):
    return sharing.share_chat(studio, OWNER, "shop", who.chat, who.tip, days)["token"]


async def test_whoever_has_the_link_reads_that_chat_up_to_there_and_no_other(studio, reader):
    first = await ask(studio, "秘方是<b>什么</b>")
    token = share(studio, first)
    await ask(studio, "后来问的", first)
    await ask(studio, "另一个对话")
    page = await reader.get(f"/shared/{token}", headers={"accept-language": "zh"})
    assert page.status_code == 200
    assert "秘方是&lt;b&gt;什么&lt;/b&gt;" in page.text
    assert "<strong>好</strong>" in page.text
    for hidden in (
        "后来",
        "另一个",
        "别的",
        "你是店员",
        "<script",
        'href="javascript',
        "<img",
        first.chat,
        first.tip,
    ):
        assert hidden not in page.text, hidden
    headers = page.headers
    assert "noindex" in headers["x-robots-tag"]
    assert (headers["referrer-policy"], headers["cache-control"]) == ("no-referrer", "no-store")
    assert headers["content-security-policy"].startswith("default-src 'none'")
    english = await reader.get(f"/shared/{token}", headers={"accept-language": "en"})
    assert "read-only" in english.text
    for other in (first.chat, "0" * 32, token[:-1], token.upper(), f"{token}x", "..%2f..%2fcontrol"):
        assert (await reader.get(f"/shared/{other}")).status_code == 404, other


async def test_files_of_that_chat_are_shown_as_what_they_are_and_no_other_is(studio, reader):
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    sent = [
        await keep_file(studio, name, io.BytesIO(content))
        for name, content in (
            ("图.png", picture()),
            ('<b>"图".svg', svg),
            ("话.wav", WAV),
            ("别的.md", b"# x"),
        )
    ]
    first = await ask(studio, "看", files=sent[:3])
    await ask(studio, "别的", files=sent[3:])
    page = (await reader.get(f"/shared/{share(studio, first)}")).text
    token = re.search(r'src="([0-9a-f]{32})/', page)[1]
    assert f'<img src="{token}/{sent[0]["hash"]}" alt="图.png"' in page
    assert f'<audio controls preload="none" src="{token}/{sent[2]["hash"]}"' in page
    assert f'href="{token}/{sent[1]["hash"]}" download>&lt;b&gt;&quot;图&quot;.svg</a>' in page
    assert "📎" not in page
    for file, kind in zip(sent, ("image/png", "application/octet-stream", "audio/wav"), strict=False):
        found = await reader.get(f"/shared/{token}/{file['hash']}")
        assert (found.status_code, found.headers["content-type"]) == (200, kind)
        assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert found.headers["x-content-type-options"] == "nosniff"
        assert ("attachment" in found.headers.get("content-disposition", "")) == (file is sent[1])
    for address in (f"{token}/{sent[3]['hash']}", f"{token}/x", f"{'0' * 32}/{sent[0]['hash']}"):
        assert (await reader.get(f"/shared/{address}")).status_code == 404


async def test_a_link_ends_when_it_expires_is_taken_back_or_its_chat_is_gone(studio, reader, tmp_path):
    who = await ask(studio, "一")
    token = share(studio, who, days=1)
    shared, now = SharedChats(tmp_path / "data"), time.time()
    assert shared.read(token, now)[1]
    with pytest.raises(NotFound):
        shared.read(token, now + DAY + 5)
    kept = [path.read_text() + path.name for path in (tmp_path / "data" / "played-shared").iterdir()]
    assert kept
    assert not [one for one in kept if token in one]  # its hash is kept
    chats.delete_chat(studio, OWNER, "shop", who.chat)
    assert (await reader.get(f"/shared/{token}")).status_code == 404
    chats.restore_chat(studio, OWNER, "shop", who.chat)
    assert (await reader.get(f"/shared/{token}")).status_code == 200
    (link,) = sharing.shared_links(studio, OWNER, "shop")
    assert link["name"] == "一"
    assert token not in str(link)
    other = Actor("other", frozenset(Permission))
    assert sharing.shared_links(studio, other, "shop") == []
    for who_else, key in ((other, link["key"]), (OWNER, "x"), (OWNER, "../../control/keys")):
        with pytest.raises(NotFound):
            sharing.revoke_link(studio, who_else, "shop", key)
    with pytest.raises(NotFound):
        sharing.share_chat(studio, other, "shop", who.chat)
    sharing.revoke_link(studio, OWNER, "shop", link["key"])
    assert (await reader.get(f"/shared/{token}")).status_code == 404
    share(studio, who, days=1)
    assert len(shared.links("shop", OWNER.id, now + 5 * DAY)) == 0
    assert not list((tmp_path / "data" / "played-shared").iterdir())


async def test_one_address_asks_so_often_and_no_more(reader, monkeypatch):
    monkeypatch.setattr(shared_page, "OFTEN", 3)
    pages = [await reader.get("/shared/x", headers={"accept-language": "en"}) for _ in range(5)]
    assert [page.status_code for page in pages] == [404, 404, 404, 429, 429]
    for page, sentence in ((pages[0], "This link is gone"), (pages[4], "come back in a minute")):
        assert '<html lang="en"' in page.text
        assert sentence in page.text
        assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("role", ["editor", "guest", ""])
async def test_a_link_shows_nothing_once_whoever_made_it_may_share_no_more(studio, reader, role):
    control, members = studio.control, Membership(studio.control)
    Users(control).set_password("owner", "long enough")
    members.invite("ann", "", [Given(role="editor")], OWNER)
    who = await ask(studio, "一", replace(WHO, by="ann"))
    token = sharing.share_chat(studio, Users(control).actor("ann"), "shop", who.chat, who.tip)["token"]
    assert (await reader.get(f"/shared/{token}")).status_code == 200
    if role:
        members.give("ann", [Given(role=role)], OWNER)
    else:
        members.remove("ann", OWNER)
    assert (await reader.get(f"/shared/{token}")).status_code == (200 if role == "editor" else 404)
