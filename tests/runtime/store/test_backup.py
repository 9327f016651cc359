"""A backup taken beside a writer, and what it takes to put it back."""

import asyncio
import gzip
import io
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from made_of_world import left_in, make

from runtime.access.users import Users
from runtime.errors import BadSettings, NotFound, NotSaved, StoreFailed
from runtime.media.kept import KeptMedia
from runtime.message import Message
from runtime.store.backup import back_up
from runtime.store.control.control import Control
from runtime.store.control.key_rotation import forgotten, rotated
from runtime.store.control.records import Options
from runtime.store.installation import Installation
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import Face
from runtime.store.messages.restored import Restored
from runtime.store.put_back import put_back
from runtime.testing.forgetting import Forgetting

pytestmark = pytest.mark.of_files

CANARY = "canary-key"


@pytest.fixture
async def home(tmp_path):
    home = tmp_path / "home"
    control = Control.in_folder(home / "data")
    control.save_options(Options(default_model="m/before"))
    Users(control).set_password("owner", "long enough")
    for name, text in {
        "agents/shop.json": "{}",
        "agents/.git/x": "",
        "knowledge/tea/a.md": "茶",
        "data/workers/2/data/secret.key": "another instance's",
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    messages = Messages(home / "data" / "messages.db")
    Installation(home / "data").take()
    await messages.accept("p", Message("m1", "u1", "问"), 1)
    messages.close()
    return home


def names(file):
    with tarfile.open(file) as tar:
        return tar.getnames()


async def test_everything_is_in_it_and_nothing_that_means_something_only_here(home, tmp_path):
    saved = back_up(home, tmp_path / "b.tar.gz", 1)
    assert (saved.messages, saved.has_key) == (1, True)
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o777 == 0o600
    assert names(tmp_path / "b.tar.gz") == [
        "hongyan-backup.json",
        "data/messages.db",
        "agents/shop.json",
        "knowledge/tea/a.md",
        "data/control/options.json",
        "data/control/owner.json",
        "data/control/users.json",
        "data/secret.key",
        "hongyan-contents.json",
    ]
    assert not list(tmp_path.rglob(".new-*"))


async def test_it_is_taken_while_messages_arrive(home, tmp_path):
    messages = Messages(home / "data" / "messages.db")
    writing = [messages.accept("p", Message(f"n{n}", f"u{n}", "问"), n) for n in range(300)]
    saved, *_ = await asyncio.gather(asyncio.to_thread(back_up, home, tmp_path / "b.tar.gz", 1), *writing)
    messages.close()
    assert 1 <= saved.messages <= 301


async def test_what_is_put_back_is_as_it_was_and_holds_back_what_was_unfinished(home, tmp_path):
    back_up(home, tmp_path / "b.tar.gz", 1)
    Control.in_folder(home / "data").save_options(Options(default_model="m/after"))
    (home / "agents" / "later.json").write_text("{}")

    done = put_back(home, tmp_path / "b.tar.gz", 2)
    assert done.unfinished == 1
    control = Control.in_folder(home / "data")
    assert control.default_model() == "m/before"
    assert Users(control).is_password("owner", "long enough")
    assert sorted(path.name for path in (home / "agents").glob("[!.]*")) == ["shop.json"]
    assert (home / "agents" / done.aside / "later.json").exists()
    assert (home / "agents" / ".git" / "x").exists()
    assert (home / "data" / done.aside / "messages.db").exists()
    assert Restored(home / "data" / "messages.db").count() == 1
    assert not list(home.rglob(".restoring-*"))


def there(home):
    """Every file, by its content."""
    files = (path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path.relative_to(home)): path.read_bytes() for path in files}


class Refuses(type(Path())):
    """A folder of the disk, which refuses at a certain move."""

    left = 0

    def rename(self, to):
        Refuses.left -= 1
        if Refuses.left == 0:
            raise OSError(28, "No space left on device")
        return super().rename(to)


async def test_a_disk_that_refuses_at_any_move_leaves_all_as_it_was(home, tmp_path):
    back_up(home, tmp_path / "b.tar.gz", 1)
    (home / "agents" / "later.json").write_text("{}")
    before, refused = there(home), 0
    while True:
        Refuses.left = refused + 1
        try:
            put_back(Refuses(home), tmp_path / "b.tar.gz", 2)
        except NotSaved:
            refused += 1
            assert there(home) == before
            Installation(home / "data").check()
        else:
            break
    assert refused > 10


async def test_a_death_between_two_moves_starts_nothing_until_it_is_done_again(home, tmp_path):
    back_up(home, tmp_path / "b.tar.gz", 1)
    (home / "data" / ".restoring-20261130-100000").mkdir()  # while it was unpacked
    Installation(home / "data").check()
    (home / "agents" / ".before-restore-20261130-100000").mkdir()
    with pytest.raises(StoreFailed, match="broke off half-way"):
        Installation(home / "data").check()
    put_back(home, tmp_path / "b.tar.gz", 2)
    Installation(home / "data").check()


