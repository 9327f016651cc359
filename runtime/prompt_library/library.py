"""Prompt templates with what they were before, and with the values that they are tried with."""

import contextlib
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from runtime import files, wellformed
from runtime.agents.history import History
from runtime.errors import BadTemplate, Conflict, HongyanError, NotFound
from runtime.schema import first_problem
from runtime.templating.own import ID, NO_TEMPLATE, PRIVATE, TAKEN, Languages, OwnPrompts, each, slug
from runtime.templating.template_file import PromptTemplate

Json = dict[str, Any]

MOST_SAMPLES = 100
LONGEST_SAMPLE = 20_000
"""Characters."""
LARGEST_SAMPLES = 400_000
"""Bytes of the values of one template."""


class PromptLibrary:
    """Every method does file I/O of a few milliseconds and may be called from any thread."""

    def __init__(self, home: Path) -> None:
        self.own = OwnPrompts(home)
        self.history = History(home / "data" / "prompts" / "history")
        self._samples = home / "data" / "prompts" / "samples"

    def create(self, languages: Languages, title: str, *, by: str, id: str = "") -> str:
        """Under an id made of the title. Raises BadTemplate, Conflict, NotSaved."""
        with self.own.alone():
            fresh = id or self.own.free_id(slug(title))
            named = each(languages, lambda one: one.model_copy(update={"id": fresh}))
            self.own.save(fresh, named, "")
            with contextlib.suppress(HongyanError):  # then its list is longer than it should be
                self.history.clear(fresh)
            self._remember(fresh, named, by)
        return fresh

    def save(self, id: str, languages: Languages, revision: str, *, by: str) -> str:
        """The new revision. Raises BadTemplate with the language as its field, Conflict, NotSaved."""
        with self.own.alone():
            before = self._there(id)
            saved = self.own.save(id, languages, revision)
            if before and not self.history.states(id):
                self.history.keep(id, as_json(before), time.time(), alone=True)
            self._remember(id, languages, by)
        return saved

    def remove(self, id: str, *, by: str) -> str:
        """What it was is kept; return a token for `restore`. Raises NotFound, Conflict, NotSaved."""
        with self.own.alone():
            if there := self._there(id):
                self.history.keep(id, as_json(there), time.time(), alone=True, by=by)
            return self.own.remove(id, _title_of(there), by=by)

    def restore(self, token: str, *, renamed: bool = False) -> str:
        """Byte for byte as it was when it was removed; return the id. `renamed`: beside another one that has
        its id by now. Raises NotFound, NotSaved; Conflict when the id is taken by now."""
        return self.own.restore(token, renamed=renamed)

    def move(self, id: str, to: str, *, by: str) -> None:
        """The same under another id as well: whoever uses the old one is told first. Raises as `create`."""
        with self.own.alone():
            if to in self.own.ids():
                raise Conflict(TAKEN.fill(id=to), field="id")
            languages = self.own.get(id)
            former = self.history.states(id)
            self.create(languages, "", by=by, id=to)
            for state in reversed(former):
                self.history.keep(to, state.data, state.at, state.note, alone=True, by=state.by)
            self.keep_samples(to, self.samples(id))

    def samples(self, id: str) -> dict[str, str]:
        """What its names stand for while one looks at it."""
        if not ID.fullmatch(id):
            return {}
        try:
            found = wellformed.load((self._samples / f"{id}.json").read_bytes(), largest=LARGEST_SAMPLES)
        except (OSError, ValueError):
            return {}
        return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}

    def keep_samples(self, id: str, values: Mapping[str, str]) -> None:
        """Of a given template, too. Raises NotFound, NotSaved; BadTemplate where there is too much."""
        if id not in self.own.ids() | self.own.given():
            raise NotFound(NO_TEMPLATE.fill(id=id))
        kept = {str(name)[:200]: str(value)[:LONGEST_SAMPLE] for name, value in values.items() if value}
        content = json.dumps(dict(list(kept.items())[:MOST_SAMPLES]), ensure_ascii=False).encode()
        if len(content) <= LARGEST_SAMPLES:
            files.write_whole(self._samples / f"{id}.json", content, PRIVATE)

    def _there(self, id: str) -> Languages:
        try:
            return self.own.get(id) if id in self.own.ids() else {}
        except (BadTemplate, NotFound):
            return {}

    def _remember(self, id: str, languages: Languages, by: str) -> None:
        self.history.keep(id, as_json(languages), time.time(), alone=True, by=by)


def _title_of(languages: Languages) -> str:
    return next((one.title for one in languages.values()), "")


def as_json(languages: Languages) -> Json:
    """As versions keep it."""
    return {
        language: one.model_dump(mode="json", exclude={"id", "language"}, exclude_defaults=True)
        for language, one in languages.items()
    }


def read_json(id: str, given: Any) -> dict[str, PromptTemplate]:
    """Raises BadTemplate, whose field is `language.name`."""
    found = {}
    for language, one in given.items() if isinstance(given, dict) else ():
        try:
            about = {**one, "id": id, "language": language} if isinstance(one, dict) else one
            found[language] = PromptTemplate.model_validate(about)
        except ValidationError as e:
            problem = first_problem(e)
            raise BadTemplate(problem.sentence(), field=f"{language}.{problem.field}") from None
    if not found:
        raise BadTemplate(NO_TEMPLATE.fill(id=id))
    return found
