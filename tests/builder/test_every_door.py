"""No door stands open, in or out, of which the security page says nothing: a new one fails here first."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
from everything_allowed import served

from runtime.access.users import Users
from runtime.exposure.look import look
from runtime.exposure.point import Here
from runtime.server.door.ways import Entry
from runtime.settings import Settings

DOCS = Path(__file__).parents[2] / "docs" / "en" / "settings.md"
IN = {
    "metrics": "metrics",
    "status": "status",
    "status.json": "status",
    "files": "files",
    "shared": "files",
    "login": "ways",
    "invited": "ways",
    "v1": "unused_keys",
    "agent": "unused_keys",
    "desk": "unused_keys",
    "mcp": "unused_keys",
    "ag-ui": "unused_keys",
    "a2a": "unused_keys",
    ".well-known": "open",
    "chat": "open",
    "c": "open",
}
"""By how a path begins that asks for no sign-in: the point that speaks of it."""
SAYS_NOTHING = {
    "health": "it lives",
    "ready": "it can store, by ids of publications and nothing else",
    "lang": "a cookie with a language",
    "logout": "ends what there is",
    "favicon.ico": "a picture",
}
SECRET_ADDRESS = {
    "back": "of one answer",
    "r": "of one answer",
    "my-data": "of one person's own data, opened once",
    "made": "of one file that was made for somebody",
    "hooks": "of one start, which its own address opens",
}
SETTINGS = {
    "host": "bind",
    "port": "bind",
    "password": "owners",
    "secret_key": "sealing",
    "audit_days": "audit",
    "public_url": "public",
    "api_hosts": "platform_hosts",
    "egress_allow": "egress",
    "mcp_commands": "programs",
    "proxies": "proxies",
    "proxy": "proxies_out",
    "platform_proxy": "proxies_out",
    "metrics_key": "metrics",
    "api_origins": "origins",
    "sign_in": "ways",
    "traces_url": "traces",
    "traces_headers": "traces",
    "status_page": "status",
}
OPENS_NOTHING = {
    "home": "a folder, whose rights are a point",
    "address_watch": "asks platforms that are asked anyway",
    "update_backup": "a file in the home, whose rights are a point",
    "texts": "a folder",
    "log": "standard error",
    "log_format": "standard error",
}
ELSEWHERE = {
    "HONGYAN_DATABASE_URL": "stores",
    "HONGYAN_REDIS_URL": "stores",
    "HONGYAN_S3_URL": "stores",
    "HONGYAN_BACKUP_S3_ENDPOINT": "stores",
}
"""Variables that are read where they are needed."""
WITH_THESE = ("HONGYAN_S3_", "HONGYAN_BACKUP_S3_")


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    app, program, _ = served(tmp_path_factory.mktemp("home"))
    Users(program.control).set_password("owner", "long enough")
    return app, program


@pytest.fixture(scope="module")
def points(program):
    _, made = program
    return {one.id for one in look(Here(made.settings, made.control, [], 1_800_000_000.0))}


def test_each_way_in_that_asks_for_no_sign_in_is_spoken_of(program, points):
    app, _ = program
    opened = {
        path.split("/")[1]
        for route in app.routes
        for path, needs in ((route.path, route.needs), *getattr(route, "inside", {}).items())
        if needs in (Entry.MACHINE, Entry.ANYBODY)
    }
    said = {*IN, *SAYS_NOTHING, *SECRET_ADDRESS}
    assert opened - said == set(), "say in runtime/exposure who opens it, or here why nothing is to be said"
    assert said - opened == {"status", "status.json"}  # open only where the owner wants it
    assert set(IN.values()) <= points


def test_each_setting_that_opens_something_is_spoken_of(points):
    assert sorted([*SETTINGS, *OPENS_NOTHING]) == sorted(one.name for one in fields(Settings))
    assert set(SETTINGS.values()) <= points


def test_each_variable_beside_the_settings_is_spoken_of(points):
    told = set(re.findall(r"`(HONGYAN_[A-Z0-9_]+)`", DOCS.read_text("utf-8")))
    of_settings = {*_read_by_settings(), *ELSEWHERE}
    left = {one for one in told - of_settings if not one.startswith(WITH_THESE)}
    left = {one for one in left if not one.endswith(("_API", "_WS"))}
    assert left == set()
    assert set(ELSEWHERE.values()) <= points


def _read_by_settings():
    seen = set()

    class Asked(dict):
        def get(self, name, default=None):
            seen.add(name)
            return default

    Settings.from_environment(Asked())
    return seen
