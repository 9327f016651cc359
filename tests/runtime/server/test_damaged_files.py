"""A file of the control store is damaged: nothing starts and says so, or everybody is answered."""

import pytest

from doorway import AGENT, publish
from runtime.errors import Unreadable
from runtime.server.program import build_program
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.table import Table
from runtime.store.control.user_records import SignIn
from runtime.turn.events import Replied
from script import wrote


def tables(holder, folder, found):
    """Every file that a control store knows, by name."""
    for one in vars(holder).values():
        if isinstance(one, Table):
            found.append(str(one._path.relative_to(folder)))
        elif type(one).__module__.startswith("runtime.store.control") and hasattr(one, "__dict__"):
            tables(one, folder, found)
    return found


def spoil(folder, name):
    for file in (folder / name, (folder / name).with_suffix(".previous.json")):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b'{"records": {"1"')


@pytest.fixture
def home(tmp_path):
    publish(Control.in_folder(tmp_path / "data"), "p", "web", {}, {}, AGENT)
    return tmp_path


@pytest.mark.parametrize(
    "junk", [b"", b'{"records": {"1"', b"[]", b'{"records": 5}', b'{"records": {"x": 1}}']
)
@pytest.mark.parametrize("is_running", [True, False], ids=["while it runs", "at a start"])
def test_people_can_sign_in_where_what_tells_who_is_signed_in_is_beyond_help(tmp_path, junk, is_running):
    """They would have to know which file to move away, and nobody is let in to ask."""

    def one(id, user="owner"):
        return SignIn(id=id, user=user, generation=0, opened_at=1.0, expires_at=9e9)

    control = Control.in_folder(tmp_path / "data")
    for n in range(3):
        control.sign_ins.put(one(f"s{n}"))
    control.sign_ins.all()
    folder = tmp_path / "data" / "control"
    for name in ("sign_ins.json", "sign_ins.previous.json"):
        (folder / name).write_bytes(junk)
    again = control if is_running else Control.in_folder(tmp_path / "data")
    again.sign_ins.put(one("s9"))
    known = ["s0", "s1", "s2"] if is_running else []  # the others sign in again
    for control in (again, Control.in_folder(tmp_path / "data")):
        assert [*control.sign_ins.all()] == [*known, "s9"]
    assert [path.read_bytes() for path in folder.glob("sign_ins.broken-*")] == [junk]


def test_what_only_cannot_be_read_just_now_is_not_begun_anew(tmp_path):
    control = Control.in_folder(tmp_path / "data")
    control.sign_ins.put(SignIn(id="s", user="owner", generation=0, opened_at=1.0, expires_at=9e9))
    again, path = Control.in_folder(tmp_path / "data"), tmp_path / "data" / "control" / "sign_ins.json"
    path.rename(path.with_suffix(".there"))
    path.mkdir()  # reads fail as they do for want of descriptors, or by a bad disk
    with pytest.raises(Unreadable):
        again.sign_ins.all()
    path.rmdir()
    path.with_suffix(".there").rename(path)
    assert [*again.sign_ins.all()] == ["s"]


def needed(home):
    """Whether nothing starts without it, by name: whoever starts it is told which file it is."""
    found = {}
    folder = home / "data" / "control"
    for name in dict.fromkeys(tables(Control.in_folder(home / "data"), folder, [])):
        kept = {file: file.read_bytes() for file in folder.rglob("*.json")}
        spoil(folder, name)
        try:
            Control.in_folder(home / "data").options()
            found[name] = False
        except Unreadable as e:
            found[name] = name in e.text.en
        for file in folder.rglob("*.json"):
            file.write_bytes(kept[file]) if file in kept else file.unlink()
    return found


async def test_with_every_file_damaged_that_it_starts_without_everybody_is_answered(home, caplog):
    damaged = [name for name, is_needed in needed(home).items() if not is_needed]
    assert {"canaries.json", "debug_words.json", "keys.json", "user_limits.json"} <= {*damaged}
    for name in damaged:
        spoil(home / "data" / "control", name)
    settings = Settings(home=home)
    program = build_program(settings, Control.in_folder(settings.data))
    await program.gateway.start()
    try:
        for n in range(3):
            message = wrote(text="在吗", id=f"m{n}")
            last = [one async for one in program.gateway.stream("p", message, pieces=False)][-1]
            assert isinstance(last, Replied)
        assert b"hongyan_turns_total" in program.gateway.metrics.render()
    finally:
        await program.gateway.stop()
    assert caplog.text.count("canaries.json' cannot be read") < 5
