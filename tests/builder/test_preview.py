"""What a model will be told, as the Build page shows it before anybody wrote."""

import pytest

from builder.actions.preview import preview
from runtime.errors import BadAgent, NotFound

SHOP = [{"name": "shop", "title": "店名", "default": "一叶茶铺"}]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("你是店员", "你是店员"),
        ("{{ shop }}的店员", "一叶茶铺的店员"),
        ("{{ message.text }}，{{ docs.text }}", "{{ message.text }}，{{ docs.text }}"),
        ("{{ now }} {{ shop | length }}", "{{ now }} 4"),
        ("{#话题#} {{ 'a' }}", "{#话题#} a"),
        ("{% if message.kind == 'text' %}文{% else %}非{% endif %}", "非"),
        ("", ""),
    ],
)
def test_what_is_known_is_filled_in_and_the_rest_stays_as_it_is_written(studio, text, filled):
    assert preview(studio, {"text": text}, SHOP) == {"template": text, "filled": filled, "reason": None}


def test_a_template_is_shown_as_it_is_written_and_filled_in(studio):
    shown = preview(studio, {"template": "customer_service", "values": {"shop": "{{ shop }}"}}, SHOP)
    assert "{{ shop }}" in shown["template"]
    assert "一叶茶铺" in shown["filled"]


@pytest.mark.parametrize("text", ["{{ 1 / 0 }}", "{{ broken", "{{ now.year + 1 }}"])
def test_what_cannot_be_filled_in_says_why_beside_its_text(studio, text):
    shown = preview(studio, {"text": text}, SHOP)
    assert (shown["template"], shown["filled"]) == (text, None)
    assert shown["reason"]["zh"]


@pytest.mark.parametrize(
    ("prompt", "error"),
    [({}, BadAgent), ({"text": "a", "template": "b"}, BadAgent), ({"template": "nobody"}, NotFound)],
)
def test_what_is_no_prompt_is_refused(studio, prompt, error):
    with pytest.raises(error):
        preview(studio, prompt, [])
