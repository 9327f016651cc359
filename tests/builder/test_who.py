"""What is written down says who it was."""

from dataclasses import dataclass
from typing import Any

import pytest
from builder_world import ACCOUNT, add

from builder.actions import build, history, models, named_secrets, publish, published
from runtime.access.actor import OWNER, Actor
from runtime.access.keys import Keys
from runtime.access.permissions import Permission

ANNA = Actor("anna", list(Permission))


@dataclass(frozen=True)
class Case:
    id: str
    act: Any
    """Called with a studio."""
    by: Any
    """Who it was, as the records say."""


def save(studio):
    data = build.open_agent(studio, "shop")
    build.save(studio, ANNA, "shop", {**data["data"], "name": "新店"}, data["revision"])


def live(studio):
    return studio.control.publications()[0]


CASES = [
    Case("saving", save, lambda s: history.history(s).states("shop")[0].by),
    Case(
        "keeping a version",
        lambda s: history.keep_version(s, ANNA, "shop", {"name": "店"}, "备注"),
        lambda s: history.history(s).states("shop")[0].by,
    ),
    Case(
        "publishing",
        lambda s: publish.go_live(s, ANNA, "shop", "wechat", {"app_id": "wxffffffffffffffff", **SECRET}),
        lambda s: s.control.versions(s.control.publications()[-1].id)[-1].by,
    ),
    Case(
        "taking it back",
        lambda s: published.take_back(s, ANNA, live(s).id),
        lambda s: live(s).by,
    ),
    Case(
        "rolling back",
        lambda s: published.use_version(s, ANNA, live(s).id, 1),
        lambda s: live(s).by,
    ),
    Case(
        "noting a version",
        lambda s: history.annotate(s, ANNA, "shop", f"{live(s).id}.1", "好"),
        lambda s: s.control.versions(live(s).id)[0].noted_by,
    ),
    Case(
        "issuing a key", lambda s: publish.create_key(s, ANNA, "shop"), lambda s: Keys(s.control).all()[-1].by
    ),
    Case(
        "revoking one",
        lambda s: publish.revoke_key(s, ANNA, Keys(s.control).all()[0].id),
        lambda s: Keys(s.control).all()[0].revoked_by,
    ),
    Case(
        "setting a secret",
        lambda s: named_secrets.set_secret(s, ANNA, "erp", "canary00"),
        lambda s: s.control.secrets.all()[0].by,
    ),
    Case(
        "setting up a model",
        lambda s: models.set_up(s, ANNA, name="ds", provider="deepseek", models=["x"], api_key="canary00"),
        lambda s: s.control.options().by,
    ),
    Case(
        "entering the public address",
        lambda s: publish.set_public_url(s, ANNA, "bot.tea.cn"),
        lambda s: s.control.options().by,
    ),
]
SECRET = {"app_secret": ACCOUNT["app_secret"], "original_id": "gh_ffffffffffff"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_what_is_written_says_who_it_was(studio, case):
    add(studio)
    publish.go_live(studio, OWNER, "shop", "wechat", ACCOUNT)
    publish.create_key(studio, OWNER, "shop")
    case.act(studio)
    assert case.by(studio) == "anna"
