"""Turns that are over, brought to the collector that the owner named."""

import contextlib
import time

from runtime.errors import HongyanError
from runtime.gateway.job import Job
from runtime.server.program import Program
from runtime.store.messages.messages import Outcome
from runtime.tracing.export import Export
from runtime.tracing.spans import spans


async def bring_traces(program: Program) -> None:
    """For as long as the program runs, if there is a collector."""
    settings = program.settings
    if not settings.traces_url:
        return
    export = Export(program.egress, settings.traces_url, settings.traces_headers)

    def ended(job: Job, outcome: Outcome, seconds: float) -> None:
        providers = dict[str, str]()
        with contextlib.suppress(HongyanError):  # then they are called as their endpoints are
            providers = {one.name: one.provider for one in program.control.endpoints()}
        export.add(spans(job, outcome, time.time(), seconds, program.control.mark, providers))

    program.gateway.tell_ends(ended)
    await export.run()
