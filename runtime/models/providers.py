"""Who offers models: presets of providers, and the endpoints that the owner set up with them.

Prefixes and bases follow https://docs.litellm.ai/docs/providers .
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.models.endpoint_address import checked_key, repaired
from runtime.models.senses import UsualModels
from runtime.schema import Id, Strict

MOST_KEYS = 20
"""Beside the first."""


@dataclass(frozen=True)
class Provider:
    """`models` are examples to choose from. `key_env` is used when no endpoint with a key is set up."""

    id: str
    title: Text
    prefix: str
    """What litellm calls it; empty where it is asked without litellm."""
    api_base: str = ""
    """Empty: litellm's own for this prefix, or (see `needs_base`) none at all."""
    key_url: str = ""
    """Where a person gets a key."""
    key_env: str = ""
    models: tuple[str, ...] = ()
    needs_key: bool = True
    needs_base: bool = False
    speaks_openai: bool = True
    """Whether its server takes OpenAI's requests, at an address that ends like /v1."""
    adds: tuple[str, ...] = ()
    """Ends of an address that its adapter adds itself."""
    fetches_pictures: bool = True
    """Whether its server takes a picture's address, and not only the picture itself."""

    via: str = "via_litellm"
    """The adapter that asks it, see runtime.models.adapters."""
    list_base: str = ""
    """Where its list of models is, where `api_base` does not say."""
    list_path: str = "/models"
    load_path: str = ""  # where it loads a model without a question, see preloading
    list_headers: Mapping[str, str] = field(default_factory=lambda: {"Authorization": "Bearer {key}"})
    """That show the key."""


class MoreKey(Strict):
    """Another key of an endpoint: the load is shared among all of them."""

    name: Id
    api_key: SecretStr | None = None
    per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    tokens_per_minute: int | None = Field(default=None, ge=1, le=1_000_000_000)

    @field_validator("api_key")
    @classmethod
    def _key(cls, value: SecretStr | None) -> SecretStr | None:
        return SecretStr(checked_key(value.get_secret_value())) if value else value


class Endpoint(Strict):
    """A provider that the owner set up under a name; then the model `name/…` works.

    Frozen. `api_base` empty means the provider's own.
    """

    name: Id
    provider: str
    api_base: str = ""
    api_key: SecretStr | None = None
    models: tuple[str, ...] = ()
    default_model: str = ""
    per_minute: int | None = Field(default=None, ge=1, le=1_000_000)
    """Questions that its first key takes; None: no bound that we know, here and below."""
    tokens_per_minute: int | None = Field(default=None, ge=1, le=1_000_000_000)
    keys: tuple[MoreKey, ...] = Field(default=(), max_length=MOST_KEYS)

    @field_validator("provider")
    @classmethod
    def _provider_exists(cls, value: str) -> str:
        if value not in PROVIDERS:
            known = ", ".join(PROVIDERS)
            raise Wrong(
                Text(
                    "没有「{value}」这个服务商；可用：{known}", "no provider {value!r}; there are {known}"
                ).fill(value=value, known=known)
            )
        return value

    @field_validator("api_base")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        provider = PROVIDERS.get(info.data.get("provider", ""))
        return repaired(value, provider.adds if provider else ())

    @field_validator("api_key")
    @classmethod
    def _key(cls, value: SecretStr | None) -> SecretStr | None:
        return SecretStr(checked_key(value.get_secret_value())) if value else value


def key_goes_to(endpoint: Endpoint) -> tuple[str, str]:
    """The provider, and the scheme, host and port that the key is sent to: a stored one goes nowhere else."""
    base = endpoint.api_base or PROVIDERS[endpoint.provider].api_base
    parts = urlsplit(base.strip().lower())
    return endpoint.provider, f"{parts.scheme}://{parts.netloc}"


class Endpoints(Protocol):
    """What the owner set up. Neither method blocks."""

    def find(self, name: str) -> Endpoint | None:
        """The endpoint of that name, or None. Raises BadSettings when its key cannot be opened."""
        ...

    def endpoints(self) -> list[Endpoint]:
        """All of them. Raises BadSettings when a key cannot be opened."""
        ...

    def default_model(self) -> str:
        """What "default" means, as `name/model`; "" when nothing was chosen."""
        ...

    def usual_models(self) -> UsualModels:
        """Those that see, hear and speak for agents that name none."""
        ...


def _presets(*providers: Provider) -> dict[str, Provider]:
    return {provider.id: provider for provider in providers}


