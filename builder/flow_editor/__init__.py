"""The flow editor as a Gradio component: an ES module, which holds the truth while somebody edits."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr

from builder.flow_editor.catalog import catalog

__all__ = ["FlowEditor", "catalog", "texts"]

TEXTS = Path(__file__).parents[1] / "texts"

# Gradio evaluates its template with the value in it, so it is a constant; data goes by properties.
TEMPLATE = "<div class='flow-host'></div>"

# Served by builder.ui at static/flow_editor; relative to the page, so that it also works under a prefix.
ON_LOAD = """
// events: 'edit' 'pick'
const host = element.querySelector('.flow-host');
const preview = props.previews ? { onPreviewPrompt: (prompt) => server.preview_prompt(prompt) } : {};
let revision = props.value?.revision ?? '';
import(new URL('static/flow_editor/editor.js', document.baseURI).href).then(async ({ mount, ready }) => {
  await ready();
  const editor = mount(host, {
    ...props.options, ...preview, flow: props.value?.flow ?? [],
    onEdit: (flow, why) => { props.value = { flow, revision }; trigger('edit', { why }); },
    onSelect: (id) => trigger('pick', { id }),
  });
  const obey = () => {
    const cmd = props.cmd ?? {};
    if ('revision' in cmd) revision = cmd.revision;
    for (const name of ['lang', 'update', 'load', 'status', 'problems', 'select'])
      if (name in cmd) editor[name](cmd[name]);
  };
  watch('cmd', obey);
  obey();
});
"""


class FlowEditor(gr.HTML):
    """`value` is `{"flow": [...], "revision": "..."}`, in both directions.

    Events: `edit` (150 ms after a change; `evt.why`) and `pick` (`evt.id`, "" for none). Handlers never
    return the flow; what they know goes into `gr.update(cmd={...})` with any of `lang`, `update` (variables,
    models, templates), `load` (another flow), `status` (by block id), `problems`, `select` and `revision`,
    which comes back with the next edit. An equal `cmd` is not noticed: add a time stamp.
    """

    def __init__(
        self,
        value: dict[str, Any] | None = None,
        *,
        options: dict[str, Any] | None = None,
        preview: Callable[[Any], str] | None = None,
        cmd: dict[str, Any] | None = None,
        **props: Any,
    ) -> None:
        def preview_prompt(prompt: Any) -> str:
            return preview(prompt) if preview else ""

        super().__init__(
            value,
            html_template=TEMPLATE,
            js_on_load=ON_LOAD,
            apply_default_css=False,
            server_functions=[preview_prompt] if preview else None,
            options={"catalog": catalog(), "texts": texts(), **(options or {})},
            previews=preview is not None,
            cmd=cmd or {},
            **props,
        )

    def api_info(self) -> dict[str, Any]:
        return {"type": "object"}


def texts() -> dict[str, dict[str, str]]:
    """Every sentence of the editor, by language."""
    return {
        lang: json.loads((TEXTS / f"flow.{lang}.json").read_text(encoding="utf-8")) for lang in ("zh", "en")
    }
