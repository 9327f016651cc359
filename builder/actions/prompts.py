"""The clicks of the prompts' page: list, write in several languages, look, copy, rename, delete and undo."""

from collections.abc import Iterator, Mapping
from typing import Any

from builder.actions import RESTORED, Notice, pair
from builder.actions.taking_away import undone_by
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded
from runtime.access.permissions import SOME, Permission, needs
from runtime.errors import BadTemplate, HongyanError
from runtime.lang import Text
from runtime.prompt_library.library import PromptLibrary, as_json, read_json
from runtime.prompt_library.using import Frozen, User, live, rename, using
from runtime.templating.own import Languages, each
from runtime.templating.template_file import parsed

Json = dict[str, Any]

SAVED = Text("已保存。", "Saved.")
COPIED = Text("已复制为「{title}」。", "Copied as “{title}”.")
DELETED = Text("已删除「{title}」。", "Deleted “{title}”.")
RENAMED = Text("已改为「{to}」。", "It is {to} now.")
MENDED = Text(
    "已改为「{to}」，用到它的 {n} 个智能体也改好了。", "It is {to} now, also in {n} agents that use it."
)
NEW = Text("新提示词", "New prompt")
COPY = Text(" 副本", " copy")


def library(studio: Studio) -> PromptLibrary:
    return PromptLibrary(studio.settings.home)


@needs(Permission.AGENTS_VIEW, on=SOME)
def overview(studio: Studio, who: Actor) -> Json:
    """Every template: the owner's first, then the given ones."""
    prompts, users = library(studio), _users(studio, who)
    own, given = prompts.own.ids(), prompts.own.given()
    ids = [*sorted(own - given), *sorted(given)]
    # by hand, under the name of a given one
    hidden = [{"id": id, "text": pair(HIDDEN.fill(id=id))} for id in sorted(own & given)]
    lines = [_line(prompts, id, users.get(id, []), given=id in given) for id in ids]
    return {"templates": lines, "hidden": hidden}


HIDDEN = Text(
    "prompts/ 里的「{id}」和自带的模板同名，没有用上；请给文件换一个名字。",
    "{id!r} in prompts/ has the name of a given template and is not used: rename the file.",
)


def _line(prompts: PromptLibrary, id: str, users: list[User], *, given: bool) -> Json:
    line = {"id": id, "given": given, "used_by": [one.name for one in users], "languages": {}, "broken": None}
    try:
        found = prompts.own.get(id)
    except HongyanError as e:
        return {**line, "broken": pair(e.text)}
    shown = {code: {"title": one.title, "description": one.description} for code, one in found.items()}
    return {**line, "languages": shown}


@needs(Permission.AGENTS_VIEW, on=SOME)
def template(studio: Studio, who: Actor, id: str) -> Json:
    """One with all that its page shows, of agents those that they may see. Raises NotFound, BadTemplate."""
    prompts = library(studio)
    found = prompts.own.get(id)
    return {
        "id": id,
        "given": id in prompts.own.given(),
        "revision": prompts.own.revision(id),
        "languages": as_json(found),
        "samples": prompts.samples(id),
        "used_by": [vars(user) for user in _users(studio, who).get(id, [])],
        "live": [
            {"place": one.place, "agent": one.agent, "same": _same(held, found)}
            for one, held in live(id, frozen(studio))
            if who.may(Permission.AGENTS_VIEW, one.agent)
        ],
    }


def _users(studio: Studio, who: Actor) -> dict[str, list[User]]:
    """By template, of the agents that they may see."""
    return {
        id: [one for one in users if who.may(Permission.AGENTS_VIEW, one.id)]
        for id, users in using(studio.library).items()
    }


def _same(held: Mapping[str, Any] | None, found: Languages) -> bool:
    """Whether a version has it as it is now; a given one is always as it is."""
    return held is None or held.get("text") in [one.text for one in found.values()]


def frozen(studio: Studio) -> Iterator[Frozen]:
    """What answers people."""
    for one in studio.control.publications():
        version = studio.control.version(one.id, one.version) if one.enabled else None
        if version is not None:
            place = f"{one.channel} {one.account}".strip()
            yield Frozen(place, one.agent, version.agent)


@needs(Permission.AGENTS_EDIT)
@recorded("title")
def create(studio: Studio, who: Actor, lang: str, title: str = "") -> Json:
    """An empty one in the reader's language. Raises BadTemplate, Conflict, NotSaved."""
    language = "zh" if lang == "zh" else "en"
    title = title.strip() or NEW.to(language)
    made = read_json("new", {language: {"title": title, "text": ""}})
    return {"id": library(studio).create(made, title, by=who.id)}


