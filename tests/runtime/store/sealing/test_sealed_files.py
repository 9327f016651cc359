"""Files of conversations are encrypted by the keys of those whose they are, and go with these."""

import hashlib
import json
from contextlib import closing

import pytest
from test_sealed_rows import MARK, turned

from runtime.media.kept import KeptMedia
from runtime.message import Message
from runtime.senses.reading import Reading
from runtime.store.control.control import Control
from runtime.store.messages.beside import writing
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages
from runtime.store.messages.sealed_files import SealedFiles
from runtime.store.sealing.files import MAGIC, MOST, opens_for

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.plain("it switches by itself")]

ANN, BOB = ("p", "ann"), ("p", "bob")
CONTENT = f"{MARK} 的照片".encode()


@pytest.fixture
def path(tmp_path):
    Control.in_folder(tmp_path / "data")
    return tmp_path / "data" / "messages.db"


@pytest.fixture
def kept(path):
    return KeptMedia(path.parent / "media", SealedFiles(path))


def shred(path, *owners):
    with writing(path) as db:
        db.shred(owners)


def plain(kept):
    """Files in which the mark stands."""
    files = [one for one in kept._folder.rglob("*") if one.is_file()]
    return sorted(one.name[64:] or "file" for one in files if MARK.encode() in one.read_bytes())


async def test_a_file_and_what_is_known_of_it_are_in_no_byte_and_are_read_as_ever(path, kept):
    turned(path, "on")
    hash = await kept.keep(CONTENT, ANN)
    await kept.keep_note(hash, "seen", {"text": MARK})
    assert hash == hashlib.sha256(CONTENT).hexdigest()
    assert plain(kept) == []
    assert await kept.read(hash) == await kept.where(hash) == CONTENT
    assert await kept.note(hash, "seen") == {"text": MARK}
    assert await kept.use(hash)
    shred(path, ANN)
    assert await kept.read(hash) is None
    assert await kept.note(hash, "seen") is None
    assert not await kept.use(hash)
    assert await kept.keep(CONTENT, BOB) == hash  # sent anew, it is there anew
    assert await kept.read(hash) == CONTENT


async def test_one_that_two_sent_opens_until_both_are_forgotten(path, kept):
    turned(path, "on")
    [hash] = {await kept.keep(CONTENT, one) for one in (ANN, BOB)}
    shred(path, ANN)
    assert await kept.read(hash) == CONTENT
    shred(path, BOB)
    assert await kept.read(hash) is None


@pytest.mark.of_files
async def test_one_that_very_many_sent_is_no_ones_own(path, kept):
    turned(path, "on")
    many = [("p", f"u{n}") for n in range(MOST + 5)]
    [hash] = {await kept.keep(CONTENT, one) for one in many}
    assert len(opens_for(kept.path(hash).read_bytes())) == MOST + 1
    shred(path, *many)
    assert await kept.read(hash) == CONTENT


async def test_what_was_made_for_somebody_is_nobodys_any_more_once_it_is_theirs(path, kept):
    turned(path, "on")
    hash = await kept.keep(CONTENT)
    assert await kept.read(hash) == CONTENT
    await kept.own([hash], ANN)
    await kept.own([hash], ANN)
    assert await kept.read(hash) == CONTENT
    shred(path, ANN)
    assert await kept.read(hash) is None


async def test_files_that_are_there_are_encrypted_for_all_who_have_them_and_plain_again(path, kept):
    hash, other = await kept.keep(CONTENT), await kept.keep(b"nobody's")
    await kept.keep_note(hash, "seen", {"text": MARK})
    with closing(Messages(path)) as messages:
        for one in (ANN, BOB):
            came = await messages.accept(one[0], Message("m", one[1], "t"), 1.0)
            await messages.media.belong(came.seq, [KeptFile(hash, "image/png", 9)])
    assert plain(kept) == [".seen", "file"]
    turned(path, "on")
    assert sum(kept.seal_all(on=True)) == 2
    assert sum(kept.seal_all(on=True)) == 0
    assert plain(kept) == []
    assert (await kept.read(hash), await kept.read(other)) == (CONTENT, b"nobody's")
    shred(path, ANN)
    assert await kept.read(hash) == CONTENT
    turned(path, "off")
    assert sum(kept.seal_all(on=False)) == 2
    assert plain(kept) == [".seen", "file"]
    assert await kept.note(hash, "seen") == {"text": MARK}


async def test_one_stopped_in_between_goes_on(path, kept):
    hashes = [await kept.keep(f"{MARK}{n}".encode()) for n in range(25)]
    turned(path, "on")
    next(kept.seal_all(on=True))
    assert 0 < len(plain(kept)) < 25
    assert [await kept.read(one) for one in hashes] == [f"{MARK}{n}".encode() for n in range(25)]
    assert sum(kept.seal_all(on=True)) == len(hashes) - 20
    assert plain(kept) == []


async def test_what_only_looks_sealed_is_read_as_it_came(path, kept):
    content = MAGIC + json.dumps({"1": "AA=="}).encode() + b"\n"
    hash = await kept.keep(content, ANN)
    assert await kept.read(hash) == content
    assert sum(kept.seal_all(on=False)) <= 1
    assert await kept.read(hash) == content
    turned(path, "on")
    assert await kept.read(await kept.keep(content + b"!", ANN)) == content + b"!"


async def test_a_file_put_under_another_name_opens_there_no_more(path, kept):
    turned(path, "on")
    one, other = await kept.keep(CONTENT, ANN), await kept.keep(b"other", ANN)
    kept.path(other).write_bytes(kept.path(one).read_bytes())
    assert await kept.read(other) is None


async def test_a_document_is_read_without_standing_anywhere(path, kept):
    turned(path, "on")
    hash = await kept.keep(f"# {MARK}\n\n{MARK}".encode(), ANN)
    document, _ = await Reading(kept).read(hash, "note.md", None)
    assert MARK in document.sections[0].text
    assert plain(kept) == []


ALIKE = {
    "a number that no database takes": b'{"99999999999999999999": "a"}\n',
    "half a key": b'{"1": "a"}\n',
    "a key of the right length": b'{"1": "' + b"A" * 80 + b'"}\n',
    "depth": b"[" * 3900 + b"\n",
    "no end": b'{"1": "' + b"A" * 80 + b'"}',
    "no names": b'{"1": 1, "b": null}\n',
    "nothing": b"",
    "many": b"{" + b", ".join(b'"%d": "' % n + b"A" * 80 + b'"' for n in range(5000)) + b"}\n",
}


@pytest.mark.of_files
@pytest.mark.parametrize("rest", ALIKE.values(), ids=ALIKE.keys())
async def test_one_that_only_begins_like_an_encrypted_one_is_read_and_hinders_nobody(path, kept, rest):
    content = MAGIC + rest
    hash, other = await kept.keep(content, BOB), await kept.keep(CONTENT, ANN)
    await kept.keep_note(hash, "seen", {"text": "x"})
    assert await kept.read(hash) == content
    turned(path, "on")
    for name in (hash, other):
        await kept.own([name], ANN)
    list(kept.seal_all(on=True))
    assert plain(kept) == []
    assert (await kept.read(hash), await kept.read(other)) == (content, CONTENT)
    turned(path, "off")
    list(kept.seal_all(on=False))
    assert (await kept.read(hash), await kept.read(other)) == (content, CONTENT)
