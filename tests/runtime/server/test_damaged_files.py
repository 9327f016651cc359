"""A file of the control store is damaged: nothing starts and says so, or everybody is answered."""

import pytest

from doorway import AGENT, publish
from runtime.errors import Unreadable
from runtime.server.program import build_program
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.table import Table
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
    finally:
        await program.gateway.stop()
    assert caplog.text.count("canaries.json' cannot be read") < 5
