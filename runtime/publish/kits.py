"""The project of a publication whose channel brings one (BringsKit), as a ZIP.

Its files are data, below templates/. What differs from one publication to another stands in config.js, which
is JSON behind one assignment, and in keys of its JSON files: nothing is written into code.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from runtime.agents.as_folder import zipped
from runtime.channels import BringsKit
from runtime.errors import BadSettings, NotFound
from runtime.lang import Text
from runtime.publish.credentials import channel_named
from runtime.schema import first_problem
from runtime.settings import Settings
from runtime.store.control.control import Control

CONFIG = "config.js"
LONGEST_NAME = 100
"""Characters of the agent's name: the app is told the whole one when it asks."""
NONE = Text("没有「{id}」这个发布。", "There is no publication {id!r}.")
NO_KIT = Text("「{id}」的渠道不带工程文件。", "The channel of {id!r} brings no project.")
NO_ADDRESS = Text(
    "工程里要写公网地址，现在还没有。请先在「发布」页填好公网地址，或设置 HONGYAN_PUBLIC_URL。",
    "The project has our public address in it, and none is known. Enter it on the Publish page, or set "
    "HONGYAN_PUBLIC_URL.",
)
UNREADABLE = Text(
    "「{id}」的设置读不出来：{why}。请重新填写。", "The settings of {id!r} cannot be read: {why}."
)


def kit_of(control: Control, settings: Settings, id: str) -> tuple[str, bytes]:
    """A file's name and the ZIP. Raises NotFound, BadSettings."""
    publication = control.publication(id)
    if publication is None or not publication.enabled:
        raise NotFound(NONE.fill(id=id))
    kind = channel_named(publication.channel)
    if not issubclass(kind, BringsKit):
        raise NotFound(NO_KIT.fill(id=id))
    public = control.public_url(settings.public_url)
    if not public:
        raise BadSettings(NO_ADDRESS, field="public_url")
    try:
        channel = kind(kind.Settings.model_validate(control.channel_settings(id)))
    except ValidationError as e:
        problem = first_problem(e)
        raise BadSettings(UNREADABLE.fill(id=id, why=problem.clause()), field=problem.field) from None
    assert isinstance(channel, BringsKit)
    told = {
        "server": public,
        "publication": id,
        "name": _name(control.frozen_agent(id, publication.version)),
        "color": kind.about.color,
    }
    name = f"{kind.kit.folder}-{id}"
    return f"{name}.zip", zipped(files(settings.templates / kind.kit.folder, told, channel.in_kit), name)


def _name(agent: Mapping[str, object]) -> str:
    name = agent.get("name")
    return name[:LONGEST_NAME] if isinstance(name, str) else ""


def files(
    folder: Path, told: Mapping[str, str], account: Mapping[str, Mapping[str, str]]
) -> dict[str, bytes]:
    """The project's files by path: those of the folder, with what it is told and what its account is."""
    found = dict(_read(folder))
    config = {**told, **account.get(CONFIG, {})}
    found[CONFIG] = f"module.exports = {_in_script(config)};\n".encode()
    for path, values in account.items():
        if path == CONFIG:
            continue
        data = json.loads(found[path]) | dict(values)
        found[path] = f"{json.dumps(data, ensure_ascii=False, indent=2)}\n".encode()
    return found


def _read(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _in_script(value: Mapping[str, str]) -> str:
    """JSON that is JavaScript too, whatever page it is put into: it ends no line and no tag."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