PROVIDERS = _presets(
    Provider(
        "deepseek",
        Text("DeepSeek 深度求索", "DeepSeek"),
        "deepseek",
        key_url="https://platform.deepseek.com/api_keys",
        key_env="DEEPSEEK_API_KEY",
        list_base="https://api.deepseek.com",
        models=("deepseek-flash", "deepseek-v4-pro"),
    ),
    Provider(
        "qwen",
        Text("通义千问（阿里云百炼）", "Qwen (Alibaba Cloud)"),
        "dashscope",
        api_base="https://dashscope.aliyuncs.com/compatible-mode/v1",
        key_url="https://bailian.console.aliyun.com/?tab=model#/api-key",
        key_env="DASHSCOPE_API_KEY",
        models=("qwen-plus", "qwen-flash", "qwen3-max", "qwen3.7-plus"),
    ),
    Provider(
        "doubao",
        Text("豆包（火山方舟）", "Doubao (Volcengine Ark)"),
        "volcengine",
        api_base="https://ark.cn-beijing.volces.com/api/v3",
        key_url="https://console.volcengine.com/ark/region:ark+cn-beijing/apiKey",
        key_env="ARK_API_KEY",
        models=("doubao-seed-2-1-pro-260915", "doubao-seed-2-1-lite-260915", "doubao-seed-2-0-mini-260215"),
    ),
    Provider(
        "glm",
        Text("智谱 GLM", "Zhipu GLM"),
        "zai",
        # litellm's default, api.z.ai, is the international site: another account.
        api_base="https://open.bigmodel.cn/api/paas/v4",
        key_url="https://open.bigmodel.cn/usercenter/proj-mgmt/apikeys",
        key_env="ZHIPUAI_API_KEY",
        models=("glm-5.3", "glm-5.3-flash", "glm-4.6", "glm-4.7-flash"),
    ),
    Provider(
        "moonshot",
        Text("月之暗面 Kimi", "Moonshot Kimi"),
        "moonshot",
        # litellm's default is .ai: another account.
        api_base="https://api.moonshot.cn/v1",
        key_url="https://platform.moonshot.cn/console/api-keys",
        key_env="MOONSHOT_API_KEY",
        models=("kimi-k3", "kimi-k2.6", "moonshot-v1-auto"),
        # https://platform.moonshot.cn/docs/guide/use-kimi-vision-model: base64 only
        fetches_pictures=False,
    ),
    Provider(
        "minimax",
        Text("MiniMax 稀宇", "MiniMax"),
        "minimax",
        # litellm's default is .io: another account.
        api_base="https://api.minimaxi.com/v1",
        key_url="https://platform.minimaxi.com/user-center/basic-information/interface-key",
        key_env="MINIMAX_API_KEY",
        models=("MiniMax-M3", "MiniMax-M2.5"),
    ),
    Provider(
        "hunyuan",
        Text("腾讯混元", "Tencent Hunyuan"),
        # litellm's `tencent` is the international hub.
        "",
        api_base="https://api.hunyuan.cloud.tencent.com/v1",
        key_url="https://console.cloud.tencent.com/hunyuan/api-key",
        key_env="HUNYUAN_API_KEY",
        models=("hunyuan-turbos-latest", "hunyuan-t1-latest", "hunyuan-lite"),
        via="openai_protocol",
    ),
    Provider(
        "siliconflow",
        Text("硅基流动", "SiliconFlow"),
        "",
        api_base="https://api.siliconflow.cn/v1",
        key_url="https://cloud.siliconflow.cn/account/ak",
        key_env="SILICONFLOW_API_KEY",
        models=("deepseek-ai/DeepSeek-V3.2", "Qwen/Qwen3-8B", "zai-org/GLM-4.6"),
        via="openai_protocol",
    ),
    Provider(
        "openai",
        Text("OpenAI", "OpenAI"),
        "openai",
        key_url="https://platform.openai.com/api-keys",
        key_env="OPENAI_API_KEY",
        list_base="https://api.openai.com/v1",
        models=("gpt-5.4-mini", "gpt-5.5", "gpt-4.1-mini"),
    ),
    Provider(
        "anthropic",
        Text("Anthropic Claude", "Anthropic Claude"),
        "anthropic",
        key_url="https://console.anthropic.com/settings/keys",
        key_env="ANTHROPIC_API_KEY",
        list_base="https://api.anthropic.com",
        # https://docs.anthropic.com/en/api/models-list
        list_path="/v1/models?limit=1000",
        list_headers={"x-api-key": "{key}", "anthropic-version": "2023-06-01"},
        models=("claude-sonnet-4-6", "claude-haiku-4-5", "claude-opus-4-8"),
        speaks_openai=False,
        adds=("/v1",),
        fetches_pictures=False,
    ),
    Provider(
        "gemini",
        Text("Google Gemini", "Google Gemini"),
        "gemini",
        key_url="https://aistudio.google.com/apikey",
        key_env="GEMINI_API_KEY",
        list_base="https://generativelanguage.googleapis.com/v1beta",
        # https://ai.google.dev/api/models#method:-models.list
        list_path="/models?pageSize=1000",
        list_headers={"x-goog-api-key": "{key}"},
        models=("gemini-3.8-flash", "gemini-3.5-flash-lite", "gemini-3.5-flash"),
        speaks_openai=False,
        fetches_pictures=False,
    ),
    Provider(
        "openrouter",
        Text("OpenRouter", "OpenRouter"),
        "openrouter",
        key_url="https://openrouter.ai/settings/keys",
        key_env="OPENROUTER_API_KEY",
        list_base="https://openrouter.ai/api/v1",
        models=("deepseek/deepseek-v4-flash", "qwen/qwen3-coder", "openai/gpt-4.1-mini"),
    ),
    Provider(
        "ollama",
        Text("Ollama（本机模型）", "Ollama (local models)"),
        "ollama_chat",
        api_base="http://127.0.0.1:11434",
        list_path="/api/tags",
        load_path="/api/generate",
        models=("qwen3:8b", "llama3.1:8b"),
        needs_key=False,
        speaks_openai=False,
        adds=("/v1", "/api"),
        fetches_pictures=False,
    ),
    Provider(
        "vllm",
        Text("vLLM（自建服务）", "vLLM (your own server)"),
        "",
        api_base="http://127.0.0.1:8000/v1",
        models=("Qwen/Qwen3-8B",),
        needs_key=False,
        via="openai_protocol",
    ),
    Provider(
        "openai_compatible",
        Text("其他兼容 OpenAI 的服务", "Any OpenAI-compatible server"),
        "",
        needs_key=False,
        needs_base=True,
        via="openai_protocol",
    ),
)
