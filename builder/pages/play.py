"""Trying an agent at "/play?agent=ID": the chat, and beside it the phone, the trace and the variables.

The chat is Gradio's, and so are its events; what was said is kept by the server, see
runtime/trying/kept_chats.py, and the page says which chat it shows, up to which turn. Up to four answer side
by side, each in a chat.
"""

import time
from typing import Any

import gradio as gr

from builder.actions import (
    agents,
    chats,
    history,
    kept_chat,
    rehearsal,
    sharing,
    suites,
    taken_cases,
    variants,
)
from builder.actions import playground as actions
from builder.actions.asking import NOTHING
from builder.actions.chat_events import Going
from builder.actions.sent_files import keep_file, voice
from builder.actions.side_by_side import MOST
from builder.file_box import FileBox
from builder.inert_chat import InertChat
from builder.pages._look import label
from builder.pages._panel import panel
from builder.pages._play_events import Handlers, Row
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

Json = dict[str, Any]

QUIET: Json = {"show_progress": "hidden", "api_visibility": "private"}
UNUSED: Json = {}
LONGEST_LINE = 100_000
"""Characters of what is played beside the chat."""
BUSY = gr.update(submit_btn=False, stop_btn=True)
IDLE = gr.update(submit_btn=True, stop_btn=False)
ASKED_AT_ONCE = 20
"""Questions that run at once, of all who try agents out."""

ACTIONS = (
    agents.names,
    actions.agent,
    chats.chats,
    chats.rename_chat,
    chats.delete_chat,
    chats.restore_chat,
    chats.rate,
    chats.choose,
    chats.feedback,
    chats.export_chat,
    chats.take_over,
    sharing.share_chat,
    sharing.shared_links,
    sharing.revoke_link,
    history.versions,
    variants.models,
    keep_file,
    voice,
    rehearsal.choices,
    rehearsal.rehearse,
    taken_cases.keep_chat,
    suites.case_lines,
)


@needs(Permission.AGENTS_RUN)
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
            height="calc(100dvh - 250px)",
            min_height=380,
            layout="bubble",
            buttons=["copy", "copy_all"],
            placeholder=label("gradio_play_placeholder") if place == 0 else None,
            group_consecutive_messages=True,
            editable="user" if place == 0 else None,
        )
    return chat, head


def _wire(
    studio: Studio,
    shown_in: list[tuple[gr.Chatbot, gr.HTML]],
    box: FileBox,
    usage: gr.HTML,
    beside: gr.HTML,
) -> None:
    text, files, at, place = gr.State(""), gr.State([]), gr.State(None), gr.State({})
    said, heads = [chat for chat, _ in shown_in], [head for _, head in shown_in]
    chat = said[0]
    row = [*said, *heads, usage, beside, place]
    going = [text, box, files, at]

    handlers = Handlers(studio)
    # Emptying the box is an event of its own: of a stream's updates the browser may skip all but the last.
    starts = [
        box.submit(_take, box, going, **QUIET),
        chat.retry(handlers.rewind, [beside, place], going, **QUIET),
        chat.edit(handlers.edit, [beside, place], going, **QUIET),
        chat.example_select(_choose, None, going, **QUIET),
        chat.option_select(_tap, None, going, **QUIET),
        beside.played(_play, beside, going, **QUIET),
    ]
    each: Json = {"trigger_mode": "multiple", **QUIET}  # else Gradio drops what comes while one runs
    waiting = [start.success(lambda: BUSY, None, box, **each) for start in starts]
    asking = {"concurrency_limit": ASKED_AT_ONCE, **each}
    running = [
        wait.success(handlers.ask, [text, files, at, place, beside], row, **asking) for wait in waiting
    ]
    for run in running:
        run.then(lambda: (IDLE, gr.update(ended=time.time())), None, [box, beside], **QUIET)
    box.stop(_stop, said, [*said, box, usage, beside], cancels=running, **QUIET)
    chat.clear(lambda: (UNUSED, gr.update(result=NOTHING), {}), None, [usage, beside, place], **QUIET)
    chat.undo(handlers.undo, [beside, place], [box, *row], **QUIET)
    chat.like(handlers.like, [beside, place], beside, **QUIET)
    beside.restore(handlers.restore, beside, row, **QUIET)
    if gr.context.Context.root_block is not None:
        gr.context.Context.root_block.load(handlers.opening, None, chat, **QUIET)


def _take(written: Json) -> Going:
    return written["text"], "", written["files"], None


def _choose(event: gr.SelectData) -> Going:
    return str(event.value["text"]), "", [], None


def _tap(event: gr.SelectData) -> Going:
    return str(event.value), "", [], None


def _play(given: Json | None) -> Going:
    return str((given or {}).get("line", ""))[:LONGEST_LINE], gr.skip(), [], None


def _stop(*said: Any) -> Row:
    settled = [kept_chat.stopped(one or []) if one else gr.skip() for one in said]
    return (*settled, IDLE, UNUSED, gr.update(usage=UNUSED, ended=time.time()))
