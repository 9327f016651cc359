"""One Official Account that consented to a third-party platform, with one follower.

As a server it begins without: `/ticket`, `/consent LINK` (of the publish page) and `/unauthorize`, typed as
what the person writes, let WeChat and the account's owner act.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from runtime.simulator import Door, Knock, OpenPage
from runtime.simulator.http import Request, Response
from runtime.simulator.wechat import accounts
from runtime.simulator.wechat.simulation import WeChatSimulation
from runtime.simulator.wechat_component.component import Teller, ThirdParty, page_of, way_back
from runtime.simulator.wechat_component.platform import ComponentPlatform


def account_of(its: ThirdParty, account: accounts.Account) -> accounts.Account:
    """As messages of an account that consented come: by the third-party platform's token and key."""
    return replace(
        account,
        mode="safe",
        token=its.token,
        encoding_aes_key=its.encoding_aes_key,
        sealed_to=its.app_id,
        app_secret="",
    )


class ComponentSimulation(WeChatSimulation):
    """It consented before: what it takes to ask for tokens is `kept`."""

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(kind, clock)
        its = ThirdParty()
        self._account = account_of(its, self._account)
        self._teller = Teller(its)
        self._door: Door | None = None
        self._telling: set[asyncio.Task[None]] = set()
        platform = ComponentPlatform([self._account], its, clock)
        self._platform = self.platform = platform
        app_id = self._account.app_id
        platform.desk.use(platform.desk.consent(app_id))
        self.settings = {
            **its.settings,
            "app_id": app_id,
            "original_id": self._account.original_id,
            "permissions": ",".join(map(str, platform.desk.consents[app_id].scopes)),
        }
        refresh_token = platform.desk.consents[app_id].refresh_token
        self.kept: Mapping[str, Mapping[str, str]] = {
            its.app_id: {"ticket": platform.desk.new_ticket()},
            f"{its.app_id} {app_id}": {"refresh_token": refresh_token},
        }

    @property
    def entered(self) -> Mapping[str, str]:
        return self.platform.desk.third_party.settings

    def call(self, request: Request) -> Response:
        """A ticket that is asked for comes."""
        wanted = self.platform.desk.wanted_tickets
        response = super().call(request)
        if self.platform.desk.wanted_tickets > wanted and self._door:
            task = asyncio.get_running_loop().create_task(self._ticket())
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
        return response

    def connect(self, door: Door, open_page: OpenPage) -> None:
        """Messages of an account come below the address where the third-party platform is told of itself."""
        self._door, self._open = door, open_page

        async def knock(push: Knock) -> tuple[int, str]:
            return await door(replace(push, path=f"/{self._account.app_id}"))

        super().connect(knock, open_page)

    async def write(self, text: str) -> None:
        act, _, link = text.partition(" ")
        if act == "/ticket":
            await self._ticket()
        elif act == "/consent":
            await self._consent(link)
        elif act == "/unauthorize":
            self.platform.desk.take_back(self._account.app_id)
            await self._tell("unauthorized", AuthorizerAppid=self._account.app_id)
        else:
            await super().write(text)

    async def _ticket(self) -> None:
        ticket = self.platform.desk.new_ticket()
        await self._tell("component_verify_ticket", ComponentVerifyTicket=ticket)

    async def _consent(self, link: str) -> None:
        code = self.platform.desk.consent(self._account.app_id)
        fields = {"AuthorizerAppid": self._account.app_id, "AuthorizationCode": code}
        await self._tell("authorized", **fields, PreAuthCode=page_of(link))
        await self._open(way_back(link, code))

    async def _tell(self, kind: str, **fields: str) -> None:
        assert self._door
        await self._door(self._teller.event(kind, self._clock(), **fields))
