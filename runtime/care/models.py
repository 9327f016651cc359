"""The servers of models: whether each is reached, takes its key, and has a price."""

import asyncio

from runtime.care.site import Site, told
from runtime.channels import Told
from runtime.errors import ModelFailed
from runtime.lang import NOTHING, Text, as_it_is, joined, listed
from runtime.models.listing import listed as models_of
from runtime.models.providers import Endpoint
from runtime.models.targets import DIRECT, target_of

SECONDS = 12.0
MOST = 30
"""Servers that are asked."""
NONE = Text("没有设置模型，回答的是内置的演示模型。", "No model is set up: the built-in demo model answers.")
SET_UP = Text("在「模型」页设置一个。", "Set one up on the page Models.")
FAILED = Text("{count} 个模型服务用不了：{why}", "Model servers that cannot be used: {count}. {why}")
SEE = Text("在「模型」页逐个测试。", "Test them one by one on the page Models.")
FINE = Text("{names} 连得上，密钥有效。", "{names}: reached, and the key is taken.")
UNPRICED = Text(
    "{names} 连得上；不知道 {models} 的价格，费用算不出来。",
    "{names}: reached. The price of {models} is not known, so their cost is not counted.",
)
SET_PRICE = Text(
    "在「模型」页填上价格（自己的服务器填 0）。",
    "Enter prices on the page Models (0 for a server of your own).",
)
SILENT = Text("「{name}」没有回答。", "{name!r} does not answer.")


async def models(site: Site) -> Told:
    endpoints = site.control.endpoints()[:MOST]
    if not endpoints:
        return told(None, NONE, SET_UP)
    tried = await asyncio.gather(*(_tried(site, one) for one in endpoints))
    wrong = [text for text in tried if text is not None]
    if wrong:
        return told(False, FAILED, SEE, count=len(wrong), why=joined(wrong, as_it_is(" ")))
    names = listed([one.name for one in endpoints])
    if unpriced := [name for one in endpoints for name in unpriced_of(site, one)]:
        return told(True, UNPRICED, SET_PRICE, names=names, models=listed(unpriced[:5]))
    return told(True, FINE, NOTHING, names=names)


async def _tried(site: Site, endpoint: Endpoint) -> Text | None:
    """Why it cannot be used. Asking for its list costs nothing, and needs the key."""
    try:
        async with asyncio.timeout(SECONDS):
            await models_of(endpoint, site.environ)
    except ModelFailed as e:
        return e.text
    except TimeoutError:
        return SILENT.fill(name=endpoint.name)
    return None


def unpriced_of(site: Site, endpoint: Endpoint) -> list[str]:
    """Its models that have no price by the owner, and none by litellm's list: a server of one's own."""
    found = []
    for model in endpoint.models:
        name = f"{endpoint.name}/{model}"
        try:
            is_own = target_of(endpoint, model, site.environ).via == DIRECT
        except ModelFailed:
            continue
        if is_own and site.control.policy.price(name) is None:
            found.append(name)
    return found
