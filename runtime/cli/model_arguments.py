"""What may be typed after `model key`, `model rule`, `model price` and `model budget`."""

from typing import TYPE_CHECKING

from runtime.cli import model_keys, model_money, model_rules
from runtime.cli.parsing import command, count, group

if TYPE_CHECKING:
    from runtime.cli.parsing import Parsers


def add(model: "Parsers") -> None:
    _keys(group(model, "key", "more keys of an endpoint, among which the load is shared"))
    _rules(group(model, "rule", "names that mean one model or another, by rules"))
    _prices(group(model, "price", "what models cost, where the list that comes along does not say"))
    _budgets(group(model, "budget", "how much of models may be spent in a day"))


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


def _rules(rule: "Parsers") -> None:
    setting = command(rule, "set", model_rules.put, "add or change a name with rules; it works as a model")
    setting.add_argument("name", metavar="NAME")
    what = '{"rules": [{"words": […], "models": [MODEL]}], "otherwise": [MODEL]}; - for standard input'
    setting.add_argument("file", metavar="FILE.json", help=what)
    command(rule, "list", model_rules.list_all, "the names there are")
    for name, run, what in (
        ("show", model_rules.show, "print the rules of a name, as set takes them"),
        ("try", model_rules.attempt, "which rule a question would be answered by now, and why"),
        ("remove", model_rules.remove, "forget a name and its rules"),
    ):
        one = command(rule, name, run, what)
        one.add_argument("name", metavar="NAME")
        if name == "try":
            one.add_argument("text", metavar="TEXT")
            one.add_argument("--picture", action="store_true", help="as if it came with one")


def _prices(price: "Parsers") -> None:
    setting = command(price, "set", model_money.put_price, "what a model costs from now on")
    setting.add_argument("id", metavar="NAME/MODEL")
    setting.add_argument("--input", required=True, metavar="AMOUNT", help="for a million tokens of questions")
    setting.add_argument("--output", required=True, metavar="AMOUNT", help="for a million tokens of answers")
    setting.add_argument("--currency", default="USD", metavar="USD|CNY")
    command(price, "list", model_money.list_prices, "those that are set")
    removing = command(price, "remove", model_money.remove_price, "take the list's again")
    removing.add_argument("id", metavar="NAME/MODEL")


def _budgets(budget: "Parsers") -> None:
    what = "of a model, of all of an endpoint's, or of all; the day begins at midnight in Shanghai"
    setting = command(budget, "set", model_money.put_budget, what)
    setting.add_argument("id", metavar="NAME/MODEL|NAME|all")
    setting.add_argument("--tokens", metavar="N", help="tokens a day")
    setting.add_argument("--money", metavar="AMOUNT", help="a day, of models whose price is known")
    setting.add_argument("--currency", default="USD", metavar="USD|CNY")
    command(budget, "list", model_money.list_budgets, "those that are set")
    removing = command(budget, "remove", model_money.remove_budget, "spend without that bound again")
    removing.add_argument("id", metavar="NAME/MODEL|NAME|all")
