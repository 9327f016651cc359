"""Which of Gradio's files a page asks for, and what of them it never runs."""

import re

import pytest

from builder.serving import gradio_files
from runtime.server.bundling.packed import packed

STREAMS = [path.name for path in gradio_files.FOLDER.glob("hls-*.js")]
OTHERS = ["index", "core", "Blocks", "Video"]


@pytest.mark.parametrize("name", STREAMS)
def test_what_no_page_runs_is_left_out_and_offers_the_same_names(name):
    text = (gradio_files.FOLDER / name).read_text("utf-8")
    left = gradio_files.light(name, text)
    assert len(left) < 200
    offered = [
        set(re.findall(r"as (\w+)", re.search(r"export\{([^}]*)\}", one[-300:])[1])) for one in (text, left)
    ]
    assert offered[0] == offered[1] != set()


def test_there_is_one_to_leave_out():
    """Another Gradio may call it differently: then the pages weigh more again, and nobody would see it."""
    assert STREAMS


def test_what_counts_time_does_so_ten_times_a_second_and_keeps_no_page_drawing():
    """Another Gradio may write it differently: then each open page is busy again, and nobody would see it."""
    [path] = gradio_files.FOLDER.glob("statustracker-*.js")
    text = path.read_text("utf-8")
    left = gradio_files.light(path.name, text)
    [[name, each]] = re.findall(r"function (\w+)\(\)\{setTimeout\((\(\)=>\{[^{}]*\}),100\)\}", left)
    assert "performance.now()" in each
    assert each.endswith(f"&&{name}()}}")
    assert each in text
    assert len(text) - 10 < len(left) < len(text) + 20


@pytest.mark.parametrize("stem", OTHERS)
def test_everything_else_stays_as_it_is(stem):
    for path in gradio_files.FOLDER.glob(f"{stem}-*.js"):
        text = path.read_text("utf-8")
        assert gradio_files.light(path.name, text) == text


MOST = {(): 190_000, ("multimodaltextbox", "chatbot"): 270_000}
"""Bytes of a page's scripts of Gradio's, gzip, by what is on it beside ours."""


@pytest.mark.parametrize("kinds", MOST, ids=lambda kinds: " ".join(kinds) or "ours")
def test_what_gradio_brings_is_bounded(kinds):
    names = [n for n in gradio_files.needed(("html", "column", *kinds), "zh-CN") if n.endswith(".js")]
    texts = [(n, (gradio_files.FOLDER / n).read_text("utf-8")) for n in names]
    sizes = [len(packed(gradio_files.light(n, text), "text/javascript").gzipped) for n, text in texts]
    assert len(names) < 45
    assert sum(sizes) < MOST[kinds]
