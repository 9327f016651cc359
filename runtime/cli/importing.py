"""Bring an agent in, of ours or of another product: what became of each part is told, nothing of it runs."""

import argparse
import sys
from pathlib import Path

from runtime import elsewhere
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.agents import powers
from runtime.agents.as_folder import file_of, folder_of, zipped
from runtime.agents.asks import told
from runtime.agents.strict_json import LARGEST, to_bytes
from runtime.cli.printing import control_of, library_of
from runtime.cli.spoken import spoken
from runtime.elsewhere import Document
from runtime.errors import NotFound
from runtime.lang import Text
from runtime.settings import Settings
from runtime.testing.taken_along import exported, imported

TO_ALLOW = Text(
    "它要{what}，还没有允许。允许：python app.py agent allow {id} {key}",
    "It would {what}, which is not allowed yet: python app.py agent allow {id} {key}",
)
UNREADABLE = Text("读不了「{file}」（{why}）。", "Cannot read {file!r} ({why}).")
FOLDER = "folder"
MOST_FILES = 300
"""Of a folder."""


def take_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--stubs", action="store_true", help="a stub for each node that cannot come along")


def take_product(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID")
    parser.add_argument("--as", dest="product", default="", metavar="dify|folder", help="for another product")


@needs(Permission.AGENTS_EDIT)
def import_agent(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    document = _document(options.file)
    library = library_of(settings)
    text = file_of(document.files) or (document.text if elsewhere.is_ours(document) else "")
    if not text:
        stubs = [elsewhere.EVERY] if options.stubs else []
        found = elsewhere.brought(document, stubs)
        for line in elsewhere.in_lines(found.product, found.report):
            _complain(spoken(line))
        text = to_bytes(found.agent.to_json()).decode()
    id = imported(library, text, settings.data, powers.from_elsewhere).id
    agent = library.with_others(id)
    control = control_of(settings)
    for sentence in (*powers.told(agent), *told(agent, control.secrets.names())):
        _complain(spoken(sentence))
    for key, words in powers.to_allow(agent):
        _complain(spoken(TO_ALLOW.fill(what=words, id=id, key=key)))
    sys.stdout.write(f"{id}\n")


def export_to(options: argparse.Namespace, settings: Settings) -> None:
    """As another product takes it; what does not go along is told. `folder`: ours, as a ZIP. Raises NotFound,
    BadAgent."""
    library = library_of(settings)
    if options.product == FOLDER:
        text = exported(library, options.id, settings.data)
        sys.stdout.buffer.write(zipped(folder_of(text), options.id))
        return
    text, _, report = elsewhere.exported(library.with_others(options.id), options.product)
    for line in elsewhere.in_lines(options.product, report):
        _complain(spoken(line))
    sys.stdout.write(text)


def _document(file: str) -> Document:
    """Raises NotFound, BadAgent."""
    try:
        if file == "-":
            return elsewhere.opened(sys.stdin.buffer.read(LARGEST + 1))
        path = Path(file)
        if path.is_dir():
            return Document(path.name, files=_in_folder(path))
        with path.open("rb") as stream:
            return elsewhere.opened(stream.read(LARGEST + 1), path.name)
    except OSError as e:
        raise NotFound(UNREADABLE.fill(file=file, why=e.strerror)) from None


def _in_folder(folder: Path) -> dict[str, bytes]:
    """No links are followed, and of what is too large nothing is read."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*"))[: 20 * MOST_FILES]:
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST:
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
        if len(found) == MOST_FILES:
            break
    return found


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")
