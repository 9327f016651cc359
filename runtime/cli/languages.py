"""Commands about the languages of the pages. Each prints one JSON object."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from runtime import languages
from runtime.access.actor import Actor
from runtime.access.permissions import Permission, needs
from runtime.cli.parsing import command
from runtime.cli.printing import say
from runtime.errors import BadSettings
from runtime.files import write_whole
from runtime.lang import Text
from runtime.sentences import wanted
from runtime.settings import Settings

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers

NO_CODE = Text(
    "「{code}」不是语言代码，应该像 ja、pt-BR 这样。",
    "{code!r} is no language's code; write it like ja or pt-BR.",
)
WRITTEN = Text(
    "中文和英文写在程序里，没有语言文件。", "Chinese and English stand in the program, and have no file."
)
BAD_FILE = Text("语言文件读不了：{why}。", "The language's file cannot be read: {why}.")
INCOMPLETE = 1
"""The exit code of `check` where something is missing, or asks for what it cannot have."""


def add_languages(language: "Parsers") -> None:
    what = "write its file anew: what it says, and what it has still to say"
    writing = command(language, "write", write, what)
    checking = command(language, "check", check, "what a language's file lacks; exit 1 when it does")
    for one in (writing, checking):
        one.add_argument("code", metavar="CODE", help="as browsers say it: ja, pt-BR")
        one.set_defaults(also_left=True)  # of the home, only this file is looked at
    writing.add_argument("--prune", action="store_true", help="leave out what nobody says any more")


@needs(Permission.SETTINGS_EDIT)
def write(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Sentences that are not said yet are "", which reads English. Raises BadSettings, NotSaved."""
    file = _file(options.code, settings)
    said, english = _said(file), wanted()
    stale = {key: text for key, text in said.items() if key not in english and not options.prune}
    whole = {key: said.get(key, "") for key in english} | stale
    write_whole(file, f"{json.dumps(whole, ensure_ascii=False, indent=1)}\n".encode())
    _tell(file, whole, english, listed=False)


@needs(Permission.SETTINGS_EDIT)
def check(options: argparse.Namespace, settings: Settings, who: Actor) -> None:
    """Raises BadSettings, SystemExit."""
    file = _file(options.code, settings)
    if not _tell(file, _said(file), wanted(), listed=True):
        raise SystemExit(INCOMPLETE)


def _file(code: str, settings: Settings) -> Path:
    """Raises BadSettings."""
    if any(one.code == code for one in languages.WRITTEN):
        raise BadSettings(WRITTEN, field="code")
    if not languages.CODE.fullmatch(code):
        raise BadSettings(NO_CODE.fill(code=code), field="code")
    return settings.languages / f"{code}.json"


def _said(file: Path) -> dict[str, str]:
    """Raises BadSettings."""
    try:
        return languages.read(file) if file.is_file() else {}
    except ValueError as e:
        raise BadSettings(BAD_FILE.fill(why=e), field="code") from None


def _tell(file: Path, said: dict[str, str], english: dict[str, str], *, listed: bool) -> bool:
    """Print how far it is; whether it is whole."""
    missing = [key for key in english if not said.get(key) or (key.strip() and not said[key].strip())]
    stale = [key for key in said if key not in english]
    wrong = [key for key, text in said.items() if text and not languages.fits(text, english.get(key, text))]
    found = {"missing": missing, "stale": stale, "wrong_blanks": wrong}
    told = {"file": str(file), "sentences": len(english)}
    told |= found if listed else {name: len(keys) for name, keys in found.items()}
    say(told)
    return not missing and not wrong
