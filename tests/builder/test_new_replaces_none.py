"""What is made anew under a name that is taken is refused, and what was there stays."""

import pytest

from builder.actions import models, named_secrets, safety, sso
from runtime.access.actor import Actor
from runtime.access.permissions import Permission
from runtime.errors import HongyanError

ADA = Actor("ada", frozenset(Permission))


def corp(issuer):
    return {"kind": "oidc", "name": "Corp", "issuer": issuer, "client_id": "hongyan"}


def model(key):
    return {"name": "own", "provider": "openai_compatible", "api_base": "https://m.example/v1",
            "models": ["m"], "api_key": key}  # fmt: skip


KINDS = {
    "provider": (
        lambda s, text: sso.save(s, ADA, "corp", corp(f"https://{text}.example"), "", fresh=True),
        lambda s: s.control.sso.must("corp").issuer,
    ),
    "secret": (
        lambda s, text: named_secrets.set_secret(s, ADA, "erp", f"value-{text}", fresh=True),
        lambda s: s.control.secrets.open("erp", "erp.example"),
    ),
    "word list": (
        lambda s, text: safety.save_list(s, "ours", text, fresh=True),
        lambda s: safety.read_list(s, "ours"),
    ),
    "model": (
        lambda s, text: models.set_up(s, ADA, **model(f"sk-{text}"), fresh=True),
        lambda s: s.control.find("own").api_key.get_secret_value(),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_one_replaces_none(studio, kind):
    make, look = KINDS[kind]
    make(studio, "first")
    with pytest.raises(HongyanError) as e:
        make(studio, "second")
    assert e.value.field == "name"
    assert "first" in look(studio)
