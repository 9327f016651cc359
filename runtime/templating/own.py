"""The owner's prompt templates: files in the home, which may also be edited by hand and kept in git."""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from runtime import files
from runtime.errors import BadTemplate, Conflict, NotFound
from runtime.lang import Text
from runtime.locks import Alone
from runtime.templating import sandbox
from runtime.templating.prompts import GIVEN, OWN
from runtime.templating.template_file import NAME, PromptTemplate, read
from runtime.trash import About, Deleted, DeletedElsewhere, Kind, Taken, Trash

PRIVATE = 0o600
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
MOST = 500
"""Templates of one owner."""

NO_TEMPLATE = Text("没有提示词模板「{id}」。", "There is no prompt template {id!r}.")
ELSEWHERE = Text(
    "「{id}」在别处改过了，这次没有保存。请载入最新的，再改一次。",
    "{id!r} was changed elsewhere; not saved. Load the latest and change it again.",
)
TAKEN = Text("已经有「{id}」了，请换一个编号。", "There is {id!r} already; take another id.")
TAKEN_AGAIN = Text("已经有另一个「{id}」了，请先删除它。", "There is another {id!r} by now; delete it first.")
GIVEN_ONE = Text(
    "「{id}」是自带的模板，不能改；可以复制一份再改。",
    "{id!r} is one of the given templates, which stay as they are; change a copy of it.",
)
NOT_AN_ID = Text(
    "编号只能用小写字母、数字、- 和 _，最多 64 个。",
    "An id may have lower-case letters, digits, - and _, 64 at most.",
)
FULL = Text("模板太多，最多 {most} 个；请先删除用不到的。", "There are {most} templates; delete some first.")

Languages = Mapping[str, PromptTemplate]
"""One template, by the languages in which it is written."""


