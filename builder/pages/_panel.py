"""One drawn part of a page: an ES module of builder/static in the browser, a table of actions here."""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from builder.actions import Action, click

MOUNT = """
import(new URL('static/builder/%s.js', document.baseURI).href)
  .then((module) => module.mount({ element: element.querySelector('.hy'), server, props, trigger, watch }));
"""


def panel(
    module: str, actions: Mapping[str, Action] | None = None, *, value: Any = None, **props: Any
) -> gr.HTML:
    """`module` names the ES module. The template is a constant: data reaches the DOM as text (UI.md 1.2).

    A function, because of a subclass Gradio writes a .pyi file beside the module when it is imported.
    """
    table = actions or {}

    async def call(request: Any) -> dict[str, Any]:
        return await click(table, request)

    return gr.HTML(
        value,
        html_template=f"<div class='hy hy-panel-{module}'><div class='hy-loading'></div></div>",
        js_on_load=MOUNT % module,
        apply_default_css=False,
        server_functions=[call] if table else None,
        elem_id=module,
        **props,
    )
