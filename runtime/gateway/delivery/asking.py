"""One call to a platform's API, and one connection to a platform: where it goes, and by which protocol."""

from collections.abc import Mapping

from runtime.channels import ApiAnswer, ApiRequest, AsksPlatform, CallsOut, Connects, FormFile, OwnServer
from runtime.gateway.delivery.calling_out import call
from runtime.gateway.delivery.hosts import host_of, link_address
from runtime.network.platform_answer import Transferred
from runtime.network.platform_api import Form, Outbound
from runtime.network.transports import Line, Server
from runtime.network.transports.calling import OwnServers
from runtime.network.transports.opening import open_line


class Asking:
    """Calls, as channels make them."""

    def __init__(self, outbound: Outbound, hosts: Mapping[str, str]) -> None:
        self._outbound, self._hosts = outbound, hosts
        self._own: OwnServers | None = None

    async def connect(self, channel: Connects, told: str = "") -> Line:
        """`told`: where, if the last connection said so. Raises OSError, also TimeoutError and
        transports.Unopened; SendFailed where the platform does not tell where."""
        if isinstance(channel, OwnServer) and not self._hosts.get(channel.link_host_setting):
            return await open_line(Server(**vars(channel.server)), self._outbound.egress)
        asked = channel.address_request()
        told = channel.address(await self.answer(channel, asked)) if asked else told
        place = link_address(channel, told, self._hosts)
        return await self._outbound.link(place, channel.heartbeat, binary=channel.binary)

    async def answer(self, channel: AsksPlatform, request: ApiRequest) -> ApiAnswer:
        """Raises SendFailed."""
        request = channel.outgoing(request)
        if isinstance(channel, CallsOut) and channel.api_host_setting not in self._hosts:
            return await call(self._outbound.egress, channel, request)
        if not isinstance(channel, OwnServer):
            return await _answered(request, self._outbound, host_of(channel, request, self._hosts))
        if self._own is None:
            self._own = OwnServers(self._outbound.egress)
            self._outbound.closing.append(self._own.close)
        server, body = Server(**vars(channel.server)), request.body or {}
        if isinstance(request.upload, FormFile):
            file = request.upload
            body = {**body, "file": {"name": file.name, "type": file.type, "content": file.content}}
        if not request.most:
            return ApiAnswer(200, await self._own.call(server, channel.account, request.path, body))
        content = await self._own.file(server, body, request.most)
        return ApiAnswer(200, {} if content is not None else {"error": "gone"}, content or b"")


async def _answered(request: ApiRequest, outbound: Outbound, host: str) -> ApiAnswer:
    api = outbound.api(host)
    if request.upload is None and not request.most:
        came = await api.told(
            request.path,
            request.body,
            request.query,
            request.headers,
            seconds=request.seconds,
            most=request.largest,
            method=request.method,
        )
        return _read(came)
    file = request.upload
    came = await api.transfer(
        request.path,
        body=request.body,
        query=request.query,
        headers=request.headers,
        form=Form(**vars(file)) if isinstance(file, FormFile) else None,
        content=file if isinstance(file, bytes) else None,
        most=request.most,
    )
    return _read(came)


def _read(came: Transferred) -> ApiAnswer:
    return ApiAnswer(came.status, came.data, came.content, came.headers, came.wait)
