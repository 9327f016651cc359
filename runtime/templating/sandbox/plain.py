"""Templates see plain data only: a value of any other type could be a way into the program."""

from collections.abc import Mapping
from typing import Any

from runtime.lang import Text
from runtime.templating.sandbox.fuel import Refusal

DEPTH = 50


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy made of str, int, float, bool, None, list and dict. Refuses everything else, with its path."""
    return {name: _plain(value, str(name), 0) for name, value in values.items()}


def _plain(value: Any, path: str, depth: int) -> Any:
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(value, str):
        return str(value)
    if depth == DEPTH:
        raise Refusal(Text(f"「{path[:60]}」嵌套太深。", f"{path[:60]!r} is nested too deeply."))
    if isinstance(value, Mapping):
        return {str(key): _plain(item, f"{path}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{path}.{i}", depth + 1) for i, item in enumerate(value)]
    raise Refusal(
        Text(
            f"「{path}」不是普通数据（{type(value).__name__}），模板不能使用。",
            f"{path!r} is not plain data ({type(value).__name__}); templates cannot use it.",
        )
    )
