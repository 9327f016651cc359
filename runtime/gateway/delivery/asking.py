"""One call to a platform's API, and one connection to a platform: where it goes, and by which protocol."""

from collections.abc import Mapping

from runtime.channels import ApiAnswer, ApiRequest, AsksPlatform, CallsOut, Connects, FormFile, OwnServer
from runtime.gateway.delivery.calling_out import call
from runtime.gateway.delivery.hosts import host_of, link_address
from runtime.network.platform_api import Form, Outbound
from runtime.network.transports import Line, Server
from runtime.network.transports.opening import open_line


async def connected(channel: Connects, outbound: Outbound, hosts: Mapping[str, str]) -> Line:
    """Raises OSError, also TimeoutError and transports.Unopened; SendFailed where the platform does not tell
    where."""
    if isinstance(channel, OwnServer) and not hosts.get(channel.link_host_setting):
        return await open_line(Server(**vars(channel.server)), outbound.egress)
    asked = channel.address_request()
    told = channel.address(await answered(channel, asked, outbound, hosts)) if asked else ""
    place = link_address(channel, told, hosts)
    return await outbound.link(place, channel.heartbeat, binary=channel.binary)


async def answered(
    channel: AsksPlatform, request: ApiRequest, outbound: Outbound, hosts: Mapping[str, str]
) -> ApiAnswer:
    """Raises SendFailed."""
    request = channel.outgoing(request)
    if isinstance(channel, CallsOut) and channel.api_host_setting not in hosts:
        return await call(outbound.egress, channel, request)
    api = outbound.api(host_of(channel, request, hosts))
    if request.upload is None and not request.most:
        answer = await api.call(
            request.path,
            request.body,
            request.query,
            request.headers,
            seconds=request.seconds,
            most=request.largest,
            method=request.method,
        )
        return ApiAnswer(*answer)
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
    return ApiAnswer(came.status, came.data, came.content, came.headers)
