"""Every command says what it needs, and is done only for whoever may."""

import argparse

import pytest

from runtime.access.actor import Actor
from runtime.access.audit.declared import kept
from runtime.access.audit.log import WAITING
from runtime.access.permissions import Permission, needed
from runtime.cli import arguments, commands
from runtime.errors import Forbidden
from runtime.settings import Settings
from runtime.store.control.control import Control

READER = Actor("reader", [one for one in Permission if one.id.endswith(".view")])
SERVE = {"run", "gateway"}
"""They are no commands that end; app.py serves."""
TYPED = {
    "give-back": "give-back p ann",
    "miniprogram": "miniprogram x.zip --publication p",
    "session end": "session end p",
    "person show": "person show p ann",
    "person export": "person export p ann",
    "person erase": "person erase p ann",
    "person tag": "person tag p ann vip",
    "person claim": "person claim shop 123",
    "person unbind": "person unbind shop 123",
    "publish": "publish shop --channel api",
    "unpublish": "unpublish shop-1",
    "replay": "replay shop-1",
    "debug set": "debug set shop-1",
    "debug remove": "debug remove shop-1",
    "canary start": "canary start shop-1 --share 5",
    "canary share": "canary share shop-1 20",
    "canary people": "canary people shop-1 --tag vip",
    "canary stop": "canary stop shop-1",
    "canary release": "canary release shop-1",
    "shadow start": "shadow start shop-1 --share 20 --yuan 5",
    "shadow report": "shadow report shop-1",
    "shadow stop": "shadow stop shop-1",
    "pause": "pause shop-1",
    "account": "account shop-1",
    "menu show": "menu show shop-1",
    "menu put": "menu put shop-1 x.json",
    "menu remove": "menu remove shop-1",
    "rotate": "rotate shop-1",
    "resume": "resume shop-1",
    "say": "say shop-1 hello",
    "test": "test shop",
    "deploy": "deploy caddy",
    "backup": "backup x.tar.gz",
    "support": "support x.zip",
    "uninstall": "uninstall --yes",
    "agent import": "agent import x.json",
    "agent export": "agent export shop",
    "agent check": "agent check shop",
    "agent pull": "agent pull x",
    "agent push": "agent push x",
    "language check": "language check ja",
    "language write": "language write ja",
    "words add": "words add x.txt",
    "words remove": "words remove mine",
    "prompt show": "prompt show clerk",
    "prompt pull": "prompt pull x",
    "prompt push": "prompt push x",
    "agent allow": "agent allow shop secret:erp@api.example.com",
    "secret set": "secret set erp",
    "secret remove": "secret remove erp",
    "model set": "model set ds --provider deepseek",
    "model test": "model test ds",
    "model remove": "model remove ds",
    "model key set": "model key set ds two",
    "model key list": "model key list ds",
    "model rule set": "model rule set smart x.json",
    "model rule show": "model rule show smart",
    "model rule try": "model rule try smart x",
    "model rule remove": "model rule remove smart",
    "model price set": "model price set ds/chat --input 1 --output 2",
    "model price remove": "model price remove ds/chat",
    "model budget set": "model budget set ds --tokens 1",
    "model budget remove": "model budget remove ds",
    "model key remove": "model key remove ds two",
    "knowledge add": "knowledge add tea x.txt",
    "knowledge remove": "knowledge remove tea x.txt",
    "knowledge search": "knowledge search tea x",
    "knowledge test": "knowledge test tea x.csv",
    "files add": "files add x.png",
    "files remove": "files remove x.png",
    "starts run": "starts run shop weekly",
    "starts runs": "starts runs shop",
    "starts address": "starts address shop shipped",
    "reminder add": "reminder add p ann 2026-12-01T09:00 x",
    "reminder list": "reminder list p ann",
    "reminder cancel": "reminder cancel p ann 1",
    "shared list": "shared list shop",
    "shared claims": "shared claims shop slots",
    "shared free": "shared free shop 1",
    "shared places": "shared places shop slots 15:00 2",
    "tickets show": "tickets show 1",
    "tickets take": "tickets take 1",
    "tickets answer": "tickets answer 1 x",
    "tickets note": "tickets note 1 x",
    "tickets wait": "tickets wait 1",
    "tickets close": "tickets close 1",
    "tickets reopen": "tickets reopen 1",
    "waits approve": "waits approve 1",
    "waits deny": "waits deny 1",
    "waits cancel": "waits cancel 1",
    "user invite": "user invite ann",
    "user disable": "user disable ann",
    "user remove": "user remove ann",
    "user password": "user password ann",
    "user second-factor": "user second-factor off ann",
    "sso check": "sso check main",
    "feedback thumbs": "feedback thumbs shop-1 on",
    "feedback export": "feedback export --as sft",
    "feedback ask": "feedback ask shop-1",
    "report send": "report send shop-1",
    "report schedule": "report schedule shop-1",
    "retention set": "retention set messages 30",
    "key create": "key create shop",
    "key revoke": "key revoke hy-1",
}
"""What some need beside their name."""


def every(parser, before=()):
    """Each command's words and its function, if it has one."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield " ".join(before), parser.get_default("run")
    for name, inner in (entry for group in groups for entry in group.choices.items()):
        yield from every(inner, (*before, name))


COMMANDS = dict(every(arguments.parser()))


def test_every_command_that_ends_says_what_it_needs():
    assert {words for words, run in COMMANDS.items() if run is None} == SERVE
    assert all(needed(run) for run in COMMANDS.values() if run)


@pytest.mark.parametrize("words", sorted(COMMANDS.keys() - SERVE))
def test_whoever_may_only_look_has_nothing_done_that_changes_something(words, tmp_path):
    options = arguments.parser().parse_args(TYPED.get(words, words).split())
    permission = needed(options.run)
    if READER.may(permission):
        return
    with pytest.raises(Forbidden, match=permission.id):
        commands.execute(options, Settings(home=tmp_path), READER)
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left <= {"secret.key", "secret.key.lock", WAITING, "audit-waiting.lock"}
    if kept(options.run) is not None and not kept(options.run).afterwards:
        assert '"refused"' in (tmp_path / "data" / WAITING).read_text()


def test_most_commands_change_something():
    refused = [words for words, run in COMMANDS.items() if run and not READER.may(needed(run))]
    assert len(refused) >= 14


def test_a_command_that_does_not_say_cannot_be_added():
    def undeclared(options, settings, who):
        """Whatever it does."""

    with pytest.raises(TypeError, match="does not say which permission it needs"):
        arguments.command(argparse.ArgumentParser().add_subparsers(), "new", undeclared, "")


def test_what_a_command_writes_says_that_it_was_the_command_line(tmp_path):
    settings = Settings(home=tmp_path)
    options = arguments.parser().parse_args(["model", "set", "ds", "--provider", "deepseek", "--model", "x"])
    commands.execute(options, settings)
    assert Control.in_folder(settings.data).options().by == "command line"
