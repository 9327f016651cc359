"""Lists of words: text files in `words/` of the home, to be kept in git and edited by hand."""

import asyncio
import functools
import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runtime import files
from runtime.errors import BadSettings, Conflict, NotFound
from runtime.lang import Text
from runtime.locks import Alone
from runtime.newest import Newest
from runtime.off_loop import off_loop
from runtime.safety.words.matching import Matcher
from runtime.safety.words.spellings import Pattern, pattern
from runtime.trash import About, Deleted, Kind, Taken, Trash

OWN = "words"
"""In the home."""
FILE = "list.txt"
"""What one is called while it is aside."""
GIVEN = Path(__file__).parents[3] / "templates" / "words"
"""What ships with the program."""
LARGEST = 2_000_000
"""Bytes of one list…"""
MOST_WORDS = 50_000
"""…its words…"""
LONGEST = 64
"""…the characters of one…"""
MOST_LISTS = 100
"""…and how many lists there are."""
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
PRIVATE = 0o600
PATIENCE = 2.0
"""Seconds that a turn waits for a list that was changed just now; then it goes by what the list was."""

NO_LIST = Text("没有词表「{name}」。", "There is no word list {name!r}.")
BAD_NAME = Text(
    "名称只能用小写字母、数字、- 和 _，最多 64 个。",
    "A name may have lower-case letters, digits, - and _, 64 at most.",
)
TOO_LARGE = Text(
    "词表太大：最多 {words} 个词、2 MB。", "The list is too large: {words} words and 2 MB at most."
)
NOT_TEXT = Text(
    "文件不是 UTF-8 文本，请另存为 UTF-8 再上传。", "The file is no UTF-8 text; save it as UTF-8 first."
)
NO_WORDS = Text("里面没有词：每行写一个词。", "There is no word in it: write one a line.")
TOO_LONG = Text(
    "第 {line} 行太长（最多 {longest} 个字）。", "Line {line} has more than {longest} characters."
)
NOTHING_LEFT = Text(
    "第 {line} 行只有标点，没有可比的字。", "Line {line} has only punctuation, and nothing to compare."
)
GIVEN_ONE = Text(
    "「{name}」是自带的词表，不能改；请换个名称存一份自己的。",
    "{name!r} is one of the given lists, which stay as they are; save your own under another name.",
)
TAKEN = Text(
    "已经有另一个词表「{name}」了，请先删除它。", "There is another list {name!r} by now; delete it first."
)
THERE = Text(
    "已经有词表「{name}」了，请换一个名称，或关闭后点它的「修改」。",
    "There is a word list {name!r} already; choose another name, or close this and edit it.",
)
FULL = Text("词表太多，最多 {most} 个。", "There are {most} lists; delete some first.")


@dataclass(frozen=True)
class WordList:
    """`words`: how many; `allowed`: how many exceptions."""

    name: str
    words: int
    allowed: int
    is_given: bool
    text: str


def read(text: str) -> Iterator[Pattern]:
    """A word a line; `!` before one that is allowed, `=` before one of which homophones do not count, `#`
    before a remark. Raises BadSettings."""
    number = 0
    for line, written in enumerate(text.splitlines(), 1):
        word = written.strip()
        if not word or word.startswith("#"):
            continue
        allowed, as_written = word.startswith("!"), word.startswith("=")
        word = word.lstrip("!=").strip()
        if len(word) > LONGEST:
            raise BadSettings(TOO_LONG.fill(line=line, longest=LONGEST), field="text")
        found = pattern(word, allowed=allowed, as_written=as_written)
        if found is None:
            raise BadSettings(NOTHING_LEFT.fill(line=line), field="text")
        number += 1
        if number > MOST_WORDS:
            raise BadSettings(TOO_LARGE.fill(words=MOST_WORDS), field="text")
        yield found


