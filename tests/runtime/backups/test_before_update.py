"""What an older program made is backed up before this one changes it, so that the older one can go on."""

import json
import signal
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from backup_world import filled, full_disk, tree

import app
from runtime.backups.before_update import DAYS, KEPT, in_data, keep
from runtime.errors import BadSettings, NotSaved
from runtime.message import Message
from runtime.privacy.kinds import of_file
from runtime.settings import CHECKOUT, Settings
from runtime.store.messages.messages import Messages
from runtime.store.messages.tables import TABLES
from runtime.store.put_back import put_back

pytestmark = pytest.mark.of_files
SAMPLES = Path(__file__).parents[2] / "samples" / "homes"
DAY = 86_400


def older(folder, version=21):
    """A home as the program of that version left it."""
    with tarfile.open(SAMPLES / f"version_{version:02}.tar.gz") as tar:
        members = [one for one in tar.getmembers() if not one.name.startswith("hongyan-")]
        tar.extractall(folder, members, filter="data")
    return folder


def version_of(home):
    return int.from_bytes((home / "data/messages.db").read_bytes()[60:64], "big")


def in_it(file):
    """The version of its tables, and the format that an older program has to know."""
    with tarfile.open(file) as tar:
        about = json.loads(tar.extractfile("hongyan-backup.json").read())
        head = tar.extractfile("data/messages.db").read(64)
    return int.from_bytes(head[60:64], "big"), about["hongyan_backup"]


@pytest.mark.parametrize("version", [1, 12, TABLES.version - 1])
def test_an_older_home_is_backed_up_as_it_is_and_as_older_programs_read_it(tmp_path, version):
    home = older(tmp_path / "home", version)
    kept = keep(home, "", lambda: 3 * DAY)
    assert (kept.version, version_of(home)) == (version, version)
    assert in_it(kept.shown) == (version, 1)
    assert of_file(f"data/{Path(kept.shown).name}").name == "before_update"
    assert Path(kept.shown).stat().st_mode & 0o777 == 0o600
    assert put_back(tmp_path / "there", Path(kept.shown), 9).unfinished == 1


async def test_a_home_of_this_version_is_not_and_neither_is_a_new_one(tmp_path):
    home = await filled(tmp_path / "home")
    assert (keep(home, ""), keep(tmp_path / "new", ""), in_data(home / "data")) == (None, None, [])
    assert not (tmp_path / "new").exists()


def test_a_start_that_is_killed_again_and_again_makes_one_and_a_message_more_another(tmp_path):
    home = older(tmp_path / "home")
    first = keep(home, "", lambda: 3 * DAY)
    assert keep(home, "", lambda: 3 * DAY + 60) == first
    with closing(sqlite3.connect(home / "data/messages.db")) as db:
        db.execute("update messages set seq=seq+1 where seq=2")
        db.commit()
    second = keep(home, "", lambda: 3 * DAY + 90)
    assert second.shown != first.shown
    assert [one.shown for one in in_data(home / "data")] == [second.shown, first.shown]


def test_so_many_stay_for_so_long(tmp_path):
    home = older(tmp_path / "home")
    for day in range(10, 10 + KEPT + 2):
        keep(home, "", lambda day=day: day * DAY)
    assert len(in_data(home / "data")) == KEPT + 1  # the newest two, and the one that was made just now
    keep(home, "off", lambda: (10 + DAYS + 2) * DAY)
    assert [one.at for one in in_data(home / "data")] == [13 * DAY, 12 * DAY]
    keep(home, "off", lambda: (14 + DAYS) * DAY)
    assert in_data(home / "data") == []


def test_where_it_cannot_be_written_no_step_is_taken(tmp_path):
    home = older(tmp_path / "home")
    before = tree(home)
    with full_disk(60_000), pytest.raises(NotSaved, match="Nothing was changed") as refused:
        keep(home, "")
    assert "HONGYAN_UPDATE_BACKUP=off" in refused.value.text.zh
    assert tree(home).items() >= before.items()
    with full_disk(60_000), pytest.raises(NotSaved, match="backed up before"):
        app.run(["person", "list"], Settings(home=home))
    assert version_of(home) == 21


TOLD_TO_END = """
import os, signal, sys
from pathlib import Path
from runtime.backups import before_update, making
taken = making.write_all
def cut(*given, **more):
    taken(*given, **more)
    os.kill(os.getpid(), signal.SIGTERM)
making.write_all = cut
before_update.keep(Path(sys.argv[1]), "")
"""


def test_who_is_told_to_end_meanwhile_leaves_nothing_half(tmp_path):
    home = older(tmp_path / "home")
    ended = subprocess.run([sys.executable, "-c", TOLD_TO_END, str(home)], cwd=CHECKOUT, check=False)
    assert ended.returncode == 128 + signal.SIGTERM
    left = [path.name for path in (home / "data").iterdir()]
    assert not [name for name in left if name.startswith((".new-", "before-update"))]
    assert version_of(home) == 21


def test_it_goes_where_the_owner_says(tmp_path):
    home, there = older(tmp_path / "home"), f"{tmp_path}/there/"
    assert keep(home, "off") is None
    assert Path(keep(home, there).shown).parent == tmp_path / "there"
    for wrong in (f"{home}/files/", f"{tmp_path}/a.tar.gz", "ftp://x"):
        with pytest.raises(BadSettings):
            keep(home, wrong)


@pytest.mark.parametrize(("words", "count"), [("person list", 1), ("backup {at}/b.tar.gz", 0)])
def test_whatever_would_take_the_step_makes_it_first(tmp_path, words, count, capsys, monkeypatch):
    monkeypatch.setenv("HONGYAN_UPDATE_BACKUP", "")
    home = older(tmp_path / "home")
    app.run(words.format(at=tmp_path).split(), Settings(home=home))
    assert len(in_data(home / "data")) == count
    assert ("go back" in capsys.readouterr().err) == bool(count)


async def test_what_it_is_made_of_goes_on(tmp_path):
    """It is brought forward after it, and takes messages."""
    home = older(tmp_path / "home")
    keep(home, "")
    messages = Messages(home / "data/messages.db")
    await messages.accept("p", Message("new", "ann", "问"), 1)
    messages.close()
    assert version_of(home) == TABLES.version
