"""Gradio is imported as we want it: it looks nobody up, and writes no file beside a component."""

import subprocess
import sys

import pytest

from tests.architecture import ROOT

LOOK = "import os, {first}, component; e = os.environ; print(e['HF_HUB_OFFLINE'])"


@pytest.mark.parametrize("first", ["builder, gradio", "gradio, builder"])
def test_no_stub_is_written_and_nobody_is_looked_up(first, tmp_path):
    (tmp_path / "component.py").write_text("import gradio\n\n\nclass Mine(gradio.Textbox):\n    pass\n")
    ran = subprocess.run(
        [sys.executable, "-c", LOOK.format(first=first)],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "1\n"
    assert list(tmp_path.glob("*.pyi")) == []
