"""A store at which nobody works, that is to be elsewhere: on another engine, or on the same one.

What is new stands under a name of its own until it is whole, and becomes the store in one step. The old one
keeps what it has, and a mark that says where that went.
"""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from runtime.errors import StoreFailed
from runtime.lang import Text
from runtime.store.database import Db, Work
from runtime.store.database.contents import Step
from runtime.store.opening import Tables

_BEGUN = Text(
    "{here} 里的消息正在搬到 {to}，还没有搬完。请再运行一次 python app.py move --to …，它会接着搬；"
    "不搬了，运行 python app.py move --undo。",
    "The messages of {here} are being moved to {to}, and not all are there. Run python app.py move --to … "
    "again, which goes on; to call it off, run python app.py move --undo.",
)
_DONE = Text(
    "{here} 里的消息已经搬到 {to}，{how}。要搬回来：从那里运行 python app.py move --to …；"
    "要用回这里搬走时的样子，运行 python app.py move --undo。",
    "The messages of {here} were moved to {to}: {how}. To move them back, run python app.py move --to … "
    "from there; to use what is here as it was then, run python app.py move --undo.",
)
_BY_URL = Text("请把 HONGYAN_DATABASE_URL 设为那个地址", "set HONGYAN_DATABASE_URL to that address")
_BY_HOME = Text(
    "请用那个 HONGYAN_HOME，不设 HONGYAN_DATABASE_URL",
    "start with that HONGYAN_HOME and without HONGYAN_DATABASE_URL",
)


@dataclass(frozen=True)
class Mark:
    """On a store that was left. `to`: as it is shown; `number`: of what stands there; `at`: in seconds."""

    to: str
    number: int
    at: float
    is_done: bool = False

    def written(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    def refusal(self, here: str) -> StoreFailed:
        how = _BY_URL if "://" in self.to else _BY_HOME
        text = _DONE if self.is_done else _BEGUN
        return StoreFailed(text.fill(here=here, to=self.to, how=how), code="moved")


def read_mark(text: str) -> Mark:
    """Raises ValueError, TypeError."""
    return Mark(**json.loads(text))


class Movable(Protocol):
    """Raises StoreFailed. For a thread in which no event loop runs."""

    shown: str

    def mark(self) -> Mark | None: ...

    def put_mark(self, mark: Mark | None) -> None: ...

    def users(self) -> str:
        """Who has it open, in words; "" for nobody who can be seen from here."""

    def number(self) -> int:
        """Given when it came here from elsewhere, or was made; 0 where nothing is."""

    def is_empty(self, tables: Tables) -> bool:
        """Whether nothing would be lost if another one stood here. Brings nothing forward."""

    def reading(self, tables: Tables) -> AbstractContextManager[Db]:
        """All that is in it, at one moment, brought forward to this version."""

    def copy_to(self, file: Path, tables: Tables) -> bool:
        """As it is at one moment, also while it is used, and of the version that it is of; False where it is
        no file of SQLite's, and of this version: then its rows are read one by one."""

    def counters(self, db: Db, tables: Tables) -> Mapping[str, int]:
        """The last number that each table gave, also to rows that are gone."""

    def building(self, tables: Tables, number: int) -> AbstractContextManager[tuple[Db, Step]]:
        """A new one beside it: as it was left when it was begun with that number, else an empty one."""

    def become(self, tables: Tables, number: int, counters: Mapping[str, int], stamp: str) -> str:
        """That one is the store from now on. Returns where the former one is, "" where there was none."""

    def call_off(self) -> None:
        """What was begun beside it goes."""

    def taken_back(self, tables: Tables, work: Work[int]) -> int:
        """It has no mark any more, and that was done in it, in one step."""
