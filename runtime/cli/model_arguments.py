"""What may be typed after `model key`."""

from typing import TYPE_CHECKING

from runtime.cli import model_keys
from runtime.cli.parsing import command, count, group

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add(model: "Parsers") -> None:
    _keys(group(model, "key", "more keys of an endpoint, among which the load is shared"))


def _keys(key: "Parsers") -> None:
    what = "add one or change it, read from standard input; main is the first one, whose limits these are"
    setting = command(key, "set", model_keys.put, what)
    setting.add_argument("name", metavar="NAME")
    setting.add_argument("key", metavar="KEY", help="what you call it")
    setting.add_argument("--per-minute", type=count, help="questions that it takes; no bound if omitted")
    setting.add_argument("--tokens-per-minute", type=count, help="tokens that it takes, the same")
    command(key, "list", model_keys.list_all, "their names and limits").add_argument("name", metavar="NAME")
    removing = command(key, "remove", model_keys.remove, "forget one")
    removing.add_argument("name", metavar="NAME")
    removing.add_argument("key", metavar="KEY")
