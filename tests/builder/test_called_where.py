"""Which channels are reached at a public address of ours, so that Publish asks for it."""

import pytest

from builder.actions.channel_words import described
from deno_script import told
from runtime.channels import Connects, Fetches, Opens, Receives, registry

SCRIPT = """
import { isCalled } from "EDITOR/static/publish/called.js";
console.log(JSON.stringify(asked.map(([channel, entered]) => isCalled(channel, entered))));
"""
ALL = sorted(registry().items())


def called(folder, *asked):
    return told(folder, SCRIPT, [[described(name, registry()[name]), entered] for name, entered in asked])


def test_every_surface_that_calls_or_is_opened_asks_for_the_address(tmp_path):
    names = [name for name, kind in ALL if issubclass(kind, Receives | Opens)]
    chosen = [
        (
            name,
            dict([guide.called])
            if (guide := getattr(registry()[name], "guide", None)) and guide.called
            else {},
        )
        for name in names
    ]
    assert dict(zip(names, called(tmp_path, *chosen), strict=True)) == dict.fromkeys(names, True)


@pytest.mark.parametrize("entered", [{}, {"mode": "connection"}, {"mode": "poll"}])
def test_where_we_connect_or_look_none_is_asked_for(tmp_path, entered):
    names = [
        name for name, kind in ALL if issubclass(kind, Connects | Fetches) and not kind.profile.public_address
    ]
    assert dict(
        zip(names, called(tmp_path, *((name, entered) for name in names)), strict=True)
    ) == dict.fromkeys(names, False)
