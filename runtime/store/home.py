"""Where the files of a home are: in its folder alone, or in the database that several instances have."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.store.database.moving import Mark
from runtime.store.database.place import movable_at, url_of
from runtime.store.database.postgres_url import VARIABLE, read
from runtime.store.messages.tables import TABLES

S3_URL = "HONGYAN_S3_URL"
ALONE = Text(
    "设了 {name}，还要设 {needs}：大文件是数据库里的文件的一部分。",
    "{name} is set, so {needs} is needed, too: large files are a part of those in the database.",
)

Marks = Callable[[bool], Sequence[str]]


@contextmanager
def home_of(home: Path, secret_key: str, *, also_left: bool = False) -> Iterator[None]:
    """While this lasts, whatever this process does with the files of that home is every instance's.

    `secret_key`: as Settings has it. `also_left`: although the folder only copies what is in a database that
    the environment does not name. Raises BadSettings, StoreFailed, NotSaved: then nothing was taken.
    """
    data = home / "data"
    here = movable_at("", data / "messages.db")
    if not (url := url_of(data / "messages.db")):
        if not also_left and (left := here.mark()):
            raise left.refusal(here.shown)
        if os.environ.get(S3_URL):
            raise BadSettings(ALONE.fill(name=S3_URL, needs=VARIABLE), field=S3_URL)
        yield
        return
    from runtime.store.mirrored.home import home_in

    with home_in(read(url), home, marks_of(home, secret_key)):
        # begun without that database, it would be one more that answers, and what it is told soon forgotten
        left = here.mark()
        if here.is_empty(TABLES) if left is None else not left.number and left.to != read(url).shown:
            here.put_mark(Mark(read(url).shown, 0, time.time(), is_done=True))
        yield


def marks_of(home: Path, secret_key: str) -> Marks:
    """Of the keys that this home has, see keys.compare."""
    from runtime.store.control.secrets import SecretBox

    data = home / "data"

    def marks(may_make: bool) -> Sequence[str]:
        is_new = may_make and not any((data / "control").glob("*.json"))
        return SecretBox.in_folder(data, secret_key, is_new=is_new).marks

    return marks
