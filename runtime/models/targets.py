"""Which server a model's name means, and how it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from runtime.errors import BadSettings, ModelFailed, Wrong
from runtime.lang import Text
from runtime.models.endpoint_address import checked_key
from runtime.models.keys import MAIN, Key
from runtime.models.providers import PROVIDERS, Endpoint, Endpoints, Provider
from runtime.models.thinking import SWITCHES, USUAL

DEMO = "demo/hongyan"
"""The model that works without a network and without a key."""

SPEAK_OPENAI = ("deepseek", "dashscope", "volcengine", "zai", "moonshot", "minimax", "openai", "openrouter")
"""litellm's names of providers whose servers speak OpenAI's protocol."""

TRIES = 3
"""Of the last model. One with a fallback behind it is tried once less, one that kept failing only once."""
PAUSES = (0.3, 1.0)
"""Seconds before the second and third try, when the provider names none."""

MODELS = 1000
"""Of which something is remembered."""
PATIENCE = 12.0
"""Seconds until a model with another behind it must have said something."""


LITELLM, DIRECT, HERE = "via_litellm", "openai_protocol", "demo"
"""Adapters: for what no preset knows, and for servers behind litellm that speak as OpenAI does,
and for the demo model."""


@dataclass(frozen=True)
class Target:
    """Where one model is asked. `name` is how people call it, `model` how the server (or litellm) does."""

    name: str
    model: str
    api_base: str = ""
    api_key: str = field(default="", repr=False)
    via: str = LITELLM
    """The name of the adapter that asks it."""
    speaks_openai: bool = False
    fetches_pictures: bool = False
    switch: str = ""
    usual_effort: str = ""
    """See thinking."""
    keys: Sequence[Key] = field(default=(), repr=False)
    """Among which the load is shared; none: only `api_key`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """That go along with every question, see told_headers."""

    @property
    def host(self) -> str:
        """Of the server, for error messages; the provider when litellm knows the address."""
        return urlsplit(self.api_base).netloc or self.model.partition("/")[0]


def resolve(name: str, endpoints: Endpoints, environment: Mapping[str, str]) -> Target:
    """An endpoint the owner set up, else a preset provider, else what litellm may know.

    Raises ModelFailed when there is no such model, or its key is missing.
    """
    if name == "default":
        name = endpoints.default_model() or DEMO
    first, _, model = name.partition("/")
    if name == DEMO:
        return Target(DEMO, DEMO, via=HERE, fetches_pictures=True)
    if endpoint := _find(first, endpoints):
        return target_of(endpoint, model, environment)
    if not model:
        raise unknown(name)
    if provider := PROVIDERS.get(first):
        return _preset(provider, model, environment)
    # Some of litellm's providers take an address for a model, and would send their key there.
    if "://" in model:
        raise unknown(name)
    return Target(name, name)


def directly(target: Target) -> Target:
    """The same server without litellm, where that only passes OpenAI's words on; else the target itself."""
    prefix, _, model = target.model.partition("/")
    if target.via != LITELLM or not target.api_base or prefix not in SPEAK_OPENAI:
        return target
    return replace(target, model=model, via=DIRECT)


def needs(endpoints: Endpoints, environment: Mapping[str, str]) -> set[str]:
    """How the models that are set up, here or by a key in the environment, are asked."""
    chosen = [PROVIDERS[endpoint.provider] for endpoint in endpoints.endpoints()]
    chosen += [provider for provider in PROVIDERS.values() if environment.get(provider.key_env)]
    return {provider.via for provider in chosen}


def target_of(endpoint: Endpoint, model: str, environment: Mapping[str, str]) -> Target:
    """Where this endpoint's model is asked; no `model` means its default or its first.

    Raises ModelFailed when the model, the address or the key is missing.
    """
    provider = PROVIDERS[endpoint.provider]
    model = model or endpoint.default_model or next(iter(endpoint.models), "")
    if not model:
        raise ModelFailed(
            Text(
                "「{name}」还没有选模型。请到「模型」页填一个模型名。",
                "No model is chosen for {name!r}. Enter one on the Models page.",
            ).fill(name=endpoint.name),
            code="no_model",
        )
    base = address_of(endpoint)
    if provider.needs_base and not base:
        raise ModelFailed(
            Text(
                "「{name}」还没有接口地址。请到「模型」页填写，例如 http://127.0.0.1:8000/v1。",
                "{name!r} has no address. Enter one on the Models page, e.g. http://127.0.0.1:8000/v1.",
            ).fill(name=endpoint.name),
            code="no_base",
        )
    key = endpoint.api_key.get_secret_value() if endpoint.api_key else ""
    key = key or next((own.secret for own in keys_of(endpoint)), "")
    # A key from the environment goes to its provider only, never to an address that was typed in.
    if not key and not endpoint.api_base:
        key = _outside(provider, environment)
    if not key and provider.needs_key:
        raise no_key(f"{endpoint.name}/{model}", provider.key_env, provider)
    target = _target(f"{endpoint.name}/{model}", provider, model, base, key)
    return replace(target, keys=keys_of(endpoint, key))


