"""Prompt templates of a folder, such as one in git, and of the store; see agents/syncing.py."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.agents.pasted_keys import keys
from runtime.errors import BadAgent, BadTemplate
from runtime.files import remove, write_whole
from runtime.prompt_library.library import PromptLibrary, as_json
from runtime.templating import sandbox
from runtime.templating.own import Languages
from runtime.templating.template_file import NAME, read

FOLDER = "prompts"
"""In the folder of the agents, as in a home."""


@dataclass(frozen=True)
class Whole:
    """One template, in all its languages."""

    languages: Languages

    def to_json(self) -> dict[str, Any]:
        return dict(sorted(as_json(self.languages).items()))


class PromptsInFolder:
    """`folder`: with the files themselves."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ids(self) -> Collection[str]:
        return {path.name.partition(".")[0] for path in self._files()}

    def get(self, id: str) -> Whole | None:
        """Raises BadAgent for one that is broken."""
        try:
            found = [read(path) for path in self._files() if path.name.partition(".")[0] == id]
            for one in found:
                if wrong := sandbox.check(one.text):
                    raise BadAgent(wrong.text, field=f"{id}.{one.language}")
        except BadTemplate as e:
            raise BadAgent(e.text, field=e.field or id) from None
        return Whole({one.language: one for one in found}) if found else None

    def put(self, id: str, whole: Whole) -> None:
        """Raises BadAgent for one that holds a key: whoever reads the folder would have it."""
        if found := next(keys(whole.to_json()), None):
            field, why = found
            raise BadAgent(why, field=field)
        for language, one in whole.languages.items():
            write_whole(self._folder / f"{id}.{language}.j2", one.to_file().encode())
        self._keep_only(id, whole.languages)

    def remove(self, id: str) -> None:
        self._keep_only(id, ())

    def _keep_only(self, id: str, languages: Collection[str]) -> None:
        for path in self._files():
            name, language, _ = path.name.split(".")
            if name == id and language not in languages:
                remove(path)

    def _files(self) -> list[Path]:
        there = self._folder.glob("*.??.j2")
        return sorted(path for path in there if NAME.fullmatch(path.name) and not path.is_symlink())


class PromptsInStore:
    """`by`: who brings what is put, see Actor. Whatever changes is kept among the template's versions."""

    def __init__(self, library: PromptLibrary, by: str) -> None:
        self._library, self._by = library, by
        self._got: dict[str, str] = {}
        """With their revisions."""

    def ids(self) -> Collection[str]:
        return self._library.own.ids() - self._library.own.given()

    def get(self, id: str) -> Whole | None:
        """Raises BadAgent for one that is broken."""
        self._got[id] = self._library.own.revision(id)
        if id not in self.ids():
            return None
        try:
            return Whole(self._library.own.get(id))
        except BadTemplate as e:
            raise BadAgent(e.text, field=e.field or id) from None

    def put(self, id: str, whole: Whole) -> None:
        try:
            self._library.save(id, whole.languages, self._got.get(id, ""), by=self._by)
        except BadTemplate as e:
            raise BadAgent(e.text, field=e.field or id) from None

    def remove(self, id: str) -> None:
        self._library.remove(id, by=self._by)
