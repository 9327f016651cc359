"""A file that a tool makes in a turn is shown where files are, and goes with the message."""

import asyncio
import hashlib
from dataclasses import replace

from test_showing import Web, world

from example_channel.channels.pigeon import Pigeon
from runtime.agents.agent import Agent
from runtime.channels import MediaLimits
from runtime.media.kept import KeptMedia
from runtime.media.made import MadeFiles, MadeFirst
from runtime.store.messages.erasures import erase
from runtime.store.messages.people import Face
from runtime.turn.commands import FILED
from script import services


def marked(what):
    return hashlib.sha256(what.encode()).hexdigest()


FLOW = [
    {
        "type": "tool",
        "id": "doc",
        "tool": {"type": "document", "only": "pdf"},
        "arguments": {"name": "报告", "text": "{{ message.text }}"},
    },
    {"type": "reply", "id": "say", "text": "好了\n\n{{ doc.result.markdown }}"},
]


async def test_without_an_address_they_get_a_file_of_all_that_is_kept(tmp_path, monkeypatch):
    files = MadeFiles(KeptMedia(tmp_path / "media"), marked, str, "http://127.0.0.1:1")

    def with_files(models, http):
        return replace(services(models, http=MadeFirst(files, http)), makes=files)

    monkeypatch.setattr(Pigeon, "render", classmethod(lambda kind, markdown: [markdown]))
    monkeypatch.setattr(Pigeon, "media_out", {**Pigeon.media_out, "file": MediaLimits(1_000_000)})
    async with world(tmp_path, "知道了", around=with_files) as w:
        await w.played.write("我住在紫藤路")
        await w.answered("delivered")
        await w.played.write("导出我的数据")
        await w.answered("delivered", "delivered")
        [whole] = [one for one in (tmp_path / "media").rglob("*") if one.is_file()]
        assert "我住在紫藤路" in whole.read_text(encoding="utf-8")
        assert any(one.endswith(whole.read_bytes()) for one in w.post.parcels.values())
        assert w.post.sent[1][1].startswith(FILED.zh.partition("{")[0].strip())
        sql = "select hash from media where seq=2"
        rows = await w.gateway.messages.database.read(lambda db: [row["hash"] for row in db.execute(sql)])
        assert rows == [whole.name]  # it goes with them when they are forgotten


async def test_a_made_file_is_shown_where_files_are_and_goes_with_its_message(tmp_path):
    files = MadeFiles(KeptMedia(tmp_path / "media"), marked, lambda: "https://bot.example", "")

    def with_files(models, http):
        return replace(services(models, http=MadeFirst(files, http)), makes=files)

    agent = Agent.load({"id": "shop", "name": "店", "flow": FLOW})
    web = Web()
    async with world(tmp_path, agent=agent, web=web, around=with_files) as w:
        await w.played.write("第一份")
        await w.answered("delivered")
        assert not web.asked  # it is taken from where it is
        [kept] = [one for one in (tmp_path / "media").rglob("*") if one.is_file()]
        assert kept.read_bytes().startswith(b"%PDF-")
        database, media = w.gateway.messages.database, w.gateway.messages.media
        late = asyncio.get_running_loop().wall() + 1e9
        await w.gateway.kept.sweep(media.unused, lambda: late)
        assert kept.exists()
        [(sender,)] = await database.read(
            lambda db: [tuple(r) for r in db.execute("select sender from messages")]
        )
        erased = await database.write(lambda db: erase(db, Face("p", sender), late))
        assert erased.files == [kept.name]
