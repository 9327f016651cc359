"""What platforms say of applications that accounts consent to: on the disk before it is acknowledged.

What follows from it is done elsewhere (consents.py), also after a restart.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from runtime import channels
from runtime.channels import Consents, Trial, Verified, WebRequest, WebResponse
from runtime.channels._consenting import Tidings
from runtime.crash import crashpoint
from runtime.errors import Refused, SendFailed
from runtime.gateway.context import Context
from runtime.gateway.delivery.sender import Sender
from runtime.gateway.former import DAY
from runtime.gateway.published import Publications

log = logging.getLogger(__name__)

PROOF = re.compile(r"[!-~]{1,1024}")
AGAIN = (1.0, 3.0)
"""Seconds before a trial that failed is tried again."""


class Applying:
    """`woken` is set when there is something to do."""

    def __init__(self, context: Context, sender: Sender, publications: Publications) -> None:
        self._doctor = context.doctor
        self._metrics = context.metrics
        self._background = context.background
        self._clock = context.clock
        self._sender = sender
        self._publications = publications
        self.woken = asyncio.Event()

    def made(self, id: str) -> Consents | None:
        """The application's channel, without an account; None when there is none or it cannot be read."""
        return self._made(id, self._publications.applications.opened(id))

    def _made(self, id: str, shared: Mapping[str, Any]) -> Consents | None:
        record = self._publications.applications.find(id)
        kind = channels.registry().get(record.channel) if record else None
        if kind is None or not issubclass(kind, Consents):
            return None
        try:
            return kind(kind.Settings.model_validate(shared))
        except ValidationError as e:
            log.error("application %s cannot be read: %s", id, e.error_count())
            return None

    async def called(self, id: str, request: WebRequest, account: str = "") -> WebResponse | None:
        """The response to a call of an application's own address; None when there is no such application.

        With an `account`: of the address where its messages come, when it is one of the platform's own.
        Raises Refused.
        """
        channel = self.made(id)
        if channel is None:
            return None
        if account:
            return self._tried(channel, account, request)
        try:
            if request.method == "GET":
                return self._verified(id, channel, request)
            tidings = self._told(id, channel, request)
        except Refused as e:
            self._metrics.callbacks.labels(self._kind(id), e.code).inc()
            for one in self._publications.applications.publications(id):
                self._doctor.saw(one.id, "refused", e.code, self._clock(), e.compared)
            raise
        self._metrics.callbacks.labels(self._kind(id), "application").inc()
        await asyncio.to_thread(self._keep, channel, tidings)
        crashpoint("before_ack")
        for one in self._publications.applications.publications(id):
            self._doctor.saw(one.id, "verified", "", self._clock())
        self.woken.set()
        return tidings.response

    def _kind(self, id: str) -> str:
        record = self._publications.applications.find(id)
        return record.channel if record else ""

    def _told(self, id: str, channel: Consents, request: WebRequest) -> Tidings:
        """Also by what was before, as long as the platform may not know of the new. Raises Refused."""
        now = self._clock()
        try:
            return channel.application.told(request, now)
        except Refused:
            shared, since = self._publications.applications.before(id)
            former = self._made(id, shared) if shared and now - since <= DAY else None
            if former is None:
                raise
            with contextlib.suppress(Refused):
                return former.application.told(request, now)
            raise

    def _verified(self, id: str, channel: Consents, request: WebRequest) -> WebResponse:
        """Raises Refused."""
        response = channel.receive(request, self._clock()).response
        mark = response.mark if isinstance(response, Verified) else ""
        for one in self._publications.applications.publications(id):
            self._doctor.saw(one.id, "verified", mark, self._clock())
        return response or WebResponse(status=403)

    def _keep(self, channel: Consents, tidings: Tidings) -> None:
        grants = self._publications.grants
        if tidings.kept:
            grants.keep(channel.application.kept_as, tidings.kept, self._clock())
        if (consent := tidings.consent) is None:
            return
        name = channel.of(consent.account, {}).kept_as
        known = grants.find(name)
        if consent.at < known.at:
            return  # it is not true any more
        if consent.is_over:
            grants.change(name, at=consent.at, over_at=self._clock(), code="", ticket="", trouble={})
        else:
            grants.change(name, at=consent.at, code=consent.code or NO_CODE, ticket=consent.ticket)

    async def came_back(self, id: str, back: str, proof: str) -> bool:
        """A browser comes from the page where an account's owner consented. Whether we sent it there."""
        if not PROOF.fullmatch(proof):
            return False
        joinings = self._publications.joinings
        for one in self._publications.applications.publications(id):
            if await asyncio.to_thread(joinings.came_back, one.id, back, proof):
                self.woken.set()
                return True
        return False

    def publication(self, id: str, account: str) -> str:
        """The one that a call is for: of that id, or, with an `account`, of one that consented to the
        application of that id; "" for none."""
        if not account:
            return id
        found = self._publications.applications.publication(id, account)
        return found.id if found else ""

    def _tried(self, channel: Consents, account: str, request: WebRequest) -> WebResponse | None:
        """An account with which the platform tries the application; None for any other. Raises Refused."""
        if account not in channel.trials:
            return None
        tried = channel.of(account, channel.trials[account])
        trial = tried.tried(request, self._clock())
        if trial.code:
            self._background.start(self._prove(tried, trial))
        return trial.response

    async def _prove(self, channel: Consents, trial: Trial) -> None:
        for pause in (*AGAIN, None):
            try:
                await self._proved(channel, trial)
            except SendFailed as e:
                log.warning("the platform's trial is not answered yet: %s", e.text.en)
                if pause is not None:
                    await asyncio.sleep(pause)
            else:
                return

    async def _proved(self, channel: Consents, trial: Trial) -> None:
        """Raises SendFailed."""
        application = channel.application
        proof = await self._sender.asked(
            application, application.proof_request(trial.code), application.proof
        )
        token, now = proof.token, self._clock()
        until = now + token.expires_in if token else 0.0
        name = channel.of(proof.account, {}).kept_as
        await asyncio.to_thread(
            lambda: self._publications.grants.keep(
                name, proof.kept, now, token=token.value if token else "", until=until
            )
        )
        await self._sender.asked(channel, channel.push(trial.text, trial.to, ""), channel.pushed)


NO_CODE = "-"
"""In the place of a code, where the platform told of a consent without one."""