class WordLists:
    """Every method does file I/O of a few milliseconds and may be called from any thread."""

    def __init__(
        self,
        home: Path,
        given: Path = GIVEN,
        *,
        made: Callable[[list[Pattern]], Matcher] = Matcher,
        patience: float = PATIENCE,
    ) -> None:
        self._folder, self._given = home / OWN, given
        self._made, self._patience = made, patience
        self._trash = Trash(home / "data" / "trash" / "words", Kind(self._places))
        self._compiled = Newest[tuple[object, ...], Matcher](20)
        self._last = Newest[tuple[tuple[str, ...], tuple[str, ...]], Matcher](20)
        """What was compiled last of these lists, however they were then."""
        self._under_way = Newest[tuple[object, ...], Future[Matcher]](20)
        self._across = Alone(home / "data" / "words.lock")
        self._lock = threading.Lock()
        self._compiling = threading.Lock()

    def names(self) -> list[str]:
        """The given ones first."""
        return [
            *self._in(self._given),
            *(name for name in self._in(self._folder) if not self._is_given(name)),
        ]

    def all(self) -> list[WordList]:
        """With what can be read of each."""
        return [self.get(name) for name in self.names()]

    def get(self, name: str) -> WordList:
        """Raises NotFound."""
        text = self._content(self._path(name)).decode("utf-8", "replace")
        lines = [line.strip() for line in text.splitlines()]
        said = [line for line in lines if line and not line.startswith("#")]
        allowed = sum(line.startswith("!") for line in said)
        return WordList(name, len(said) - allowed, allowed, self._is_given(name), text)

    def save(self, name: str, content: bytes, *, fresh: bool = False) -> WordList:
        """A new one, or another content; a `fresh` one must not replace another. Raises BadSettings with
        `name` or `text` as its field, Conflict, NotSaved."""
        if not NAME.fullmatch(name):
            raise BadSettings(BAD_NAME, field="name")
        if self._is_given(name):
            raise Conflict(GIVEN_ONE.fill(name=name), field="name")
        if fresh and name in self.names():
            raise Conflict(THERE.fill(name=name), field="name")
        if len(content) > LARGEST:
            raise BadSettings(TOO_LARGE.fill(words=MOST_WORDS), field="text")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise BadSettings(NOT_TEXT, field="text") from None
        if all(one.allowed for one in list(read(text))):
            raise BadSettings(NO_WORDS, field="text")
        if name not in self.names() and len(self._in(self._folder)) >= MOST_LISTS:
            raise Conflict(FULL.fill(most=MOST_LISTS))
        files.write_whole(self._folder / f"{name}.txt", text.encode(), PRIVATE)
        return self.get(name)

    def remove(self, name: str, *, by: str = "") -> str:
        """Return a token for `restore`. Raises NotFound, NotSaved; Conflict for a given one."""
        if self._is_given(name):
            raise Conflict(GIVEN_ONE.fill(name=name))
        self._path(name)
        with self._alone():
            return self._trash.take({"id": name, "name": name, "by": by}, [FILE])

    def restore(self, token: str, *, renamed: bool = False) -> str:
        """Undo `remove`; return the name. `renamed`: beside what has its name by now. Raises NotFound,
        NotSaved; Taken when it is taken by now."""
        with self._alone():
            deleted = self._trash.find(token)
            name = str(deleted.about["id"])
            if self._place(name).exists():
                if not renamed:
                    raise Taken(TAKEN.fill(name=name))
                name = self._free(name)
            self._trash.give_back(deleted, {**deleted.about, "id": name, "name": name})
            return name

    def deleted(self) -> list[Deleted]:
        """What can be had back, the last one first."""
        with self._alone():
            return self._trash.listing()

    def drop_deleted(self, token: str) -> None:
        """Nobody can have it back any more. Raises NotSaved."""
        with self._alone():
            self._trash.drop(token)

    def matcher(self, names: Sequence[str], words: Sequence[str] = ()) -> Matcher:
        """Of these lists, as their files are now, and of more words. Raises NotFound, BadSettings."""
        paths, key = self._seen(names, words)
        if (known := self._known(key)) is not None:
            return known
        # One at a time, and nobody waits for it whose lists are compiled.
        with self._compiling:
            if (known := self._known(key)) is not None:
                return known
            listed = [one for path in paths for one in read(self._content(path).decode("utf-8", "replace"))]
            listed += read("\n".join(words))
            made = self._made(listed)
            with self._lock:
                self._compiled[key] = self._last[tuple(names), tuple(words)] = made
            return made

    async def in_force(self, names: Sequence[str], words: Sequence[str], seconds: float) -> Matcher | None:
        """As `matcher`, in that time; or else of the lists as they were when they were compiled last, None
        when they never were. Then they are compiled meanwhile, by a thread of their own, and are in force
        once that is done. Raises NotFound, BadSettings."""
        with self._lock:
            last = self._last.get((tuple(names), tuple(words)))
        _, key = await off_loop(self._seen, names, words)
        if (known := self._known(key)) is not None:
            return known
        with self._lock:
            compiling = self._under_way.get(key)
            if compiling is None or compiling.done():
                compiling = self._under_way[key] = _compiler().submit(self.matcher, names, words)
        waited = asyncio.wrap_future(compiling)
        await asyncio.wait([waited], timeout=seconds if last is None else min(seconds, self._patience))
        return waited.result() if waited.done() else last

    def _seen(self, names: Sequence[str], words: Sequence[str]) -> tuple[list[Path], tuple[object, ...]]:
        """The files, and by what it is known how they are. Raises NotFound."""
        paths = [self._path(name) for name in names]
        seen = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
        return paths, (seen, tuple(words))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """What a crash broke off comes to its end."""
        with self._across():
            self._trash.settle()
            yield

    def _known(self, key: tuple[object, ...]) -> Matcher | None:
        with self._lock:
            return self._compiled.get(key)

    def _places(self, about: About, names: Collection[str]) -> Mapping[str, Path]:
        """Raises NotFound."""
        return {FILE: self._place(str(about.get("id", "")))}

    def _place(self, name: str) -> Path:
        """Raises NotFound."""
        if not NAME.fullmatch(name):
            raise NotFound(NO_LIST.fill(name=name[:64]))
        return self._folder / f"{name}.txt"

    def _free(self, name: str) -> str:
        number = 2
        while (made := f"{name[:60]}-{number}") in self.names():
            number += 1
        return made

    def _in(self, folder: Path) -> list[str]:
        found = sorted(path.stem for path in folder.glob("*.txt") if path.is_file() and not path.is_symlink())
        return [name for name in found if NAME.fullmatch(name)]

    def _is_given(self, name: str) -> bool:
        return name in self._in(self._given)

    def _path(self, name: str) -> Path:
        """Raises NotFound."""
        if name not in self.names():
            raise NotFound(NO_LIST.fill(name=name))
        return (self._given if self._is_given(name) else self._folder) / f"{name}.txt"

    def _content(self, path: Path) -> bytes:
        return path.read_bytes()[:LARGEST]


@functools.cache
def _compiler() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "lists")
