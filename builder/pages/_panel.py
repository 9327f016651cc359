"""One drawn part of a page: an ES module of builder/static in the browser."""

from typing import Any

import gradio as gr

from builder.serving import bundle

# What could not be loaded is said, with a way to go on: there is nobody else to say it.
MOUNT = """
// events: 'restore', 'played', 'again', 'box', 'rewrite'
import(new URL('static/%(script)s', document.baseURI).href)
  .then(({ modules }) =>
    modules['static/%(module)s'].mount({
      element: element.querySelector('.hy'), page: '%(page)s', props, trigger, watch,
    }))
  .catch((error) => {
    setTimeout(() => { throw error; });
    if (document.querySelector('.hy-unloaded')) return element.querySelector('.hy').replaceChildren();
    const again = document.createElement('button');
    again.className = 'hy-btn';
    again.textContent = '重新载入 · Reload';
    again.onclick = () => location.reload();
    const said = document.createElement('p');
    said.setAttribute('role', 'alert');
    said.textContent = '页面没有载入完整，请检查网络后重试。 The page did not load; check the network.';
    const box = document.createElement('div');
    box.className = 'hy-page hy-unloaded';
    box.append(said, again);
    element.querySelector('.hy').replaceChildren(box);
  });
"""


def panel(module: str, *, page: str = "", id: str = "", value: Any = None, **props: Any) -> gr.HTML:
    """`module` is a path in builder/static, `page` says whose actions it may ask for (see serving/clicks.py).
    `id`: of a module that is there several times.

    The template is a constant: data reaches the DOM as text.
    """
    name = module.rpartition("/")[2]
    return gr.HTML(
        value,
        html_template=f"<div class='hy hy-panel-{name}'><div class='hy-loading'></div></div>",
        js_on_load=MOUNT % {"module": module, "page": page or name, "script": bundle.holding(module).name},
        apply_default_css=False,
        elem_id=id or name,
        **props,
    )