class OwnPrompts:
    """Every method does file I/O of a few milliseconds and may be called from any thread."""

    def __init__(self, home: Path, given: Path = GIVEN) -> None:
        self.folder = home / OWN
        self._given = given
        self._trash = Trash(home / "data" / "trash" / "prompts", Kind(self._places))
        self._lock = Alone(home / "data" / "prompts.lock")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody else changes a template, and none is half deleted. Raises NotSaved."""
        with self._lock():
            self._trash.settle()
            yield

    def settle(self) -> None:
        """What a crash broke off comes to its end. Raises NotSaved."""
        if self._trash.begun():
            with self.alone():
                pass

    def ids(self) -> set[str]:
        """Of all that are there, broken ones too."""
        return {path.name.partition(".")[0] for path in self._paths(self.folder)}

    def given(self) -> set[str]:
        return {path.name.partition(".")[0] for path in self._paths(self._given)}

    def get(self, id: str) -> Languages:
        """A given one, too. Raises NotFound; BadTemplate where one of its files is broken."""
        folder = self._given if id in self.given() else self.folder
        found = [read(path) for path in self._paths(folder) if path.name.partition(".")[0] == id]
        if not found:
            raise NotFound(NO_TEMPLATE.fill(id=id))
        return {one.language: one for one in sorted(found, key=lambda one: one.language, reverse=True)}

    def revision(self, id: str) -> str:
        """Names what is in its files; "" where there are none."""
        content = [
            path.name.encode() + path.read_bytes()
            for path in sorted(self._paths(self.folder))
            if path.name.partition(".")[0] == id
        ]
        return hashlib.sha256(b"\0".join(content)).hexdigest()[:16] if content else ""

    def save(self, id: str, languages: Languages, revision: str | None) -> str:
        """In these languages and no others; return the new revision. `revision`: what the edit began from,
        "" for a new one, None when that does not matter.

        Raises BadTemplate with the language as its field, Conflict, NotSaved.
        """
        self.refuse_name(id)
        for language, one in languages.items():
            if wrong := sandbox.check(one.text):
                raise BadTemplate(wrong.text, field=language)
        with self.alone():
            there = self.revision(id)
            if revision is not None and there != revision:
                if revision and not there:
                    raise DeletedElsewhere(id)
                why = ELSEWHERE if revision else TAKEN
                raise Conflict(why.fill(id=id), field="" if revision else "id")
            if not there and len(self.ids()) >= MOST:
                raise Conflict(FULL.fill(most=MOST))
            for language, one in languages.items():
                files.write_whole(self._path(id, language), one.to_file().encode(), PRIVATE)
            for path in self._paths(self.folder):
                named = NAME.fullmatch(path.name)
                if named and named["id"] == id and named["language"] not in languages:
                    files.remove(path)
            return self.revision(id)

    def remove(self, id: str, name: str = "", *, by: str = "") -> str:
        """Broken ones too; return a token for `restore`.

        Raises NotFound, NotSaved; Conflict for a given one.
        """
        with self.alone():
            if id in self.given():
                raise Conflict(GIVEN_ONE.fill(id=id))
            paths = [path for path in self._paths(self.folder) if path.name.partition(".")[0] == id]
            if not paths:
                raise NotFound(NO_TEMPLATE.fill(id=id))
            about = {"id": id, "name": name or id, "by": by}
            return self._trash.take(about, [path.name for path in sorted(paths)])

    def restore(self, token: str, *, renamed: bool = False) -> str:
        """Undo `remove`; return the id. `renamed`: it comes back beside another one that has its id by now.

        Raises NotFound, NotSaved; Conflict when the id is taken by now.
        """
        with self.alone():
            deleted = self._trash.find(token)
            id = str(deleted.about.get("id", ""))
            if renamed:
                id = self.free_id(id)
            elif id in self.ids() | self.given():
                raise Taken(TAKEN_AGAIN.fill(id=id))
            self._trash.give_back(deleted, {**deleted.about, "id": id})
            return id

    def deleted(self) -> list[Deleted]:
        """What can be had back, the last one first. Raises NotSaved."""
        with self.alone():
            return self._trash.listing()

    def drop_deleted(self, token: str) -> None:
        """Nobody can have it back any more. Raises NotSaved."""
        with self.alone():
            self._trash.drop(token)

    def _places(self, about: About, names: Collection[str]) -> Mapping[str, Path]:
        """By the name that it had, under the id that it has. Raises NotFound."""
        id = str(about.get("id", ""))
        if not ID.fullmatch(id):
            raise NotFound(NO_TEMPLATE.fill(id=id))
        told = {name: match for name in names if (match := NAME.fullmatch(name))}
        return {name: self._path(id, match["language"]) for name, match in told.items()}

    def free_id(self, wanted: str) -> str:
        """That one, or with a number behind it."""
        taken = self.ids() | self.given()
        stem, number, id = re.sub(r"_\d+$", "", wanted), 1, wanted
        while id in taken:
            number += 1
            id = f"{stem[:58]}_{number}"
        return id

    def refuse_name(self, id: str) -> None:
        """Raises BadTemplate for what is no id; Conflict for a given one."""
        if not ID.fullmatch(id):
            raise BadTemplate(NOT_AN_ID, field="id")
        if id in self.given():
            raise Conflict(GIVEN_ONE.fill(id=id), field="id")

    def take_in(self, held: Mapping[str, PromptTemplate]) -> dict[str, str]:
        """What somebody brought along, under free ids where they are taken by others: by old id, new id."""
        renamed = {}
        with self.alone():
            for id, one in held.items():
                if not self._has(id, one):
                    new = self.free_id(id)
                    self.save(new, {one.language: one.model_copy(update={"id": new})}, "")
                    if new != id:
                        renamed[id] = new
        return renamed

    def _has(self, id: str, one: PromptTemplate) -> bool:
        try:
            return self.get(id).get(one.language) == one
        except (NotFound, BadTemplate):
            return False

    def _path(self, id: str, language: str) -> Path:
        return self.folder / f"{id}.{language}.j2"

    @staticmethod
    def _paths(folder: Path) -> list[Path]:
        return [one for one in folder.glob("*.??.j2") if NAME.fullmatch(one.name) and not one.is_symlink()]


def slug(title: str, instead: str = "prompt") -> str:
    """An id made of a title's latin words."""
    found = "_".join(re.findall(r"[a-z0-9]+", title.lower()))[:40].strip("_")
    return found if ID.fullmatch(found) else instead


def each(languages: Languages, change: Callable[[PromptTemplate], PromptTemplate]) -> Languages:
    return {language: change(one) for language, one in languages.items()}
