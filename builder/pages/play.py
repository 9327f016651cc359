"""Trying an agent at "/play?agent=ID": the chat, and beside it the phone, the trace and the variables."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import gradio as gr

from builder.actions import agents, kept_chat, playground_chat, rehearsal
from builder.actions import playground as actions
from builder.actions.kept_chat import PLAYED
from builder.actions.sent_files import checked, files_in, keep_file, text_of, voice
from builder.actions.sent_files import said as sent
from builder.inert_chat import InertChat
from builder.pages._look import label
from builder.pages._panel import panel
from builder.phone import surface
from builder.studio import Studio
from runtime.access.permissions import Permission, needs

Json = dict[str, Any]
Chat = list[Json]
Shown = tuple[Any, ...]

QUIET: Json = {"show_progress": "hidden", "api_visibility": "private"}
UNUSED: Json = {}
NOTHING: Json = {"exchanges": [], "events": [], "waits": []}
LONGEST_LINE = 100_000
"""Characters of what is played beside the chat."""
BUSY = gr.update(submit_btn=False, stop_btn=True)
IDLE = gr.update(submit_btn=True, stop_btn=False)

ACTIONS = (
    agents.names,
    actions.agent,
    actions.shown_on,
    keep_file,
    voice,
    rehearsal.choices,
    rehearsal.rehearse,
)


@needs(Permission.AGENTS_RUN)
def page(studio: Studio) -> None:
    with gr.Row(elem_id="play-row", equal_height=False):
        with gr.Column(elem_id="chat-column"):
            chat = InertChat(
                elem_id="chat",
                label=label("gradio_play_chat"),
                show_label=False,
                height="calc(100dvh - 200px)",
                min_height=380,
                layout="bubble",
                buttons=["copy", "copy_all"],
                placeholder=label("gradio_play_placeholder"),
                group_consecutive_messages=True,
            )
            box = gr.Textbox(
                elem_id="ask",
                label=label("gradio_play_box"),
                show_label=False,
                container=False,
                placeholder=label("gradio_play_ask"),
                max_lines=6,
                submit_btn=True,
                stop_btn=False,
                autofocus=True,
            )
            attached = panel("play/attach", page="play", value=[])
            usage = panel("play/usage", page="play")
        with gr.Column(elem_id="beside-column"):
            beside = panel("play/play", value={}, result=NOTHING, usage=UNUSED, kept=[])
    _wire(studio, chat, box, attached, usage, beside)


def _wire(
    studio: Studio, chat: gr.Chatbot, box: gr.Textbox, attached: gr.HTML, usage: gr.HTML, beside: gr.HTML
) -> None:
    text, files = gr.State(""), gr.State([])
    shown = [chat, usage, beside]

    async def ask(text: str, files: Any, said: Chat, asked: Json | None) -> AsyncGenerator[Shown]:
        async with aclosing(_turn(studio, text, checked(files), said or [], asked or {})) as states:
            async for state in states:
                yield state

    def opening(request: gr.Request) -> Any:
        asked = request.query_params
        lines = actions.suggestions(studio, asked.get("agent", ""), asked.get("version", ""))
        return gr.update(examples=[{"text": line} for line in lines])

    # Emptying the box is an event of its own: of a stream's updates the browser may skip all but the last.
    starts = [
        box.submit(_take, [box, attached], [text, box, files, attached], **QUIET),
        chat.retry(_rewind, chat, [text, box, files, chat], **QUIET),
        chat.example_select(_choose, None, [text, box, files], **QUIET),
        chat.option_select(_tap, None, [text, box, files], **QUIET),
        beside.played(_play, beside, [text, box, files], **QUIET),
    ]
    waiting = [start.success(lambda: BUSY, None, box, **QUIET) for start in starts]
    asking = {"concurrency_limit": 20, **QUIET}
    running = [wait.success(ask, [text, files, chat, beside], shown, **asking) for wait in waiting]
    for run in running:
        run.then(_finish, [chat, usage], [box, beside], **QUIET)
    box.stop(_stop, chat, [chat, box, usage, beside], cancels=running, **QUIET)
    chat.clear(lambda: (UNUSED, gr.update(result=NOTHING, kept=[])), None, [usage, beside], **QUIET)
    beside.restore(_restore, beside, shown, **QUIET)
    if gr.context.Context.root_block is not None:
        gr.context.Context.root_block.load(opening, None, chat, **QUIET)


def _take(written: str, there: Any) -> tuple[str, str, Any, Any]:
    return written, "", there, []


def _rewind(said: Chat, event: gr.RetryData) -> tuple[str, str, Any, Chat]:
    start = _last_question(said, event.index)
    metadata = said[start].get("metadata") or {}
    if metadata.get("id") == PLAYED:
        return str(metadata.get("log", "")), "", [], said[:start]
    files = files_in(said[start])
    return text_of(kept_chat.plain_text(said[start]["content"]), files), "", files, said[:start]


def _choose(event: gr.SelectData) -> tuple[str, str, Any]:
    return str(event.value["text"]), "", []


def _tap(event: gr.SelectData) -> tuple[str, str, Any]:
    return str(event.value), "", []


def _play(asked: Json | None) -> tuple[str, str, Any]:
    return str((asked or {}).get("line", ""))[:LONGEST_LINE], gr.skip(), []


def _stop(said: Chat) -> tuple[Chat, Any, Json, Any]:
    settled = kept_chat.stopped(said or [])
    return settled, IDLE, UNUSED, gr.update(kept=settled, usage=UNUSED)


def _finish(said: Chat, used: Json | None) -> tuple[Any, Any]:
    return IDLE, gr.update(kept=kept_chat.stopped(said or []), usage=used or UNUSED)


def _restore(asked: Json | None) -> Shown:
    before = kept_chat.kept_chat((asked or {}).get("before"))
    result = gr.update(result=before["result"], usage=before["usage"])
    return before["said"], before["usage"], result


async def _turn(studio: Studio, text: str, files: Chat, said: Chat, asked: Json) -> AsyncGenerator[Shown]:
    """One question and its growing answer, as the three components show them."""
    text = text.strip()
    if not text and not files:
        yield gr.skip(), gr.skip(), gr.skip()
        return
    question = sent(text, files) if files else {"role": "user", "content": text}
    yield [*said, question], gr.skip(), gr.skip()
    agent = str(asked.get("agent", ""))
    channel = surface(studio, agent, str(asked.get("channel", "")))
    seen = actions.previews(said, channel, actions.failure_of(studio, agent))
    before = playground_chat.waiting(studio, agent, said)
    turn = actions.talk(
        studio,
        str(asked.get("agent", "")),
        text,
        playground_chat.exchanges(said),
        lang=str(asked.get("lang", "zh")),
        variables=asked.get("variables") or {},
        channel=channel,
        files=files,
        version=str(asked.get("version", "")),
    )
    async with aclosing(turn) as states:
        async for state in states:
            question = _question(text, files, state)
            waiting: Json = {"asked": question["content"], "parts": [], **state.noted}
            if state.forgotten:
                said, seen = [], []
            result: Json = {"exchanges": [*seen, state.preview or waiting], "events": state.events}
            waits = before if state.waits is None else [one.to_json() for one in state.waits]
            result |= {"waits": waits, "over": state.usage.over}
            chat = [*said, question, *state.transcript.messages()]
            yield chat, state.usage.to_json(), gr.update(result=result)


def _question(text: str, files: Chat, state: actions.Talk) -> Json:
    """As the chat shows it: of a line that was played, what that was."""
    if state.played:
        told = {"id": PLAYED, "log": text}
        return {"role": "user", "content": state.played.words.to(state.lang), "metadata": told}
    return sent(text, state.files) if files else {"role": "user", "content": text}


def _last_question(said: Chat, index: Any) -> int:
    """The question that an answer at `index` belongs to."""
    at = index[0] if isinstance(index, list | tuple) else int(index)
    while at > 0 and said[at]["role"] != "user":
        at -= 1
    return at
