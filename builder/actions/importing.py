"""Bring an agent in from a file: of ours, or of another product, which is looked at first.

What became of each part is kept beside the agent, and told on its build page until somebody has read it.
"""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from builder.actions import Notice
from builder.actions.agents import EXPORTED_WITH_KEY, may_take, told_of
from builder.actions.history import begin_anew, report_path
from builder.actions.lasting import lasts
from builder.studio import Studio
from runtime import elsewhere, wellformed
from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded, unrecorded
from runtime.access.permissions import Permission, needs
from runtime.agents.as_folder import file_of, folder_of, zipped
from runtime.agents.pasted_keys import keys
from runtime.agents.powers import from_elsewhere
from runtime.agents.strict_json import LARGEST, parse, to_bytes
from runtime.elsewhere import Document
from runtime.errors import BadAgent
from runtime.files import write_whole
from runtime.lang import Text
from runtime.testing.taken_along import exported, imported
from runtime.working import go_on

Json = dict[str, Any]
MOST_STUBS = 500
NOT_A_FOLDER = Text("文件夹没有读到，请再试一次。", "The folder could not be read; try again.")
BROUGHT = Text("已从 {product} 导入「{name}」。", "Imported “{name}” from {product}.")


@needs(Permission.AGENTS_EDIT)
@lasts(Text("正在读文件", "Reading the file"))
@unrecorded("reads a file, and keeps nothing")
def look_at(
    studio: Studio,
    file: BinaryIO,
    name: str,
    lang: str = "zh",
    stubs: Sequence[str] = (),
    folder: bool = False,
) -> Json:
    """What would become of the file; nothing is kept. `folder`: it is one, as `_folder` reads it.

    Raises BadAgent.
    """
    document = _document(file, name, folder)
    if file_of(document.files) or elsewhere.is_ours(document):
        return {"ours": True}
    return elsewhere.brought(document, list(stubs)[:MOST_STUBS], lang).to_json()


@needs(Permission.AGENTS_EDIT)
@lasts(Text("正在导入", "Importing"))
def bring(
    studio: Studio,
    file: BinaryIO,
    name: str,
    lang: str = "zh",
    stubs: Sequence[str] = (),
    folder: bool = False,
) -> Notice:
    """As `import_`, of whosever file. Raises BadAgent, NotSaved."""
    document = _document(file, name, folder)
    ours = file_of(document.files) or (document.text if elsewhere.is_ours(document) else "")
    if ours:
        go_on()
        agent = imported(studio.library, ours, studio.settings.data, from_elsewhere)
        begin_anew(studio, agent.id)
        return told_of(studio, agent)
    found = elsewhere.brought(document, list(stubs)[:MOST_STUBS], lang)
    go_on()
    agent = studio.library.import_(to_bytes(found.agent.to_json()).decode(), from_elsewhere)
    begin_anew(studio, agent.id)
    write_whole(_kept(studio, agent.id), to_bytes(found.to_json()))
    notice = told_of(studio, agent)
    return Notice(
        BROUGHT.fill(product=found.product, name=agent.name), {**notice.value, "product": found.product}
    )


@needs(Permission.AGENTS_VIEW, on="id")
def report(studio: Studio, id: str) -> Json | None:
    """What became of each part of the file that the agent came from, `read` once somebody has; None for one
    that came from none."""
    try:
        found = wellformed.load(_kept(studio, id).read_bytes())
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


@needs(Permission.AGENTS_EDIT, on="id")
def drop_report(studio: Studio, id: str) -> None:
    """It has been read: it is told no more, and stays to be opened."""
    if found := report(studio, id):
        write_whole(_kept(studio, id), to_bytes({**found, "read": True}))


def _kept(studio: Studio, id: str) -> Path:
    return report_path(studio, id)


def _document(file: BinaryIO, name: str, folder: bool) -> Document:
    """Raises BadAgent."""
    content = file.read(LARGEST + 1)
    return Document(name[:200], files=_folder(content)) if folder else elsewhere.opened(content, name[:200])


def _folder(content: bytes) -> dict[str, bytes]:
    """A folder as the page sends it: its files by name, in base64. Raises BadAgent."""
    try:
        data = wellformed.load(content, largest=LARGEST)
        return {str(path): base64.b64decode(inner, validate=True) for path, inner in data.items()}
    except (ValueError, TypeError, AttributeError):
        raise BadAgent(NOT_A_FOLDER) from None


@needs(Permission.AGENTS_EDIT, on="id")
@recorded()
def export_as(studio: Studio, who: Actor, id: str, product: str) -> Notice:
    """A file as another product takes it, and what does not go along. Raises NotFound, BadAgent."""
    may_take(studio, who, id)
    agent = studio.library.with_others(id)
    text, ending, report = elsewhere.exported(agent, product)
    told = {"product": product, "name": agent.name, **report.to_json()}
    return Notice(value={"name": f"{id}.{product}.{ending}", "text": text, "report": told})


@needs(Permission.AGENTS_EDIT, on="id")
@recorded()
def export_folder(studio: Studio, who: Actor, id: str) -> Notice:
    """A ZIP with the agent, its prompts and tests in files of their own, and what is to be set where it goes;
    in base64. Raises NotFound, BadAgent."""
    may_take(studio, who, id)
    text = exported(studio.library, id, studio.settings.data)
    packed = base64.b64encode(zipped(folder_of(text), id)).decode("ascii")
    warned = EXPORTED_WITH_KEY if any(keys(parse(text))) else None
    return Notice(warned, {"name": f"{id}.zip", "base64": packed})
