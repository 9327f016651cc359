"""The models page's clicks. A key goes in and never comes out again."""

import os
from typing import Any

from pydantic import SecretStr, ValidationError

from builder.actions import Notice, pair
from builder.actions.lasting import lasts
from builder.actions.model_keys import keys, unwell
from builder.actions.taking_away import for_good
from builder.studio import Studio
from runtime.access.actor import Actor
from runtime.access.audit.declared import recorded, unrecorded
from runtime.access.permissions import Permission, needs
from runtime.errors import BadSettings, ModelFailed, NotFound
from runtime.lang import Text
from runtime.models.providers import PROVIDERS, Endpoint, Provider, key_goes_to
from runtime.models.usual import chosen_models
from runtime.schema import first_problem

Json = dict[str, Any]

ASKING = Text("正在问模型", "Asking the model")
LABELS = {
    "name": Text("名称", "Name"),
    "provider": Text("服务商", "Provider"),
    "api_base": Text("接口地址", "Address"),
    "api_key": Text("密钥", "Key"),
    "models": Text("模型", "Models"),
}

DROPPED = Text(
    "已保存。接口换了地址，原来的密钥没有带过去：请填写这个地址的密钥。",
    "Saved. The address is another one, so the old key was not taken along: enter the key for this address.",
)


@needs(Permission.MODELS_VIEW)
def overview(studio: Studio) -> Json:
    return {
        "endpoints": [
            {**_endpoint(endpoint), "keys": keys(studio, endpoint)} for endpoint in studio.control.endpoints()
        ],
        "unwell": unwell(studio),
        "providers": [_provider(provider) for provider in PROVIDERS.values()],
        "routes": [route.id for route in studio.control.policy.routes()],
        "default_model": studio.control.default_model(),
        "usual": studio.control.usual_models().model_dump(),
    }


@needs(Permission.MODELS_EDIT)
@lasts(ASKING)
@unrecorded("asks a provider, and keeps nothing")
async def try_out(studio: Studio, **given: Any) -> Notice:
    """Whether it would work, asked with the key that was typed, or the stored one when none was."""
    endpoint = _with_stored_key(studio, _checked(studio, given))
    return Notice(await studio.models.check(endpoint))


@needs(Permission.MODELS_EDIT)
@lasts(ASKING)
@unrecorded("asks a provider, and keeps nothing")
async def test(studio: Studio, name: str) -> Notice:
    """Whether an endpoint that is set up works. Raises NotFound, ModelFailed that says why not."""
    endpoint = studio.control.find(name)
    if endpoint is None:
        raise NotFound(
            Text(
                "没有「{name}」这个模型，请刷新页面。", "There is no endpoint {name!r}; reload the page."
            ).fill(name=name)
        )
    said = await studio.models.check(endpoint)
    try:
        found = await studio.models.listed(endpoint)
    except ModelFailed:
        found = []  # it works all the same; not every server has a list
    return Notice(said, {"models": [model for model in found if model not in endpoint.models]})


@needs(Permission.MODELS_EDIT)
@lasts(Text("正在问有哪些模型", "Asking which models there are"))
@unrecorded("asks a provider, and keeps nothing")
async def list_models(studio: Studio, **given: Any) -> list[str]:
    """Which models the server says it has, with the key that was typed or stored. Raises ModelFailed."""
    given.pop("fresh", None)
    endpoint = _with_stored_key(studio, _checked(studio, {**given, "models": given.get("models") or ["m"]}))
    return await studio.models.listed(endpoint)


@needs(Permission.MODELS_EDIT)
def add_model(studio: Studio, who: Actor, name: str, model: str) -> Notice:
    """Offer one more model of an endpoint. Raises NotFound, BadSettings."""
    endpoint = studio.control.find(name)
    if endpoint is None:
        raise NotFound(Text("没有「{name}」这个模型。", "There is no endpoint {name!r}.").fill(name=name))
    if model not in endpoint.models:
        more = endpoint.model_copy(update={"models": (*endpoint.models, model[:200]), "api_key": None})
        studio.control.save_endpoint(more, by=who.id)
    return Notice(Text("已加上 {model}。", "Added {model}.").fill(model=model[:200]))


