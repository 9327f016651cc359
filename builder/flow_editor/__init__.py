"""The flow editor as a Gradio component: an ES module, which holds the truth while somebody edits."""

from typing import Any

import gradio as gr

from builder import bundle
from builder.flow_editor.catalog import catalog
from builder.texts import load
from runtime.languages import languages

__all__ = ["FlowEditor", "catalog", "texts"]

# Gradio evaluates its template with the value in it, so it is a constant; data goes by properties.
TEMPLATE = "<div class='flow-host'></div>"

# Relative to the page, so that it also works under a prefix.
# Edits are told by the document and not by Gradio, whose events end for good when one request is lost.
ON_LOAD = """
const host = element.querySelector('.flow-host');
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
import(new URL('static/SCRIPT', document.baseURI).href).then(({ modules }) => {
  modules['flow_editor/editor'].mount(host, {
    ...props.options, flow: [], alarm: false,
    onPending: () => tell('hongyan:flow-pending'),
    onEdit: (flow, why) => tell('hongyan:flow', { flow, why }),
  });
});
"""


class FlowEditor(gr.HTML):
    """An empty editor; the page's script finds its handle at `.flow-host` and gives it a flow (editor.js)."""

    def __init__(self, **props: Any) -> None:
        super().__init__(
            html_template=TEMPLATE,
            js_on_load=ON_LOAD.replace("SCRIPT", bundle.script().name),
            apply_default_css=False,
            options={"catalog": catalog(), "texts": texts()},
            **props,
        )

    def api_info(self) -> dict[str, Any]:
        return {"type": "object"}


def texts() -> dict[str, dict[str, str]]:
    """Every sentence of the editor, by language."""
    return {one.code: load(one.code, "flow.") for one in languages()}
