"""Templates see plain data only: a value of any other type could be a way into the program."""

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.lang import Text
from runtime.templating.sandbox.fuel import NotAllowed

DEPTH = 50


class Listed(list[Any]):
    """A list that has something by name, too: `conversation[0].text`, `conversation.files`."""

    def __init__(self, items: Iterable[Any], /, **named: Any) -> None:
        super().__init__(items)
        self.named = named


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy made of str, int, float, bool, None, list and dict. Refuses everything else, with its path."""
    return {name: _plain(value, str(name), 0) for name, value in values.items()}


def _plain(value: Any, path: str, depth: int) -> Any:
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(value, str):
        return str(value)
    if depth == DEPTH:
        raise NotAllowed(Text("「{path}」嵌套太深。", "{path!r} is nested too deeply.").fill(path=path[:60]))
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{path}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, Listed):
        named = {name: _plain(item, f"{path}.{name}", depth + 1) for name, item in value.named.items()}
        return Listed((_plain(item, f"{path}.{i}", depth + 1) for i, item in enumerate(value)), **named)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}.{i}", depth + 1) for i, item in enumerate(value)]
    raise NotAllowed(
        Text(
            "「{path}」不是普通数据（{kind}），模板不能使用。",
            "{path!r} is not plain data ({kind}); templates cannot use it.",
        ).fill(path=path, kind=type(value).__name__)
    )