@needs(Permission.MODELS_EDIT)
@recorded("name")
def set_up(studio: Studio, who: Actor, **given: Any) -> Notice:
    """Add an endpoint or change it; the first one becomes the default.

    An empty key keeps the stored one, but never for another address: it might belong to somebody else.
    """
    endpoint = _checked(studio, given)
    had_key = _has_key(studio.control.find(endpoint.name))
    studio.control.save_endpoint(endpoint, by=who.id)
    saved = Text("已保存。", "Saved.")
    if had_key and not _has_key(studio.control.find(endpoint.name)):
        saved = DROPPED
    return Notice(saved, {"name": endpoint.name})


@needs(Permission.MODELS_EDIT)
def make_default(studio: Studio, who: Actor, model: str) -> Notice:
    studio.control.choose_default(model, by=who.id)
    return Notice(Text("默认模型已设为 {model}。", "The default model is now {model}.").fill(model=model))


@needs(Permission.MODELS_EDIT)
@recorded("")
def make_usual(studio: Studio, who: Actor, **given: Any) -> Notice:
    """Choose what sees, hears and speaks for agents that name no model.

    Raises BadSettings naming the field.
    """
    control = studio.control
    chosen = chosen_models(given, control.usual_models(), control, os.environ, control.policy.is_route)
    control.save_options(control.options().model_copy(update={"usual": chosen, "by": who.id}))
    return Notice(Text("已保存。", "Saved."))


@needs(Permission.MODELS_EDIT)
@for_good("models.remove.hint")
def remove(studio: Studio, who: Actor, name: str) -> Notice:
    """Also forgets its key; agents that use it will say that it is missing."""
    studio.control.remove_endpoint(name, by=who.id)
    return Notice(Text("已删除「{name}」。", "Removed {name!r}.").fill(name=name))


def _checked(studio: Studio, given: Json) -> Endpoint:
    """A `fresh` one must not replace another. Raises BadSettings naming the field."""
    fresh = given.pop("fresh", False)
    key = str(given.pop("api_key", "") or "").strip()
    try:
        endpoint = Endpoint.model_validate({**given, "api_key": SecretStr(key) if key else None})
    except ValidationError as e:
        problem = first_problem(e)
        name = problem.field.split(".")[0]
        raise BadSettings(problem.sentence(LABELS.get(name)), field=name) from None
    provider = PROVIDERS[endpoint.provider]
    if provider.needs_base and not endpoint.api_base:
        raise BadSettings(Text("请填写接口地址。", "Enter the address."), field="api_base")
    if fresh and studio.control.find(endpoint.name):
        text = Text(
            "已经有叫「{name}」的了，请换一个名称，或关闭后点它的「修改」。",
            "There is one named {name!r} already; choose another name, or close this and edit it.",
        ).fill(name=endpoint.name)
        raise BadSettings(text, field="name")
    if not endpoint.models:
        raise BadSettings(Text("请至少填一个模型名。", "Enter at least one model."), field="models")
    return endpoint


def _with_stored_key(studio: Studio, endpoint: Endpoint) -> Endpoint:
    if endpoint.api_key:
        return endpoint
    stored = studio.control.find(endpoint.name)
    # The stored key must not be sent to an address that was just typed in.
    if stored is None or key_goes_to(stored) != key_goes_to(endpoint):
        return endpoint
    return endpoint.model_copy(update={"api_key": stored.api_key})


def _has_key(endpoint: Endpoint | None) -> bool:
    return endpoint is not None and bool(endpoint.api_key and endpoint.api_key.get_secret_value())


def _endpoint(endpoint: Endpoint) -> Json:
    provider = PROVIDERS[endpoint.provider]
    return {
        "name": endpoint.name,
        "provider": endpoint.provider,
        "title": pair(provider.title),
        "api_base": endpoint.api_base,
        "models": list(endpoint.models),
        "has_key": _has_key(endpoint),
        "needs_key": provider.needs_key,
    }


def _provider(provider: Provider) -> Json:
    return {
        "id": provider.id,
        "title": pair(provider.title),
        "api_base": provider.api_base,
        "key_url": provider.key_url,
        "models": list(provider.models),
        "needs_key": provider.needs_key,
        "needs_base": provider.needs_base,
    }
