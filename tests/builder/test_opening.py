"""The bar on top leads to what opens, and to nothing else."""

import asyncio
import re

import pytest

from builder import ui
from runtime.access.actor import OWNER, Actor
from runtime.access.permissions import Permission
from runtime.access.roles import TEMPLATES

SCRIPTS = ui.HERE / "static"
OPENS = next(one for one in ui.BAR if one.__name__ == "opens")


def opened(who):
    return set(asyncio.run(OPENS(None, who)))


def test_an_owner_opens_every_page_that_the_bar_leads_to():
    bar = (SCRIPTS / "common" / "nav.js").read_text("utf-8")
    led = re.findall(r'"([a-z]+)"', " ".join(re.findall(r"const (?:STEPS|OFFICE) = \[(.*)\]", bar)))
    led += re.findall(r'tab\("([a-z]*)"', bar)
    assert len(led) > 15
    assert set(led) <= opened(OWNER)


@pytest.mark.parametrize("role", TEMPLATES)
def test_each_role_is_led_to_what_it_may(role):
    who = Actor("ada", TEMPLATES[role].permissions | {Permission.ACCOUNT})
    for page, permission in {**ui.DOORS, "insights": Permission.CONVERSATIONS_READ}.items():
        assert (page in opened(who)) == who.may(permission)
    assert {"", "account"} <= opened(who)


def test_what_can_be_begun_from_every_page_is_told_of_whoever_may():
    scripts = (SCRIPTS / "common" / "commands.js").read_text("utf-8")
    ends = {f"#{end}" for end in re.findall(r'"(?:\./|[a-z]+)#([a-z-]+)"', scripts)}
    assert len(ends) == len(ui.BEGUN) == 4
    assert ends <= opened(OWNER)
    editor = Actor("ada", TEMPLATES["editor"].permissions)
    assert opened(editor) & ends == {"#new", "#import", "#new-base"}
    assert opened(Actor("ada", (), {Permission.AGENTS_EDIT: frozenset({"shop"})})) & ends == set()


def test_who_may_it_on_one_agent_is_led_there():
    who = Actor("ada", (), {Permission.AGENTS_RUN: frozenset({"shop"})})
    assert opened(who) == {"play"}


def test_every_icon_is_drawn():
    """One that is not there would be the block's."""
    drawn = set(
        re.findall(r"^  ([a-z]+):", (SCRIPTS / "common" / "icons.js").read_text("utf-8"), re.MULTILINE)
    )
    assert "pencil" in drawn
    for file in SCRIPTS.rglob("*.js"):
        script = file.read_text("utf-8")
        named = re.findall(r'\bicon(?:=|: )"([a-z]+)"', script)
        for choice in re.findall(r"\bicon(?:=\$\{|: )([^,}\n]*\?[^,}\n]*)", script):
            named += re.findall(r'"([a-z]+)"', choice.partition("?")[2])
        assert set(named) <= drawn, file.name
