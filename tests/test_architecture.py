"""The code keeps the design of architecture.py, and each of its checks was seen to fail."""

import subprocess
import sys

import pytest

from architecture import HEAVY, ROOT, RULES, forbidden, heavy, long_files, long_functions, named, sources


@pytest.fixture(scope="module")
def python():
    return sources(".py")


def test_the_files_are_found(python):
    assert {"app.py", "builder/ui.py", "runtime/engine.py", "runtime/blocks/model.py"} <= python.keys()
    assert "builder/flow_editor/editor.js" in sources(".js")


@pytest.mark.parametrize("check", [forbidden, named, heavy, long_functions])
def test_the_code_keeps_the_rules(check, python):
    assert check(python) == []


def test_no_file_is_too_long(python):
    assert long_files(python | sources(".js")) == []


LOAD_ALL = f"""
import importlib, pkgutil, sys
import app, runtime
for module in pkgutil.walk_packages(runtime.__path__, "runtime."):
    importlib.import_module(module.name)
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_no_library_brings_a_heavy_one_along():
    process = subprocess.run([sys.executable, "-c", LOAD_ALL], cwd=ROOT, capture_output=True, text=True)
    assert (process.stdout.strip(), process.stderr) == ("[]", "")


# Each check can fail


PLANTED = [
    ("imports are absolute", "builder/ui.py", "from . import pages", "."),
    ("nobody imports the entry", "builder/ui.py", "import app", "app"),
    ("runtime stands alone", "runtime/agents/agent.py", "from builder import ui", "builder"),
    (
        "the simulator is for tests, bench and rehearsal",
        "runtime/gateway/worker.py",
        "from runtime.simulator.wechat.account_played import WeChat",
        "runtime.simulator.wechat.account_played",
    ),
    (
        "no process that takes messages imports litellm",
        "builder/ui.py",
        "from litellm import acompletion",
        "litellm",
    ),
    (
        "no process that takes messages imports litellm",
        "runtime/engine.py",
        "importlib.import_module('litellm')",
        "litellm",
    ),
    (
        "litellm's process is reached over its socket",
        "runtime/models/routed.py",
        "from runtime.models.litellm_child.asking import Asking",
        "runtime.models.litellm_child.asking",
    ),
    ("the web framework serves", "builder/pages/build.py", "import uvicorn", "uvicorn"),
    (
        "the web framework serves",
        "runtime/network/egress.py",
        "from starlette.routing import Route",
        "starlette.routing",
    ),
    ("gradio draws the builder", "app.py", "def run(): import gradio", "gradio"),
    ("streamlit draws insights", "builder/ui.py", "import streamlit as st", "streamlit"),
    ("actions and texts need no browser", "builder/actions_publish.py", "import builder.ui", "builder.ui"),
    ("a block knows only the contracts", "runtime/blocks/ask.py", "import runtime.store", "runtime.store"),
    ("a tool knows no agent", "runtime/tools/clock.py", "from runtime.blocks import Block", "runtime.blocks"),
    ("a channel translates and sends", "runtime/channels/web.py", "import runtime.engine", "runtime.engine"),
    (
        "the core knows no surroundings",
        "runtime/turn/turn.py",
        "import runtime.store.messages.sqlite",
        "runtime.store.messages.sqlite",
    ),
    (
        "the gateway is below the server",
        "runtime/gateway/inbox.py",
        "import runtime.server",
        "runtime.server",
    ),
]


@pytest.mark.parametrize(("rule", "path", "source", "module"), PLANTED)
def test_a_forbidden_import_is_found(rule, path, source, module):
    assert forbidden({path: source}) == [f"{path}:1 imports {module}: {rule}"]


def test_every_rule_was_seen_to_fail():
    assert {rule.name for rule in RULES} == {rule for rule, *_ in PLANTED}


ALLOWED = [
    ("runtime/models/litellm_child/asking.py", "def complete(): import litellm"),
    ("runtime/engine.py", "from runtime.tools import Tool"),
    ("runtime/blocks/tool.py", "from runtime.tools import find"),
    ("runtime/channels/wecom.py", "from runtime.channels._tencent.crypto import decrypt"),
    ("runtime/channels/wechat/push.py", "from runtime.channels.wechat.errors import TRANSIENT"),
    ("runtime/gateway/worker.py", "from runtime.store.messages.sqlite import Store"),
    ("app.py", "def insights(): import streamlit"),
]


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_what_the_design_needs_is_allowed(path, source):
    files = {path: source}
    assert forbidden(files) + named(files) + heavy(files) == []


@pytest.mark.parametrize("path", ["runtime/plugins.py", "builder/ui.py", "runtime/tools/http_request.py"])
def test_a_plugin_named_is_found(path):
    files = {path: "from runtime.tools import clock", "runtime/tools/clock.py": ""}
    assert named(files) == [f"{path}:1 names runtime.tools.clock"]


def test_a_heavy_import_is_found_behind_others():
    files = {
        "app.py": "from builder.phone import preview",
        "builder/__init__.py": "from builder import ui",
        "builder/phone.py": "def preview(): import gradio",
        "builder/ui.py": "if True:\n    import gradio",
        "builder/insights.py": "import streamlit",
    }
    assert heavy(files) == ["builder/ui.py:2 loads gradio"]


def test_an_import_for_types_only_is_not_loaded():
    assert heavy({"runtime/models/routed.py": "if TYPE_CHECKING:\n    import litellm"}) == []


def test_a_long_file_is_found():
    files = {"a.py": "x\n" * 300, "b.js": "x\n" * 301}
    assert long_files(files) == ["b.js has 301 lines"]


def test_a_long_function_is_found():
    lines = "    x = 1\n" * 49
    files = {"a.py": f"def fits():\n{lines}\nclass A:\n  async def long(self):\n{lines}    y = 1\n"}
    assert long_functions(files) == ["a.py:53 long has 51 lines"]
