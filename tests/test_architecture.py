"""The code keeps the design of architecture.py, and each of its checks was seen to fail."""

import subprocess
import sys
from collections import Counter

import pytest

from architecture import (
    HEAVY,
    MAY,
    ROOT,
    circle,
    circles,
    foreign,
    heavy,
    imports,
    long_files,
    long_functions,
    named,
    names,
    over_the_socket,
    room,
    sources,
    strays,
    unused,
)


@pytest.fixture(scope="module")
def python():
    return sources(".py")


def test_the_files_are_found(python):
    assert {"app.py", "builder/ui.py", "runtime/engine.py", "runtime/blocks/model.py"} <= python.keys()
    assert "builder/flow_editor/editor.js" in sources(".js")


@pytest.mark.parametrize("check", [strays, foreign, over_the_socket, circles, named, heavy, long_functions])
def test_the_code_keeps_the_rules(check, python):
    assert list(check(python)) == []


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
    ("runtime/store/messages/messages.py", "import runtime.gateway.gateway"),
    ("runtime/publish/publications.py", "from runtime.server import body"),
    ("runtime/models/adapters/demo.py", "from runtime.store.control.control import Control"),
    ("runtime/templating/sandbox/fuel.py", "def late(): import runtime.gateway.surfaces"),
    ("runtime/simulator/http.py", "from runtime.channels import Channel"),
    ("runtime/simulator/wechat/wire.py", "from runtime.channels._tencent.crypto import signature"),
    ("runtime/errors.py", "if TYPE_CHECKING:\n    from runtime.turn.turn import Turn"),
    ("runtime/turn/turn.py", "from runtime.agents.agent import Agent"),
    ("runtime/tools/clock.py", "from runtime.blocks import Block"),
    ("runtime/channels/wechat/pushes.py", "import runtime.engine"),
    ("runtime/gateway/delivery/push.py", "from runtime.server.door.visit import Visit"),
    ("runtime/store/control/control.py", "from runtime.access.users import Users"),
    ("builder/actions/publish.py", "import builder.ui"),
    ("runtime/agents/agent.py", "importlib.import_module('builder.studio')"),
    ("builder/studio.py", "from builder.pages import build"),
]


@pytest.mark.parametrize(("path", "source"), PLANTED)
def test_an_import_that_no_row_allows_is_found(path, source, python):
    [module] = {found.module for found in imports({path: source})}
    target = names(python)[module]
    planted = {path: source, target: ""}
    assert strays(planted) == [f"{path}:{source.count(chr(10)) + 1} imports {module}: {room(path)} may not"]


@pytest.mark.parametrize(
    "path", ["runtime/spare/words.py", "runtime/gateway/delivery/deep/helper.py", "builder/actions/x/y.py"]
)
def test_a_folder_that_stands_in_no_row_is_found(path):
    assert strays({path: ""}) == [f"{path} stands in no room"]


FOREIGN = [
    ("builder/ui.py", "from . import pages", "is a relative import"),
    ("builder/ui.py", "import app", "imports app, which stands above or outside"),
    ("runtime/files.py", "from bench.load import run", "imports bench.load, which stands above or outside"),
    ("builder/ui.py", "from litellm import acompletion", "imports litellm"),
    ("runtime/engine.py", "importlib.import_module('litellm')", "imports litellm"),
    ("builder/actions/build.py", "import uvicorn", "imports uvicorn"),
    ("runtime/network/egress.py", "from starlette.routing import Route", "imports starlette"),
    ("app.py", "def run(): import gradio", "imports gradio"),
    ("builder/ui.py", "import streamlit as st", "imports streamlit"),
    ("runtime/blocks/model.py", "import sqlite3", "imports sqlite3"),
    ("runtime/agents/library.py", "from tinydb import TinyDB", "imports tinydb"),
    ("runtime/channels/wechat/pushes.py", "import aiohttp", "imports aiohttp"),
    ("runtime/network/egress.py", "import httpx", "imports httpx"),
    ("runtime/tools/web_page.py", "import urllib.request", "imports urllib.request"),
    ("runtime/store/control/table.py", "import sqlite3", "imports sqlite3"),
    ("runtime/safety/inert_html.py", "from bs4 import BeautifulSoup", "imports bs4"),
]


@pytest.mark.parametrize(("path", "source", "fault"), FOREIGN)
def test_a_library_where_it_does_not_belong_is_found(path, source, fault):
    assert list(foreign({path: source})) == [f"{path}:1 {fault}"]


def test_litellms_process_is_reached_over_its_socket():
    path = "runtime/models/adapters/via_litellm.py"
    planted = {path: "from runtime.models.litellm_child.asking import Asking"}
    assert over_the_socket(planted) == [f"{path}:1 imports runtime.models.litellm_child.asking"]


def test_a_circle_of_files_is_found():
    files = {"runtime/a.py": "import runtime.b", "runtime/b.py": "def late(): import runtime.a"}
    assert circles(files) == ["runtime/a.py → runtime/b.py → runtime/a.py"]


def test_no_arrow_climbs():
    assert circle(MAY) == []
    assert circle({"a": ["b"], "b": ["a"]}) != []


def test_what_is_allowed_is_needed(python):
    assert unused(python) == []
    assert unused({}) != []


@pytest.mark.parametrize("path", ["runtime/plugins.py", "builder/ui.py", "runtime/tools/http_request.py"])
def test_a_plugin_named_is_found(path):
    files = {path: "from runtime.tools import clock", "runtime/tools/clock.py": ""}
    assert named(files) == [f"{path}:1 names runtime.tools.clock"]


@pytest.mark.parametrize("module", ["models.adapters.demo", "turn.memory.none", "simulator.wechat"])
def test_what_is_in_a_registry_is_named_by_nobody(module):
    path = f"runtime/{module.replace('.', '/')}.py"
    planted = {"runtime/engine.py": f"import runtime.{module}", path: ""}
    assert named(planted) == [f"runtime/engine.py:1 names runtime.{module}"]


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


def test_no_test_judges_by_a_clock_that_others_can_use_up():
    clocks = ("perf_" + "counter", "process_" + "time")
    sources = {path: path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")}
    guessing = {path.name for path, source in sources.items() for clock in clocks if clock in source}
    assert guessing == set(), "tests/cost.py has one of the thread alone"


def test_a_test_files_name_is_used_once():
    """Folders of tests are no packages: of two that are collected together, one is refused."""
    found = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, times in found.items() if times > 1] == []
