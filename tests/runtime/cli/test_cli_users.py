"""Who works here, from the command line."""

import json

import pyotp
import pytest

from runtime.access.membership import Membership
from runtime.access.second.second_factors import SecondFactors
from runtime.access.users import Users
from runtime.cli.arguments import parser
from runtime.cli.commands import execute
from runtime.errors import BadSettings, Conflict, NotFound
from runtime.server.lock import only_one
from runtime.server.role import BUILDER, say_where, where_pages_are
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.user_records import Given


@pytest.fixture
def run(tmp_path, capsys):
    settings = Settings(home=tmp_path)
    Users(Control.in_folder(settings.data)).set_password("owner", "long enough")

    def command(*given):
        execute(parser().parse_args(["user", *given]), settings)
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    command.control = lambda: Control.in_folder(settings.data)
    return command


def test_somebody_is_invited_and_comes_in(run):
    [told] = run("invite", "anna", "--name", "Anna", "--role", "editor=tea,coffee", "--role", "viewer")
    token = told["link"].rpartition("/invited/")[2]
    assert Membership(run.control()).accept(token, "her own words").id == "anna"
    assert run("list")[1] == {
        "user": "anna",
        "name": "Anna",
        "roles": ["editor=tea,coffee", "viewer"],
        "roles_by_rules": [],
        "enabled": True,
        "invited": False,
        "last_sign_in": None,
        "second_factor": False,
    }


def test_roles_that_a_providers_rules_gave_are_listed_apart(run):
    run("invite", "anna", "--role", "viewer")
    users = run.control().users
    given = (Given(role="admin"), Given(role="editor", agents=("tea",)))
    users.put(users.get("anna").model_copy(update={"mapped": given}))
    [_, anna] = run("list")
    assert (anna["roles"], anna["roles_by_rules"]) == (["viewer"], ["admin", "editor=tea"])


def test_roles_are_listed_and_given(run):
    assert [one["role"] for one in run("roles")][:2] == ["owner", "admin"]
    run("invite", "anna")
    run("roles", "anna", "operator")
    assert Users(run.control()).must("anna").roles == (Given(role="operator"),)


def test_somebody_is_shut_out_and_let_in_again(run):
    run("invite", "anna")
    run("disable", "anna")
    assert run("list")[1]["enabled"] is False
    run("disable", "anna", "--back")
    assert run("list")[1]["enabled"] is True
    run("remove", "anna")
    assert len(run("list")) == 1


def test_a_lost_password_is_a_new_link(run):
    first = run("invite", "anna")[0]["link"]
    assert run("invite", "anna", "--again")[0]["link"] != first


def test_nor_can_a_command_shut_the_last_owner_out(run):
    for given in (("disable", "owner"), ("remove", "owner"), ("roles", "owner", "admin")):
        with pytest.raises(Conflict):
            run(*given)
    with pytest.raises(BadSettings):
        run("roles", "owner", "owner=Not An Agent")


def test_whoever_lost_the_second_factor_comes_in_by_the_password_again(run):
    second = SecondFactors(run.control())
    nonce = second.begin()
    second.confirm("owner", nonce, pyotp.TOTP(second.proposed("owner", nonce)).now())
    assert run("list")[0]["second_factor"] is True
    run("second-factor", "off", "owner")
    assert run("list")[0]["second_factor"] is False
    with pytest.raises(NotFound):
        run("second-factor", "off", "nobody")


def test_a_link_leads_where_the_program_runs_whatever_this_shell_knows(tmp_path):
    running, here = Settings(home=tmp_path, port=7960), Settings(home=tmp_path)
    running.data.mkdir()
    assert where_pages_are(here).endswith(str(here.port))  # nobody runs
    with only_one(running.data, BUILDER):
        say_where(running)
        assert where_pages_are(here) == "http://127.0.0.1:7960"
    assert where_pages_are(here).endswith(str(here.port))
