"""No setting is lost on the way: each is carried, said by the deployment, or its owner's to write down."""

from dataclasses import fields, replace

import pytest

from runtime.deployment.environment import APART, CARRIED, PLACED, of_settings
from runtime.settings import Settings

OTHER = {
    "egress_allow": ("10.0.0.2:80", "mqtt=nas:1883"),
    "api_origins": ("https://a.example", "https://b.example"),
    "audit_days": 30,
    "address_watch": False,
    "status_page": True,
    "traces_url": "https://traces.example",
    "log": "debug",
    "log_format": "json",
}


def test_each_setting_has_its_place():
    """Of a new one somebody has to say whether other machines get it, and who may read it."""
    places = [*CARRIED, *PLACED, *APART]
    assert sorted(places) == sorted(field.name for field in fields(Settings))


@pytest.mark.parametrize("name", CARRIED)
def test_what_is_carried_arrives(name):
    told = of_settings(replace(Settings(), **{name: OTHER[name]}))
    assert list(told) == [CARRIED[name][0]]
    assert getattr(Settings.from_environment(told), name) == OTHER[name]


def test_what_is_as_usual_is_not_said():
    assert of_settings(Settings()) == {}


def test_no_secret_is_carried():
    hidden = {field.name for field in fields(Settings) if not field.repr}
    assert hidden <= APART