@needs(Permission.AGENTS_EDIT)
def copy(studio: Studio, who: Actor, id: str) -> Notice:
    """A given one, too. Raises NotFound, BadTemplate, Conflict, NotSaved."""
    prompts = library(studio)
    found = each(
        prompts.own.get(id),
        lambda one: one.model_copy(update={"title": one.title[:50] + COPY.to(one.language)}),
    )
    made = prompts.create(found, "", by=who.id, id=prompts.own.free_id(id))
    prompts.keep_samples(made, prompts.samples(id))
    return Notice(COPIED.fill(title=next(iter(found.values())).title), {"id": made})


@needs(Permission.AGENTS_EDIT)
def keep_copy(studio: Studio, who: Actor, id: str, languages: Json) -> Notice:
    """What is written of that one, as another. Raises BadTemplate, Conflict, NotSaved."""
    written = each(
        read_json("new", languages),
        lambda one: one.model_copy(update={"title": one.title[:50] + COPY.to(one.language)}),
    )
    prompts = library(studio)
    made = prompts.create(written, "", by=who.id, id=prompts.own.free_id(f"{id[:60]}-2"))
    return Notice(COPIED.fill(title=next(iter(written.values())).title), {"id": made})


@needs(Permission.AGENTS_EDIT)
def save(studio: Studio, who: Actor, id: str, languages: Json, revision: str) -> Notice:
    """Raises BadTemplate with the language and the field, Conflict, NotSaved."""
    found = read_json(id, languages)
    return Notice(SAVED, {"revision": library(studio).save(id, found, revision, by=who.id)})


@needs(Permission.AGENTS_EDIT)
def rename_template(studio: Studio, who: Actor, id: str, to: str) -> Notice:
    """With all who use it, or not at all. Raises BadTemplate, BadAgent, Conflict, NotFound, NotSaved."""
    if to == id:
        return Notice(value={"id": id})
    mended = rename(library(studio), studio.library, id, to, frozen(studio), by=who.id)
    told = MENDED.fill(to=to, n=len(mended)) if mended else RENAMED.fill(to=to)
    return Notice(told, {"id": to})


@needs(Permission.AGENTS_DELETE)
@undone_by("restore")
def delete(studio: Studio, who: Actor, id: str) -> Notice:
    """What is published has it with it. Raises NotFound, Conflict, NotSaved."""
    prompts = library(studio)
    try:
        title = next(iter(prompts.own.get(id).values())).title
    except BadTemplate:
        title = id
    token = prompts.remove(id, by=who.id)
    return Notice(DELETED.fill(title=title), {"id": id}, undo={"token": token})


@needs(Permission.AGENTS_DELETE)
def restore(studio: Studio, token: str) -> Notice:
    """Raises NotFound, Conflict, NotSaved."""
    return Notice(RESTORED, {"id": library(studio).restore(token)})


@needs(Permission.AGENTS_EDIT)
def keep_samples(studio: Studio, id: str, samples: Json) -> None:
    """Raises NotFound, NotSaved."""
    library(studio).keep_samples(id, samples)


@needs(Permission.AGENTS_EDIT)
def import_template(studio: Studio, who: Actor, name: str, text: str) -> Notice:
    """A .j2 file that somebody chose; one of a template that is there, in a language that it lacks, joins it.

    Raises BadTemplate, Conflict, NotSaved.
    """
    stem, _, rest = name.rpartition("/")[2].removesuffix(".j2").partition(".")
    language = rest if rest in ("zh", "en") else "zh"
    prompts = library(studio)
    found = parsed(text, "new", language, name[:80])
    id = "".join(one if one in ALLOWED else "_" for one in stem.lower())[:60].strip("_-")
    there = _own(prompts, id)
    if there and language not in there:
        joined = {**there, language: found.model_copy(update={"id": id})}
        prompts.save(id, joined, prompts.own.revision(id), by=who.id)
        made = id
    else:
        made = prompts.create(
            {language: found}, found.title, by=who.id, id=prompts.own.free_id(id) if id else ""
        )
    return Notice(IMPORTED.fill(title=found.title), {"id": made})


ALLOWED = "abcdefghijklmnopqrstuvwxyz0123456789-_"
IMPORTED = Text("已导入「{title}」。", "Imported “{title}”.")


def _own(prompts: PromptLibrary, id: str) -> Languages:
    return prompts.own.get(id) if id in prompts.own.ids() - prompts.own.given() else {}


@needs(Permission.AGENTS_EDIT, on=SOME)
@recorded()
def export(studio: Studio, id: str) -> list[Json]:
    """Its files, one a language. Raises NotFound, BadTemplate."""
    found = library(studio).own.get(id)
    return [{"name": f"{id}.{language}.j2", "text": one.to_file()} for language, one in found.items()]
