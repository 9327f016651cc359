"""The filters, tests and operators that templates may use, each paying for its work."""

import functools
import json
import operator
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, pass_environment
from jinja2 import filters as stock
from jinja2.tests import TESTS as STOCK_TESTS

from runtime.lang import Text
from runtime.templating.sandbox.bounded import places, power, product
from runtime.templating.sandbox.fuel import JsonText, NotAllowed, UrlPart, shown, spend, weight
from runtime.templating.sandbox.nothing import Nothing

STOCK_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "filesizeformat", "first", "float",
    "groupby", "int", "items", "last", "length", "list", "lower", "map", "max", "min", "random",
    "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "title", "trim", "truncate",
    "unique", "upper", "wordcount",
)  # fmt: skip

OUR_TESTS = (
    "!=", "<", "<=", "==", ">", ">=", "boolean", "defined", "divisibleby", "eq", "equalto", "even",
    "false", "float", "ge", "greaterthan", "gt", "in", "integer", "iterable", "le", "lessthan", "lower",
    "lt", "mapping", "ne", "none", "number", "odd", "sameas", "sequence", "string", "true", "undefined",
    "upper",
)  # fmt: skip


def metered(function: Any) -> Callable[..., Any]:
    """The same function, which pays for what it takes and gives."""

    @functools.wraps(function)
    def call(*args: Any, **named: Any) -> Any:
        spend(weight(args, named))
        result = function(*args, **named)
        spend(weight(result))
        return result

    return call


def allowed_filters() -> dict[str, Any]:
    """Stock filters that neither pad, nor walk attributes, nor mark text as safe; and ours."""
    ours = {
        "format": _format,
        "join": _join,
        "replace": replaced,
        "round": rounded,
        "string": shown,
        "sum": _sum,
        "tojson": _to_json,
        "urlencode": _url_part,
    }
    stock_ones: dict[str, Any] = {name: stock.FILTERS[name] for name in STOCK_FILTERS}
    return {name: metered(function) for name, function in (stock_ones | ours).items()}


def allowed_tests() -> dict[str, Any]:
    return {name: metered(STOCK_TESTS[name]) for name in OUR_TESTS}


def replaced(text: str, old: str, new: str, count: int | None = None) -> str:
    """`text.replace`, paid before it is done."""
    text, old, new = shown(text), shown(old), shown(new)
    times = text.count(old) if count is None else min(text.count(old), abs(count))
    spend(times * len(new) // 16)
    return text.replace(old, new, -1 if count is None else count)


def joined(separator: str, items: Iterable[Any]) -> str:
    """`separator.join`, paid before it is done; takes any data, not only text."""
    texts = [shown(item) for item in items]
    spend((sum(map(len, texts)) + len(texts) * len(separator)) // 16)
    return separator.join(texts)


def rounded(value: Any, precision: int = 0, method: Any = "common") -> Any:
    return stock.do_round(value, places(precision), method)


def percent(text: str, values: Any) -> str:
    """`text % values` with field widths of two digits at most."""
    given = values if isinstance(values, tuple) else (values,)
    if re.search(r"%[^a-zA-Z%]*(\*|\d{3})", text):
        raise OverflowError("a field is too wide")
    if not all(isinstance(v, str | int | float | dict | list | None) for v in given):
        raise NotAllowed(Text("格式化只接受文字和数字。", "Only text and numbers can be formatted."))
    spend(text.count("%") * 99 // 16)
    filled: str = text % values
    return filled


def multiplied(left: Any, right: Any) -> Any:
    for many, times in ((left, right), (right, left)):
        if isinstance(many, str | list | tuple):
            spend(weight(many) * max(int(times), 0))
            return many * int(times)
    return product(left, right)


def remainder(left: Any, right: Any) -> Any:
    return percent(left, right) if isinstance(left, str) else left % right


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": multiplied,
    "/": operator.truediv,
    "//": operator.floordiv,
    "**": power,
    "%": remainder,
}


@pass_environment
def _join(environment: Environment, items: Iterable[Any], separator: str = "", attribute: Any = None) -> str:
    if attribute is not None:
        items = map(stock.make_attrgetter(environment, attribute), items)
    return joined(shown(separator), items)


@pass_environment
def _sum(environment: Environment, items: Iterable[Any], attribute: Any = None) -> Any:
    # Without `start`: adding up lists takes quadratic time.
    numbers = items if attribute is None else map(stock.make_attrgetter(environment, attribute), items)
    return sum(numbers)


def _format(text: str, *values: Any) -> str:
    return percent(shown(text), values)


def _to_json(value: Any, indent: int | None = None) -> str:
    value = None if isinstance(value, Nothing) else value
    return JsonText(json.dumps(value, ensure_ascii=False, indent=indent and min(indent, 8)))


def _url_part(value: Any) -> str:
    return UrlPart(
        stock.do_urlencode(value) if isinstance(value, dict | list) else quote(shown(value), safe="")
    )
