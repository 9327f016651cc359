"""One Official Account that consented to a third-party platform, with one follower."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from runtime.simulator.wechat import accounts
from runtime.simulator.wechat.simulation import WeChatSimulation
from runtime.simulator.wechat_component.component import ThirdParty
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
    """It consented before: what it takes to ask for tokens is known."""

    def __init__(self, kind: str, clock: Callable[[], float]) -> None:
        super().__init__(kind, clock)
        its = ThirdParty()
        self._account = account_of(its, self._account)
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
