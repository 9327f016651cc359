"""What a page of Gradio's asks for, told in its head: its own scripts and sheets, and nobody else's."""

import json
import re
import warnings

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from builder.pages._look import head
from builder.pages._panel import panel
from builder.serving import bundle
from builder.serving.early import Early
from builder.serving.hints import Hints

PAGES = {"": "agents", "build": "build", "publish": "publish", "nowhere": ""}
"""By path, what it is called."""
CONFIG = re.compile(r'"head":("(?:[^"\\]|\\.)*")')
SHEET = re.compile(r'<link rel="stylesheet" href="static/([\w.-]+)">')
ASKED = r'link rel="modulepreload" href|script nonce=[\w-]+ type="module" async src'
SCRIPT = re.compile(rf'<(?:{ASKED})="static/([\w.-]+)"')


@pytest.fixture(scope="module")
def site():
    with gr.Blocks() as demo:
        panel("agents/agents")
    for path in sorted(PAGES.keys() - {""}):
        with demo.route(path, f"/{path}"):
            panel("common/nav")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="SSR mode is not supported")  # as in builder/ui.py
        app = gr.mount_gradio_app(FastAPI(), demo, path="/", head=head(), ssr_mode=False)
    return TestClient(Early(app, Hints(demo, "agents")))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_for_its_own_scripts_and_sheets(site, path):
    page, parts = site.get(f"/{path}").text, bundle.parts(PAGES[path])
    assert SCRIPT.findall(page) == [one.name for one in parts.scripts]
    # behind Gradio's own sheets, which its script adds: so it is told there
    assert SHEET.findall(json.loads(CONFIG.search(page)[1])) == [one.name for one in parts.sheets]
    for one in parts.sheets:
        assert f'<link rel="preload" as="style" href="static/{one.name}">' in page
