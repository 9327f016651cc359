"""Who signs people in, from the command line."""

import json

import pytest

from runtime.access.sso.asking.way import Came
from runtime.access.sso.identities import Identities
from runtime.access.users import Users
from runtime.cli.arguments import parser
from runtime.cli.commands import execute
from runtime.errors import BadSettings, Conflict
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.sso_records import ProviderRecord

CORP = {"id": "corp", "kind": "oidc", "name": "Corp", "issuer": "https://127.0.0.1/x", "client_id": "us"}


@pytest.fixture
def run(tmp_path, capsys):
    told = json.dumps([CORP | {"secret": "canary-secret", "default_role": "viewer"}])
    settings = Settings(home=tmp_path, sign_in=told)
    Users(Control.in_folder(settings.data)).set_password("owner", "long enough")

    def command(*given):
        try:
            execute(parser().parse_args(["sso", *given]), settings)
        finally:
            command.said = capsys.readouterr().out
        return [json.loads(line) for line in command.said.splitlines()]

    command.control = lambda: Control.in_folder(settings.data)
    return command


def test_providers_are_listed_without_their_secrets(run):
    [told] = run("list")
    assert (told["id"], told["has_secret"], told["fixed"]) == ("corp", True, True)
    assert "canary" not in run.said


def test_a_check_says_what_is_wrong_and_ends_so(run):
    with pytest.raises(SystemExit) as e:
        run("check", "corp")
    assert (e.value.code, "not on the public internet" in run.said) == (1, True)


def test_passwords_go_off_when_somebody_came_and_on_again_without_any_sign_in(run):
    with pytest.raises(BadSettings, match="Name the owner"):
        run("only", "on")
    with pytest.raises(Conflict, match="Nobody has come in"):
        run("only", "on", "owner")
    record = ProviderRecord.model_validate(CORP | {"default_role": "viewer"})
    Identities(run.control()).come(record, Came(record.issuer, ("u-1",)))
    assert run("only", "on", "owner") == [{"only": True, "break_glass": "owner"}]
    assert run("only") == [{"only": True, "break_glass": "owner"}]
    assert run("only", "off") == [{"only": False, "break_glass": ""}]
