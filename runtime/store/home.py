"""Where the files of a home are: in its folder alone, or in the database that several instances have."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.store.database.place import url_of
from runtime.store.database.postgres_url import VARIABLE, read

S3_URL = "HONGYAN_S3_URL"
ALONE = Text(
    "设了 {name}，还要设 {needs}：大文件是数据库里的文件的一部分。",
    "{name} is set, so {needs} is needed, too: large files are a part of those in the database.",
)

Marks = Callable[[bool], Sequence[str]]


@contextmanager
def home_of(home: Path, secret_key: str) -> Iterator[None]:
    """While this lasts, whatever this process does with the files of that home is every instance's.

    `secret_key`: as Settings has it. Raises BadSettings, StoreFailed, NotSaved: then nothing was taken.
    """
    data = home / "data"
    if not (url := url_of(data / "messages.db")):
        if os.environ.get(S3_URL):
            raise BadSettings(ALONE.fill(name=S3_URL, needs=VARIABLE), field=S3_URL)
        yield
        return
    from runtime.store.mirrored.home import home_in

    with home_in(read(url), home, marks_of(home, secret_key)):
        yield


def marks_of(home: Path, secret_key: str) -> Marks:
    """Of the keys that this home has, see keys.compare."""
    from runtime.store.control.secrets import SecretBox

    data = home / "data"

    def marks(may_make: bool) -> Sequence[str]:
        is_new = may_make and not any((data / "control").glob("*.json"))
        return SecretBox.in_folder(data, secret_key, is_new=is_new).marks

    return marks