NO_KEY = Text(
    "模型「{name}」还没有密钥。请设置环境变量 {key_env}。",
    "There is no key for {name}. Set {key_env} in the environment.",
)
NO_KEY_OF = Text(
    "模型「{name}」还没有密钥。请到「模型」页添加「{provider}」并填入密钥（在 {key_url} 申请），"
    "或设置环境变量 {key_env}。",
    "There is no key for {name}. Add {provider} with its key on the Models page (get one at {key_url}), or "
    "set {key_env} in the environment.",
)


def no_key(name: str, key_env: str, provider: Provider | None = None) -> ModelFailed:
    """Says which key is missing, and where to get and set it."""
    if provider is None:
        return ModelFailed(NO_KEY.fill(name=name, key_env=key_env), code="no_key")
    there = {"provider": provider.title, "key_url": provider.key_url}
    return ModelFailed(NO_KEY_OF.fill(name=name, key_env=key_env, **there), code="no_key")


def unknown(name: str) -> ModelFailed:
    """Nobody knows this model."""
    return ModelFailed(
        Text(
            "不认识模型「{name}」。请写成「服务商/模型」，例如 deepseek/deepseek-flash；"
            "服务商是「模型」页里添加的名称。",
            "There is no model {name!r}. Write provider/model, e.g. deepseek/deepseek-flash, "
            "where provider is a name from the Models page.",
        ).fill(name=name),
        code="unknown_model",
    )


def _find(name: str, endpoints: Endpoints) -> Endpoint | None:
    try:
        return endpoints.find(name)
    except BadSettings as e:
        raise ModelFailed(e.text, code="no_key") from None


def address_of(endpoint: Endpoint) -> str:
    """Where it is asked; "": litellm knows."""
    return endpoint.api_base or PROVIDERS[endpoint.provider].api_base


def keys_of(endpoint: Endpoint, first: str = "") -> Sequence[Key]:
    """Those among which its load is shared. `first`: in place of its own, one from the environment."""
    first = first or (endpoint.api_key.get_secret_value() if endpoint.api_key else "")
    own = [Key(MAIN, first, endpoint.per_minute, endpoint.tokens_per_minute)] if first else []
    for key in endpoint.keys:
        if key.api_key and (secret := key.api_key.get_secret_value()):
            own.append(Key(key.name, secret, key.per_minute, key.tokens_per_minute))
    return own


def _preset(provider: Provider, model: str, environment: Mapping[str, str]) -> Target:
    name = f"{provider.id}/{model}"
    if provider.needs_base:
        raise unknown(name)
    key = _outside(provider, environment)
    if provider.needs_key and not key:
        raise no_key(name, provider.key_env, provider)
    return _target(name, provider, model, provider.api_base, key)


def _outside(provider: Provider, environment: Mapping[str, str]) -> str:
    """The provider's key in the environment. Raises ModelFailed when it cannot be one."""
    try:
        return checked_key(environment.get(provider.key_env, ""))
    except Wrong as e:
        text = Text("环境变量 {name} 不能用：{why}。", "{name} in the environment cannot be used: {why}.")
        raise ModelFailed(text.fill(name=provider.key_env, why=e.text), code="no_key") from None


def _target(name: str, provider: Provider, model: str, base: str, key: str) -> Target:
    called = f"{provider.prefix}/{model}" if provider.prefix else model
    return Target(
        name,
        called,
        base,
        key,
        provider.via,
        speaks_openai=provider.speaks_openai,
        fetches_pictures=provider.fetches_pictures,
        switch=SWITCHES.get(provider.id, ""),
        usual_effort=USUAL.get(provider.id, ""),
    )
