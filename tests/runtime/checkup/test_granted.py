"""The check-up of an account by consent: what the platform brought, the application, what is allowed."""

import pytest

from runtime.channels import registry
from runtime.checkup import granted
from runtime.checkup.patient import Patient, Ways
from runtime.gateway.grants import GrantsInMemory
from runtime.management.accounts import Accounts
from runtime.network.outside import Outside
from runtime.network.platform_api import Outbound
from runtime.publish.doctor import State
from runtime.publish.reached import Reach
from runtime.simulator import registry as played
from runtime.simulator.http import Server
from runtime.store.control.control import Control

NOW = 1_800_000_000.0
KIND = registry()["wechat_component"]
CHECKS = ("brought", "application", "consent")


def no_ticket(simulation, grants):
    grants._all.pop(simulation.platform.desk.third_party.app_id)


def old_ticket(simulation, grants):
    grants.change(simulation.platform.desk.third_party.app_id, kept_at=NOW - 13 * 3600)
    simulation.platform.desk.tickets.clear()


def wrong_secret(simulation, grants):
    simulation.settings["component_app_secret"] = "0" * 32


def not_allowed(simulation, grants):
    simulation.platform.allowed_addresses = set()


def taken_back(simulation, grants):
    simulation.platform.desk.take_back(simulation.settings["app_id"])
    grants.change(f"{simulation.settings['component_app_id']} {simulation.settings['app_id']}", over_at=NOW)


def taken_back_unheard(simulation, grants):
    simulation.platform.desk.take_back(simulation.settings["app_id"])


def less(simulation, grants):
    simulation.platform.desk.consents[simulation.settings["app_id"]].scopes = (1,)


FAULTS = [
    (lambda *_: None, (True, True, True), ""),
    (no_ticket, (False, False, False), "has not brought"),
    (old_ticket, (False, False, False), "last brought"),
    (wrong_secret, (True, False, False), "AppSecret"),
    (not_allowed, (True, False, False), "127.0.0.1"),
    (taken_back, (True, True, False), "took the consent back"),
    (taken_back_unheard, (True, True, False), "did not consent"),
    (less, (True, True, False), "menus"),
]


@pytest.mark.parametrize(("fault", "found", "says"), FAULTS, ids=[one[0].__name__ for one in FAULTS])
async def test_each_fault_of_a_consent_is_named(tmp_path, fault, found, says):
    simulation = played()["wechat_component"]("verified_service", lambda: NOW)
    grants = GrantsInMemory(simulation.kept)
    for name in simulation.kept:
        grants.change(name, kept_at=NOW - 60)
    fault(simulation, grants)
    async with Server(simulation.call) as server:
        outbound, hosts = Outbound(), {KIND.api_host_setting: server.url}
        ways = Ways(
            Outside(),
            outbound,
            Accounts.alone(outbound, hosts, grants),
            Reach(Control.in_folder(tmp_path)),
            hosts,
            clock=lambda: NOW,
        )
        channel = KIND(KIND.Settings(**simulation.settings))
        patient = Patient("p", channel, "", "", ways, lambda: State(None, None, None, 0, {}))
        told = [await getattr(granted, name)(patient) for name in CHECKS]
        await outbound.close()
    assert [one.ok for one in told] == list(found)
    wrong = [one for one in told if not one.ok]
    assert all(one.says.zh for one in told)
    assert says in (wrong[0].says.en + wrong[0].do.en if wrong else "")
