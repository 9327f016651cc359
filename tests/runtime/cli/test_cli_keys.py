"""API keys from the command line: a program's, or somebody's own."""

import pytest

from runtime.access.actor import COMMAND_LINE
from runtime.access.keys import Keys
from runtime.access.membership import Membership
from runtime.access.users import Users
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.cli.arguments import parser
from runtime.cli.commands import execute
from runtime.errors import BadSettings, Conflict, Forbidden, Invalid, NotFound
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given

AGENT = {"id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]}


@pytest.fixture
def run(tmp_path, capsys):
    """A command; the cells of each line that it prints."""
    settings = Settings(home=tmp_path)
    control = Control.in_folder(settings.data)
    Library(settings.agents, settings.templates / "agents").save(Agent.load(AGENT), None)
    given = [Given(role="operator"), Given(role="guest")]
    Membership(control).invite("lin", "", given, COMMAND_LINE)

    def command(*given):
        execute(parser().parse_args(["key", *given]), settings)
        return [line.split("\t") for line in capsys.readouterr().out.splitlines()]

    command.control = control
    return command


LIN = {
    "asks": ([], "valid", ("agents.run",)),
    "until a day, for a name": (["--days", "3", "--name", "报表"], "until ", ("agents.run",)),
    "less a day, or more": (["--per-day", "10", "--tokens-per-day", "0"], "valid", ("agents.run",)),
    "answers people, too": (
        ["--may", "agents.run", "--may", "conversations.answer"],
        "valid",
        ("agents.run", "conversations.answer"),
    ),
}


@pytest.mark.parametrize("given", LIN)
def test_a_key_of_somebodys_own_is_made_listed_and_revoked(run, given):
    more, state, permissions = LIN[given]
    [[key]] = run("create", "shop", "--user", "lin", *more)
    keys = Keys(run.control)
    made = keys.find(key)
    assert (made.user, made.permissions, made.by) == ("lin", permissions, "command line")
    assert (made.per_day, made.tokens_per_day) == ((10, None) if "--per-day" in more else (10_000, 5_000_000))
    assert any(one.channel == "api" for one in run.control.publications())  # so that it opens
    run("create", "shop")
    [mine], [nobodys] = (run("list", "--user", one) for one in ("lin", "-"))
    assert (mine[6], nobodys[6]) == ("lin", "-")
    assert mine[3].startswith(state)
    [revoked] = run("revoke", made.prefix)
    assert (revoked[3], revoked[6]) == ("revoked", "lin")
    assert keys.find(key) is None


REFUSED = [
    (["--user", "nobody-here"], NotFound, "nobody called"),
    (["--user", "lin", "--may", "conversations.erase"], Forbidden, "conversations.erase"),
    (["--user", "lin", "--may", "people.edit"], Invalid, "people.edit"),
    (["--user", "lin", "--operates"], Forbidden, "conversations.erase"),
    (["--user", "lin", "--megabytes-per-day", "5"], BadSettings, "--megabytes-per-day"),
    (["--user", "lin", "--name", "\x1b[2J"], Invalid, ""),
]


@pytest.mark.parametrize(("given", "kind", "says"), REFUSED)
def test_a_key_that_would_be_more_than_whose_it_is_is_not_made(run, given, kind, says):
    with pytest.raises(kind) as e:
        run("create", "shop", *given)
    assert says in e.value.text.en
    assert Keys(run.control).all() == []


def test_nobody_who_may_not_come_in_gets_one_and_it_ends_with_them(run):
    [[key]] = run("create", "shop", "--user", "lin")
    Membership(run.control).disable("lin", COMMAND_LINE)
    assert Keys(run.control).find(key) is None
    with pytest.raises(NotFound):
        run("create", "shop", "--user", "lin")
    Users(run.control).change("lin", enabled=True)
    assert Keys(run.control).find(key).user == "lin"


def test_somebody_has_a_number_of_keys_at_most(run):
    for _ in range(50):
        Keys(run.control).create("shop", user="lin")
    with pytest.raises(Conflict):
        run("create", "shop", "--user", "lin")
