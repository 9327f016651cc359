"""Each check in the folder keeps what the contract says."""

import inspect

import pytest

from runtime.safety.checks import ACTIONS, PLACES, Check, Streaming, registry

NEEDS = {"words": {"words": ["x"]}, "topics": {"subjects": [{"title": "x"}]}}
"""What a check cannot be without."""


@pytest.mark.parametrize("name", sorted(registry()))
def test_a_check(name):
    kind = registry()[name]
    assert issubclass(kind, Check)
    one = kind.model_validate({"type": name, **NEEDS.get(name, {})})
    assert one.type == name
    assert kind.about.title.zh
    assert kind.about.hint.en
    assert kind.fits <= set(PLACES)
    assert kind.does <= set(ACTIONS)
    assert set(one.places) <= kind.fits
    assert one.action in kind.does
    assert kind.streams == issubclass(kind, Streaming)
    assert inspect.iscoroutinefunction(kind.find)
    for place in set(PLACES) - kind.fits:
        with pytest.raises(ValueError, match="places"):
            kind.model_validate({"type": name, **NEEDS.get(name, {}), "places": [place]})
    # A check that names no place in a text cannot hide one.
    assert kind.streams or not kind.does & {"mask", "replace"}
