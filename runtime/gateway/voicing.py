"""An answer is read out where the surface plays voice: as one more part of it, or instead of its text."""

from runtime.answer import AnswerPart
from runtime.channels import MediaLimits
from runtime.crash import crashpoint
from runtime.gateway.context import Context
from runtime.gateway.delivery.showing import Showing
from runtime.gateway.job import Job
from runtime.gateway.labelling import audible
from runtime.gateway.spent import counted, lasting
from runtime.senses.senses import Senses
from runtime.senses.speaking import Voice
from runtime.store.messages.ending import Outcome
from runtime.turn.events import Sensed

SPOKEN = "spoken"
"""The step of a turn in which its answer is read out."""


class Voicing:
    def __init__(self, context: Context, showing: Showing, senses: Senses | None) -> None:
        self._steps = context.messages.steps
        self._showing = showing
        self._speaking = senses.speaking if senses else None

    async def added(
        self, job: Job, outcome: Outcome, parts: list[AnswerPart], *, may_push: bool
    ) -> tuple[Outcome, list[AnswerPart]]:
        """What the turn came to and its parts, with the voice where there is one. Where nothing may be pushed
        the text must not wait for a voice: it is text.

        Nothing is raised for what a model or a recording does. Raises StoreFailed.
        """
        plays = self._plays(job, outcome) if may_push else None
        along = job.surface.agent.speech.text
        alone = len(parts) == 1 and parts[0].kind == "text"
        if plays is None or self._speaking is None or not (along or alone):
            return outcome, parts
        mark = audible(job.surface.agent.safety.label, type(job.surface.channel))
        voice, sensed = await self._speaking.spoken(job.surface.agent, outcome.reply, plays, mark)
        sensed = await self._lasting(job, sensed)
        if sensed:
            outcome = counted(outcome, [sensed])
            if sensed not in job.paid:
                job.paid.append(sensed)
        if voice is None:
            return outcome, parts
        part = AnswerPart("" if along else parts[0].text, "voice", _data(voice))
        [shown] = await self._showing.prepared(job.surface, job.seq, [part])
        if not along:
            return outcome, [shown]
        return outcome, [*parts, shown] if shown.kind == "voice" else parts

    def _plays(self, job: Job, outcome: Outcome) -> MediaLimits | None:
        """What voice the person may be sent; None: no answer of this turn is read out."""
        shower, agent = job.surface.shower, job.surface.agent
        if shower is None or self._speaking is None or outcome.failure or outcome.handoff:
            return None
        if not self._showing.may_put(job.surface):
            return None
        return shower.media_out.get("voice") if self._speaking.wants(agent, job.message) else None

    async def _lasting(self, job: Job, sensed: Sensed | None) -> Sensed | None:
        """What it cost when it was made: a turn that is taken up again finds it made already."""
        if sensed is None or sensed.failed:
            return sensed
        if job.resumed and (known := await self._steps.recall(job.seq, SPOKEN)):
            return Sensed.from_json(known)
        await lasting(self._steps, job.seq, {SPOKEN: sensed.to_json()})
        crashpoint("after_speech")
        return sensed


def _data(voice: Voice) -> dict[str, object]:
    return {"hash": voice.hash, "type": voice.type, "bytes": voice.bytes, "title": ""}
