"""Filling in the templates of templates/deploy: what an owner or a path says is quoted as the file has it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from runtime.errors import BadSettings
from runtime.lang import Text
from runtime.settings import CHECKOUT

FOLDER = CHECKOUT / "templates" / "deploy"


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """A template of FOLDER, with nothing left open."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # these are no web pages
    )
    templates.filters.update(word=_unit_word, line=_unit_line, yaml=in_yaml, compose=in_compose)
    return templates.get_template(template).render(values)


def printable(path: Path) -> str:
    """Raises BadSettings for one that would end a line of a file."""
    if str(path).isprintable():
        return str(path)
    raise BadSettings(
        Text(
            "路径里有换行之类的字符，部署文件写不下：{path!r}。请换一个文件夹。",
            "A path with line breaks or the like does not fit into such a file: {path!r}. Move it.",
        ).fill(path=str(path)),
        field="HONGYAN_HOME",
    )


def in_yaml(value: object) -> str:
    """A scalar, quoted: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def in_compose(value: object) -> str:
    """The same where $ names a variable of the shell (compose-spec 12, "Interpolation")."""
    return in_yaml(value).replace("$", "$$")


def _unit_line(text: str) -> str:
    """A whole line of a unit, where only % is special (systemd.unit(5), "Specifiers")."""
    return text.replace("%", "%%")


def _unit_word(text: str, ending: str = "") -> str:
    """One word of a unit's line, quoted when it has to be (systemd.syntax(7), "Quoting").

    `ending` is ours: its specifiers stay.
    """
    escaped = _unit_line(text.replace("\\", "\\\\").replace('"', '\\"')) + ending
    return escaped if re.fullmatch(r"[\w@%+=:,./-]+", text) else f'"{escaped}"'