async def test_it_is_put_into_an_empty_home_too(home, tmp_path):
    back_up(home, tmp_path / "b.tar.gz", 1)
    (tmp_path / "new").mkdir()
    assert put_back(tmp_path / "new", tmp_path / "b.tar.gz", 2).files == 7
    assert (tmp_path / "new" / "knowledge" / "tea" / "a.md").read_text(encoding="utf-8") == "茶"


def archive(*entries, about=b'{"hongyan_backup": 1}'):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as tar:
        for name, content, kind in [("hongyan-backup.json", about, tarfile.REGTYPE), *entries]:
            entry = tarfile.TarInfo(name)
            entry.type, entry.size = kind, len(content)
            entry.linkname = "/etc/passwd"
            tar.addfile(entry, io.BytesIO(content))
    return raw.getvalue()


def claiming(type, size, *, sparse=False):
    """An entry that says that it is that large, with nothing behind it but a few bytes."""
    entry = tarfile.TarInfo("data/x")
    entry.type, entry.size = type, size
    head = bytearray(entry.tobuf(tarfile.GNU_FORMAT))
    if sparse:  # offset and size of no piece at all, and how large the whole is
        head[483:495] = b"%011o\0" % SIZE
        head[148:156] = b"%06o\0 " % (sum(head[:148]) + 8 * 32 + sum(head[156:512]))
    start = gzip.decompress(archive())
    return gzip.compress(start[: start.rindex(b"{") // 512 * 512 + 512] + bytes(head) + bytes(4096))


SIZE = 1 << 32
REG = tarfile.REGTYPE
REFUSED = {
    "a file with holes that fill the disk": claiming(tarfile.GNUTYPE_SPARSE, 0, sparse=True),
    "no archive": b"hello",
    "nothing": b"",
    "an empty archive": gzip.compress(bytes(1024)),
    "another program's": archive(about=b"{}"),
    "about as a list": archive(about=b"[]"),
    "a later format": archive(about=b'{"hongyan_backup": 3}'),
    "made at no time": archive(about=b'{"hongyan_backup": 1, "at": 1e400}'),
    "made at a list": archive(about=b'{"hongyan_backup": 1, "at": [1]}'),
    "about without an end": archive(about=b"[" * 50_000),
    "no end": archive(about=b'{"hongyan_backup": 2}'),
    "out of the folder": archive(("data/../../evil", b"x", REG)),
    "from the root": archive(("/data/evil", b"x", REG)),
    "a folder that is not ours": archive(("runtime/evil.py", b"x", REG)),
    "a link": archive(("data/evil", b"", tarfile.SYMTYPE)),
    "a hard link": archive(("data/evil", b"", tarfile.LNKTYPE)),
    "a device": archive(("data/evil", b"", tarfile.CHRTYPE)),
    "the folder itself": archive(("data", b"x", REG)),
    "the same name twice": archive(("data/x", b"1", REG), ("data/x", b"2", REG)),
    "cut": archive(("data/x", bytes(range(256)) * 400, REG))[:-60],
    "a byte changed": (lambda whole: whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])(archive()),
    "messages that are no database": archive(("data/messages.db", b"not a database" * 99, REG)),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_is_no_whole_backup_is_refused_and_nothing_is_changed(home, tmp_path, case):
    (tmp_path / "bad.tar.gz").write_bytes(REFUSED[case])
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with pytest.raises((BadSettings, StoreFailed, NotSaved)):
        put_back(home, tmp_path / "bad.tar.gz", 2)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert not (tmp_path / "evil").exists()


BOMBS = {
    "a file larger than the disk": (tarfile.REGTYPE, 1 << 50, "space"),
    "a name without an end": (tarfile.GNUTYPE_LONGNAME, SIZE, "too long"),
    "a name of a link without an end": (tarfile.GNUTYPE_LONGLINK, SIZE, "too long"),
    "more said of a file than is read": (tarfile.XHDTYPE, SIZE, "too long"),
    "more said of all files than is read": (tarfile.XGLTYPE, SIZE, "too long"),
}


@pytest.mark.parametrize("case", BOMBS)
def test_what_would_fill_the_disk_or_the_memory_is_refused_before_it_is_read(tmp_path, case):
    *claim, words = BOMBS[case]
    (tmp_path / "bad.tar.gz").write_bytes(claiming(*claim))
    with pytest.raises((BadSettings, StoreFailed, NotSaved), match=words):
        put_back(tmp_path / "home", tmp_path / "bad.tar.gz", 2)


async def test_a_file_that_is_not_there_is_named(home, tmp_path):
    with pytest.raises(NotFound, match=r"no file.*none"):
        put_back(home, tmp_path / "none", 2)
    with pytest.raises(NotFound):
        back_up(tmp_path / "nothing here", tmp_path / "b", 1)


async def test_what_is_noted_of_bases_is_taken_whole_while_somebody_writes_it(home, tmp_path):
    path = home / "data" / "knowledge" / "tea.sqlite"
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("pragma journal_mode=wal")
        writer.execute("create table corrected(text)")
        writer.execute("insert into corrected values('茶')")
        writer.commit()  # it is in the log beside the file, not yet in it
        back_up(home, tmp_path / "b.tar.gz", 1)
    assert [name for name in names(tmp_path / "b.tar.gz") if "tea.sqlite" in name] == [
        "data/knowledge/tea.sqlite"
    ]
    put_back(tmp_path / "other", tmp_path / "b.tar.gz", 2)
    with closing(sqlite3.connect(tmp_path / "other" / "data" / "knowledge" / "tea.sqlite")) as reader:
        assert reader.execute("select text from corrected").fetchall() == [("茶",)]


def forgets(agents, data, erased):
    return Forgetting(agents, data).forget(erased)


@pytest.mark.plain("it looks at rows as they stand")
async def test_who_was_forgotten_since_is_not_brought_back_by_a_backup(tmp_path):
    home = tmp_path / "home"
    control, secret = Control.in_folder(home / "data"), "只有安知道的事"
    marks = control.marks_of
    media, messages = KeptMedia(home / "data" / "media"), Messages(home / "data" / "messages.db", marks=marks)
    Installation(home / "data").take()
    for who in ("ann", "bob"):
        file = await media.keep(f"{who}的照片".encode())
        seq = (await messages.accept("p", Message(f"m{who}", who, f"{secret}，{who}说"), 1)).seq
        await messages.media.belong(seq, [KeptFile(file, "image/png", 9)])
        await messages.finish(seq, Outcome("好", 1), [], 2, "silent")
    await messages.remembered.erase(Face("p", "cyn"), 5)  # before the backup: she wrote again since
    seq = (await messages.accept("p", Message("mcyn", "cyn", "又来了"), 6)).seq
    await messages.finish(seq, Outcome("好", 1), [], 7, "silent")
    for who in ("ann", "bob"):
        make(home, marks, who, 1, f"{who}说的测试")
    back_up(home, tmp_path / "b.tar.gz", 10)
    await messages.remembered.erase(Face("p", "ann"), 20)
    messages.close()
    with pytest.raises(BadSettings):  # what cannot be put back forgets nobody either
        put_back(home, home / "data" / "messages.db", 29, marks)
    assert put_back(home, tmp_path / "b.tar.gz", 30, marks, forgets).erased == 1
    with closing(sqlite3.connect(home / "data" / "messages.db")) as db:
        rows = dict(db.execute("select sender, text from messages"))
    assert rows == {"ann": "", "bob": f"{secret}，bob说", "cyn": "又来了"}
    here = [one for one in home.rglob("*") if one.is_file() and ".before-restore" not in str(one)]
    left = b"".join(one.read_bytes() for one in here)
    assert f"{secret}，ann说".encode() not in left
    assert "ann的照片".encode() not in left
    assert "bob的照片".encode() in left
    assert (left_in(home, "ann说的测试"), len(left_in(home, "bob说的测试"))) == ([], 4)
    assert put_back(home, tmp_path / "b.tar.gz", 40, marks).erased == 1  # again, by what was carried over


KEYS = ["first", "second,first", "third,second,first"]


@pytest.mark.parametrize("after", KEYS)
async def test_who_was_forgotten_is_known_by_every_key_and_on_a_new_machine(tmp_path, after):
    """Forgotten under the first key. The list goes with a backup; an older one is put back behind it."""
    home, file, later = tmp_path / "home", tmp_path / "b.tar.gz", tmp_path / "later.tar.gz"
    first = Control.in_folder(home / "data", "first").marks_of
    messages = Messages(home / "data" / "messages.db", marks=first)
    Installation(home / "data").take()
    seq = (await messages.accept("p", Message("m", "ann", "只有安知道的事"), 1)).seq
    await messages.finish(seq, Outcome("好", 1), [], 2, "silent")
    back_up(home, file, 10)
    await messages.remembered.erase(Face("p", "ann"), 20)
    messages.close()
    back_up(home, later, 25)
    new = tmp_path / "new"
    new.mkdir()
    marks = Control.in_folder(new / "data", after).marks_of
    assert put_back(new, later, 30, marks).erased == 0
    assert put_back(new, file, 40, marks).erased == 1
    assert "只有安知道的事".encode() not in (new / "data" / "messages.db").read_bytes()


async def test_who_was_forgotten_is_known_after_the_key_was_rotated(tmp_path):
    home, file = tmp_path / "home", tmp_path / "b.tar.gz"
    control = Control.in_folder(home / "data")
    messages = Messages(home / "data" / "messages.db", marks=control.marks_of)
    Installation(home / "data").take()
    seq = (await messages.accept("p", Message("m", "ann", "只有安知道的事"), 1)).seq
    await messages.finish(seq, Outcome("好", 1), [], 2, "silent")
    back_up(home, file, 10)
    await messages.remembered.erase(Face("p", "ann"), 20)
    messages.close()
    rotated(home / "data")
    forgotten(home / "data")
    assert put_back(home, file, 40, Control.in_folder(home / "data").marks_of).erased == 1
