"""What is written of an answer, as a message that is edited until it is the answer (see Edits).

By what the platform finds it is on the disk as soon as it is known: with the turn while that runs, and then
with the answer's first part. So after a death the same message goes on, and no other one is begun.
"""

import asyncio
import logging
import math
from collections.abc import Sequence
from dataclasses import replace

from runtime.answer import EDITS, AnswerPart
from runtime.channels import Bubble, Edits
from runtime.crash import crashpoint
from runtime.errors import SendFailed
from runtime.gateway.canned import canned
from runtime.gateway.context import Context
from runtime.gateway.delivery.rates import TOO_SOON, Rates
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.growing import Growing, bubble_id, growing, so_far
from runtime.gateway.job import Job
from runtime.gateway.lasting import now
from runtime.gateway.spent import lasting

log = logging.getLogger(__name__)

HANDLE = "edited"
"""The step of a turn that has it."""
MINUTE = 60.0


class EditedMessages:
    def __init__(self, context: Context, sender: Sender, rates: Rates) -> None:
        self._steps = context.messages.steps
        self._sender, self._rates = sender, rates
        self._background = context.background

    def begin(self, job: Job) -> None:
        """Its turn begins."""
        editor, message = job.surface.editor, job.message
        if editor is None or job.edited or job.stored or message.unasked or not editor.edits(message):
            return
        if canned(job.surface.agent, message) is not None:
            return
        bubble = Bubble(bubble_id(job.surface.id, job.seq, message), message)
        job.edited = growing(bubble, job.surface.agent, math.inf)
        job.pieces = True
        job.watchers.append(job.edited.events.put_nowait)
        self._background.start(self._show(job, job.edited, editor))

    async def noted(self, job: Job, parts: Sequence[AnswerPart]) -> list[AnswerPart]:
        """The parts as they are stored: the first one knows in which message it is shown. Of what was written
        so far nothing more is shown; where no text follows, it is taken away."""
        written, editor = job.edited, job.surface.editor
        if written is None or editor is None:
            return list(parts)
        async with written.turn:
            written.is_over = True
            handle = written.handle or await self._known(job)
        if not handle:
            return list(parts)
        if parts and parts[0].kind == "text":
            return [replace(parts[0], data={**parts[0].data, EDITS: handle}), *parts[1:]]
        try:
            await self._sender.asked(editor, editor.withdraw(handle), editor.edited)
        except SendFailed as e:
            log.info("what was written of the answer to message %s is still there: %s", job.seq, e.text.en)
        return list(parts)

    async def _known(self, job: Job) -> str:
        """From before a death."""
        return str(await self._steps.recall(job.seq, HANDLE) or "") if job.resumed else ""

    async def _show(self, job: Job, written: Growing, editor: Edits) -> None:
        """Until the answer is stored."""
        pieces: list[float] = []
        async with written.turn:
            written.handle = await self._known(job)
        while not job.answered.done() and not written.is_over:
            text, wait = so_far(job.surface, written), 0.0
            if text and text != written.shown:
                try:
                    await self._piece(job, written, editor, text)
                except SendFailed as e:
                    if not e.retryable and e.code != TOO_SOON:
                        log.info(
                            "the answer to message %s is not shown while it is written: %s",
                            job.seq,
                            e.text.en,
                        )
                        return
                    wait = e.wait
                pieces = [*(at for at in pieces if at > now() - MINUTE), now()]
            usual = editor.edit_pieces
            pause = usual.quick if len(pieces) < usual.few else usual.slow
            await asyncio.wait([job.answered], timeout=max(pause, wait))

    async def _piece(self, job: Job, written: Growing, editor: Edits, text: str) -> None:
        """Raises SendFailed."""
        async with written.turn:
            if written.is_over:
                return
            async with self._rates.leaving(job.surface, job.message.sender):
                if written.handle:
                    await self._sender.asked(editor, editor.edit(written.handle, text), editor.edited)
                else:
                    request = editor.begin(job.message, text)
                    written.handle = await self._sender.asked(editor, request, editor.begun)
                    crashpoint("after_send")
                    await lasting(self._steps, job.seq, {HANDLE: written.handle})
            written.shown = text
