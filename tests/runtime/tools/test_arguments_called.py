"""What a tool of ours is called with has a name that people understand, in both languages."""

import pytest

from builder.flow_editor import catalog
from runtime.tools import Imported, registry

OWN = sorted(
    name
    for name, kind in registry().items()
    if not issubclass(kind, Imported) and not {"url", "server"} & set(kind.model_fields)
)
"""Those of the others are named by their owner, or by whoever made what they call."""


@pytest.mark.parametrize("name", OWN)
def test_each_argument_has_a_name_for_people_and_nothing_else_has(name):
    kind = registry()[name]
    taken = kind.model_construct(type=name).parameters().get("properties", {})
    assert set(kind.called) == set(taken) != set()
    told = catalog()["tools"][name]["called"]
    for argument, text in kind.called.items():
        assert told[argument] == {"zh": text.zh, "en": text.en}
        assert text.zh.strip()
        assert text.en.isascii()
