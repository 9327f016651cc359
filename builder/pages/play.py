"""Trying an agent at "/play?agent=ID": the chat, and beside it the phone, the trace and the variables.

The chat is Gradio's, and so are its events; what was said is kept by the server, see
runtime/trying/kept_chats.py, and the page says which chat it shows, up to which turn. Up to four answer side
by side, each in a chat.
"""

import time
from collections.abc import Sequence
from typing import Any

import gradio as gr

from builder.actions import (
    actions_of,
    agents,
    chats,
    history,
    playground,
    rehearsal,
    sent_files,
    sharing,
    suites,
    taken_cases,
    variants,
)
from builder.actions.asking import NOTHING
from builder.actions.side_by_side import MOST
from builder.file_box import FileBox
from builder.inert_chat import InertChat
from builder.pages._look import label
from builder.pages._panel import panel
from builder.pages._play_events import LONGEST_LINE, Handlers
from builder.studio import Studio
from runtime.access.permissions import SOME, Permission, needs

Json = dict[str, Any]

QUIET: Json = {"show_progress": "hidden", "api_visibility": "private"}
UNUSED: Json = {}
IDLE = gr.update(submit_btn=True, stop_btn=False)
ASKED_AT_ONCE = 20
"""Questions that run at once, of all who try agents out."""
SENDS = """(...given) => {
  const sent = new CustomEvent('hy-sends', { detail: JSON.parse(JSON.stringify(given)) });
  document.dispatchEvent(sent);
  return sent.detail;
}"""
"""What is asked is a copy of its own from here on, with an id (builder/static/play/sending.js)."""
BOX = "({ box }) => ({ __type__: 'update', ...box })"
"""Never its value: what is written meanwhile would be lost by what else changes."""

ACTIONS = actions_of(
    agents.names,
    playground,
    chats,
    sharing,
    history.versions,
    variants,
    sent_files,
    rehearsal,
    taken_cases.keep_chat,
    suites.case_lines,
)


@needs(Permission.AGENTS_RUN, on=SOME)
def page(studio: Studio) -> None:
    with gr.Row(elem_id="play-row", equal_height=False):
        with gr.Column(elem_id="chat-column"):
            panel("play/chats", page="play")
            with gr.Row(elem_id="columns", equal_height=False):
                shown = [_column(place) for place in range(MOST)]
            box = FileBox(
                elem_id="ask",
                label=label("gradio_play_box"),
                show_label=False,
                container=False,
                placeholder=label("gradio_play_ask"),
                sources=["upload", "microphone"],
                file_count="multiple",
                max_plain_text_length=LONGEST_LINE,
                max_lines=6,
                submit_btn=True,
                stop_btn=False,
                autofocus=True,
            )
            usage = panel("play/usage", page="play")
        with gr.Column(elem_id="beside-column"):
            beside = panel("play/play", value={}, result=NOTHING, usage=UNUSED, ended=0, rated=UNUSED)
    _wire(studio, shown, box, usage, beside)


def _column(place: int) -> tuple[gr.Chatbot, gr.HTML]:
    """The first is the chat; the others are shown when several answer side by side."""
    with gr.Column(elem_id=f"column-{place}", elem_classes=["hy-column"], min_width=0):
        head = panel("play/column", page="play", id=f"head-{place}", place=place, shown=UNUSED)
        chat = InertChat(
            elem_id="chat" if place == 0 else f"chat-{place}",
            elem_classes=["hy-chat"],
            label=label("gradio_play_chat"),
            show_label=False,
            height="calc(100dvh - var(--hy-around, 250px))",
            min_height=280,
            layout="bubble",
            buttons=["copy", "copy_all"],
            placeholder=label("gradio_play_placeholder") if place == 0 else None,
            group_consecutive_messages=True,
            editable="user",
        )
    return chat, head


def _wire(
    studio: Studio,
    shown_in: Sequence[tuple[gr.Chatbot, gr.HTML]],
    box: FileBox,
    usage: gr.HTML,
    beside: gr.HTML,
) -> None:
    said, heads = [chat for chat, _ in shown_in], [head for _, head in shown_in]
    first = said[0]
    row = [*said, *heads, usage, beside]
    handlers = Handlers(studio)
    asking: Json = {"trigger_mode": "multiple", "concurrency_limit": ASKED_AT_ONCE, "concurrency_id": "ask"}
    asking |= {"js": SENDS, **QUIET}
    running = [
        box.submit(handlers.ask, [box, beside], row, **asking),
        first.example_select(handlers.choose, beside, row, **asking),
        first.option_select(handlers.tap, beside, row, **asking),
        beside.played(handlers.play, beside, row, **asking),
        beside.again(handlers.again_all, beside, row, **asking),
        *(chat.retry(handlers.again(at), beside, row, **asking) for at, chat in enumerate(said)),
        *(chat.edit(handlers.edit(at), beside, row, **asking) for at, chat in enumerate(said)),
    ]
    often: Json = {"trigger_mode": "multiple", **QUIET}

    def ended(request: gr.Request) -> tuple[Any, Any]:
        """One line is over; others may wait behind it."""
        return (IDLE, gr.update(ended=time.time())) if handlers.is_idle(request) else (gr.skip(), gr.skip())

    for run in running:
        run.then(ended, None, [box, beside], **often)
    box.stop(handlers.stop, None, None, **QUIET).then(ended, None, [box, beside], **often)
    beside.box(None, beside, box, js=BOX, **often)
    beside.rewrite(handlers.rewrite, beside, box, **QUIET)
    first.clear(handlers.clear, None, None, **QUIET).then(
        lambda: (UNUSED, gr.update(result=NOTHING)), None, [usage, beside], **QUIET
    )
    for at, chat in enumerate(said):
        chat.undo(handlers.undo(at), beside, [box, *row], **QUIET)
        chat.like(handlers.like(at), beside, beside, **QUIET)
    beside.restore(handlers.restore, beside, row, trigger_mode="always_last", **QUIET)
    if gr.context.Context.root_block is not None:
        gr.context.Context.root_block.load(handlers.opening, None, first, **QUIET)
