"""Descriptions that are kept here, of interfaces that many use: a file each in templates/interfaces."""

import functools
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function

from runtime.errors import Wrong
from runtime.lang import Text, as_it_is, listed

FOLDER = Path(__file__).parents[2] / "templates" / "interfaces"
TITLE = re.compile(r"^  title: (.+)$", re.MULTILINE)


@functools.cache
def kept() -> dict[str, Text]:
    """Their titles by name."""
    return {file.stem: as_it_is(_title(file)) for file in sorted(FOLDER.glob("*.yaml"))}


def kept_text(name: str) -> str:
    """Of one that `kept` names."""
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def _title(file: Path) -> str:
    found = TITLE.search(file.read_text(encoding="utf-8"))
    return found[1].strip() if found else file.stem


class _Known:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(_known, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        return {**handler(schema), "enum": ["", *kept()]}


KeptName = Annotated[str, _Known()]
"""One of `kept`, or "" for none."""


def _known(name: str) -> str:
    if name and name not in kept():
        raise Wrong(Text("只能是 {known}", "should be one of {known}").fill(known=listed(kept())))
    return name
