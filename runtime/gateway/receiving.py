"""What a callback brings is read, and who looks after the publication is told."""

from runtime.channels import Arrivals, Receives, Verified, WebRequest
from runtime.errors import Refused
from runtime.gateway.context import Context
from runtime.gateway.former import Former
from runtime.gateway.surfaces import Surface


class Receiving:
    def __init__(self, context: Context) -> None:
        self.former = Former()
        self._doctor = context.doctor
        self._metrics = context.metrics
        self._clock = context.clock

    def receive(self, surface: Surface, channel: Receives, request: WebRequest) -> tuple[Receives, Arrivals]:
        """What came, and the channel that answers it: the one before its settings were changed, if the
        platform does not know of that yet. Raises Refused.
        """
        try:
            arrivals = channel.receive(request, self._clock())
        except Refused as e:
            if found := self.former.receive(surface, request, self._clock()):
                self._metrics.callbacks.labels(surface.kind, "former").inc()
                return found
            self._metrics.callbacks.labels(surface.kind, e.code).inc()
            self._doctor.saw(surface.id, "refused", e.code, self._clock(), e.compared)
            raise
        if arrivals.notice:
            self._doctor.told(surface.id, arrivals.notice, self._clock())
        self.former.proved(surface, arrivals, self._clock())
        if isinstance(arrivals.response, Verified):
            self._metrics.callbacks.labels(surface.kind, "verified").inc()
            self._doctor.saw(surface.id, "verified", arrivals.response.mark, self._clock())
        elif arrivals.messages or arrivals.signal:
            self._doctor.saw(surface.id, "message", "", self._clock())
        else:
            self._metrics.callbacks.labels(surface.kind, "ignored").inc()
        return channel, arrivals
