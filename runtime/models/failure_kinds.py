"""What a provider's refusal means, in the words of many providers. The first kind that fits is it.

The words are from their documentation and from bodies in public bug reports; tests/refusals.py has them.
"""

import re
from dataclasses import dataclass

from runtime.errors import ModelCode
from runtime.lang import Text


@dataclass(frozen=True)
class Kind:
    """A kind of failure, known by words in a 4xx or 200 (`words`), in any (`any_words`), else by status.

    Words go first: providers answer 400, 403 or 429 for many things; litellm calls a refused connection 500.
    """

    code: ModelCode
    text: Text
    statuses: tuple[int, ...] = ()
    words: str = ""
    any_words: str = ""
    retryable: bool = False


POLICY = Kind(
    "policy",
    Text(
        "模型「{model}」的内容安全审核没有放行这次提问或回答。请换一种说法，或调整提示词。",
        "The content filter of {model} refused this question or its answer. Rephrase it or edit the prompt.",
    ),
    words=r"content.?filter|content.?policy|content management policy|data.?inspection"
    r"|inappropriate content"
    r"|safety system|safety reasons|sensitive|content exists risk|considered high risk|flagged|moderation"
    r"|prohibited.?content|censor|machine outputted|violat\w+ .{0,30}(polic|terms|usage)"
    r"|risk.?control|harmful|responsible ai"
    r"|内容安全|敏感|违规|不合规|不安全|审核",
)
DAILY = r"per.?day|daily|PerDay|\bRPD\b|\bTPD\b|当日|每日|每天"
QUOTA = Kind(
    "quota",
    Text(
        "「{model}」的账户余额或额度不足。请到服务商控制台充值或提高额度，或换一个模型。",
        "The account of {model} has no balance or quota left. Top it up or raise the quota in the provider's "
        "console, or use another model.",
    ),
    statuses=(402,),
    words=r"insufficient.{0,20}(quota|balance|credit|fund)|(balance|credit|quota"
    r"|fund)s?\W{1,3}.{0,40}(insufficient|too low"
    r"|not enough|exhausted|used up|run out)|not enough (balance|credit|quota)"
    r"|exceeded.{0,12}(current|your)\W.{0,12}quota"
    r"|exceeded_current_quota|Arrearage|overdue|in arrears|account.{0,30}(suspended|balance"
    r"|deactivated|overdue|not active)"
    r"|free.?(tier|quota|trial|usage).{0,60}(exhausted|only|ended|expired|used|exceed)"
    r"|FreeTierOnly|payment required"
    r"|requires? (more|at least).{0,30}credits?|never purchased credits|spend(ing)? limit"
    r"|billing.{0,20}(hard|limit|not active"
    r"|disabled)|purchase (more )?credits|no (active )?(subscription|resource package)"
    r"|usage (limit|quota)|inference limit|requires? a subscription|upgrade for (access|higher)"
    r"|free-models-per-day|daily.{0,20}limit|have any credits"
    r"|余额|欠费|额度|资源包|充值|配额不足|套餐|使用上限",
)
RATE_LIMIT = Kind(
    "rate_limit",
    Text(
        "「{model}」请求太频繁，被服务商限流了。请稍后再试，或提高账户的限额、加一个备用模型。",
        "Too many requests to {model}. Try again later, raise the account's limit or add a fallback.",
    ),
    statuses=(429,),
    words=r"rate.?limit|rate.?quota|too.?many.?requests|requests? (rate|limit)|per.?(min|sec)"
    r"|\b[RTQ]P[MS]\b|throttl"
    r"|burst.?rate|concurren|request was throttled|slow down|please wait before"
    r"|RequestLimitExceeded|frequency.{0,10}limit"
    r"|频繁|限流|速率|并发|过快|频率",
    retryable=True,
)
REGION = Kind(
    "region",
    Text(
        "「{model}」的服务商不为这台服务器所在的地区服务。请换一家服务商，或在设置里为外出请求配置代理。",
        "The provider of {model} does not serve the region of this machine. Use another provider, or set a "
        "proxy for outgoing requests.",
    ),
    statuses=(451,),
    words=r"(country|region|territor|location).{0,40}(not|un)\W?.{0,12}(support|avail|allow)"
    r"|unsupported_country"
    r"|not (available|supported|allowed).{0,30}(country|region|location|territory)|geo.?(block"
    r"|restrict)|地区不支持|所在地区",
)
CONTEXT = Kind(
    "context",
    Text(
        "内容太长，超出了模型「{model}」的上下文长度。请减少记忆轮数、资料段数或提示词，或换上下文更长的模型。",
        "Too long for the context window of {model}. Use fewer remembered turns or passages, "
        "a shorter prompt, or a model with a larger window.",
    ),
    statuses=(413,),
    words=r"context.{0,10}(length|window|size)|maximum context|too many (input "
    r"|prompt )?tokens(?!, please wait)|prompt is too long|prompt.{0,20}too long"
    r"|input.{0,30}too long|range of input length|max_prompt_tokens|max_?input_?tokens"
    r"|input.{0,20}token.{0,40}exceed"
    r"|exceed.{0,40}(token limit|max.{0,20}(tokens|length)|context)|tokens? .{0,30}exceed"
    r"|token count.{0,30}exceed"
    r"|maximum (prompt|input|sequence|model) length|max_model_len|max_seq_len"
    r"|fewer than \d+ tokens|less than \d+ tokens|must be <= ?\d+\W{1,3}given"
    r"|longer than the (model|maximum)|too large for model"
    r"|reduce the length|string too long|request too large for model|ContextWindowExceeded|context_length"
    r"|status_msg\W{1,5}token limit"
    r"|超出最大长度|超长|长度超过|超过.{0,12}(长度|上下文|token)|上下文.{0,10}(超|过长)|输入.{0,8}过长|token.{0,8}超",
)
NOT_FOUND = Kind(
    "not_found",
    Text(
        "没有「{model}」这个模型，或接口地址不对。请到「模型」页检查模型名和地址。",
        "There is no model {model}, or the address is wrong. Check both on the Models page.",
    ),
    statuses=(404, 405, 410),
    words=r"model(?!\W{1,6}(?:type|code|param)\b).{0,12}(not.{0,3}(found|exist|open)|unknown|invalid|decommission|deprecat)"
    r"|unknown.{0,4}model|no such model"
    r"|invalid.{0,6}model|(model|deployment|endpoint|resource)\W.{0,90}(does not exist|not found"
    r"|not exist|doesn't exist"
    r"|is not supported$|decommissioned|deprecated|retired|no longer|not a valid"
    r"|has not activated|is not available)"
    r"|not found the model|no (available )?(endpoints?|channels?|distributor)\W"
    r"|is not a valid model|model_not|unsupported model|not work with the specified model"
    r"|model.{0,4}not.{0,3}loaded|invalid url|unknown (path|url|route)|模型不存在|不存在.{0,6}模型"
    r"|模型.{0,20}不存在|没有.{0,8}模型|无可用渠道|未开通|已下线|未找到",
)
AUTH = Kind(
    "auth",
    Text(
        "模型「{model}」的密钥无效、已过期或没有权限。请到「模型」页检查这个密钥。",
        "The key for {model} is wrong, expired or not allowed to use it. Check it on the Models page.",
    ),
    statuses=(401, 403),
    words=r"\b(invalid|incorrect|wrong|expired|missing|malformed|bad|no)\b.{0,12}\b(api.?key"
    r"|x-api-key|token|credential|auth)|token (is )?(invalid|expired)"
    r"|api.?key.{0,30}(invalid|not valid|incorrect|expired|missing|disabled|required|format"
    r"|not found|denied)"
    r"|invalidapikey|authenticat|unauthori[sz]ed|permission.?denied|login fail|access.?denied|signature"
    r"|NoAuth|授权错误|鉴权|身份验证|认证|密钥|令牌|无权|没有权限|未授权|token.{0,4}(无效|过期)",
    any_words=r"missing credentials",
)
CONNECTION = Kind(
    "connection",
    Text(
        "连不上模型「{model}」的服务器 {host}。请检查网络和「模型」页上的接口地址，并确认服务已启动。",
        "Cannot connect to {host} for {model}. Check the network, the address on the Models page, "
        "and that the server runs.",
    ),
    any_words=r"cannot connect|connection error|connect call failed|connection refused"
    r"|connection reset|all connection"
    r"|certificate verify|ssl:|name or service not known|temporary failure in name resolution"
    r"|server disconnected"
    r"|no address associated|getaddrinfo|network is unreachable|no route to host",
    retryable=True,
)
OVERLOADED = Kind(
    "server",
    Text(
        "模型「{model}」的服务现在太忙{status}。请稍后再试，或加一个备用模型。",
        "The server of {model} is too busy now{status}. Try again later, or add a fallback model.",
    ),
    statuses=(529,),
    any_words=r"overloaded|over.?capacity|at capacity|too busy|server.?busy|currently busy"
    r"|high (demand|load)|capacity.{0,20}"
    r"(exceeded|exhausted)|try again later|服务.{0,6}(繁忙|过载)|负载|拥挤|稍后(再|重)试",
    retryable=True,
)
TIMEOUT = Kind(
    "timeout",
    Text(
        "模型「{model}」没有在限定时间内答完。请稍后再试，或换更快的模型、缩短回答。",
        "{model} did not finish in time. Try again later, use a faster model or ask for shorter answers.",
    ),
    statuses=(408, 504, 524),
    words=r"(request|gateway|upstream|inference).{0,12}time.{0,3}out|timed out|超时",
    retryable=True,
)
MOVED = Kind(
    "not_found",
    Text(
        "「{model}」的接口地址已经搬家{status}。请到「模型」页改成新的地址，常见的是把 http:// 改成 https://。",
        "The address of {model} has moved{status}. Enter the new one on the Models page; often http:// must "
        "be https://.",
    ),
    statuses=(301, 302, 303, 307, 308),
)
REFUSED = Kind(
    "refused",
    Text(
        "模型「{model}」不接受这次请求{status}。请检查模型的设置。",
        "{model} did not accept the request{status}. Check the model's settings.",
    ),
    statuses=(400, 406, 409, 411, 412, 415, 421, 422),
)
SERVER = Kind(
    "server",
    Text(
        "模型「{model}」的服务出错了{status}。请稍后再试，或加一个备用模型。",
        "The server of {model} failed{status}. Try again later, or add a fallback model.",
    ),
    retryable=True,
)

PER_MINUTE = re.compile(
    r"quota exceeded for (quota )?metric|RESOURCE_EXHAUSTED|GenerateRequestsPerMinute"
    r"|per.?minute|\bTPM\b|\bRPM\b"
    r"|allocated quota exceeded|Throttling|please (retry|try again) in",
    re.IGNORECASE,
)
"""A quota that fills up again by itself."""
OVERLOAD = re.compile(
    r"overloaded|engine_overloaded|server.?busy|too busy|at capacity|服务.{0,6}(繁忙|过载)|访问量过大",
    re.IGNORECASE,
)
ASKS_FOR_A_KEY = re.compile(r"invalid.?api.?key|incorrect api key|api key not valid|密钥无效", re.IGNORECASE)
OF_THOUGHTS = re.compile(r"thought.?signature|signature\W{1,3}(in|of) \W{0,2}(think|reason)", re.IGNORECASE)
"""A signature that is no key's."""
BILLED_PER_MINUTE = re.compile(r"dashscope|aliyun|alibabacloud", re.IGNORECASE)
"""Their insufficient_quota is a limit of tokens a minute: https://help.aliyun.com/zh/model-studio/error-code"""


def kind_of(status: int, said: str, where: str) -> Kind:
    """`status` is 0 when the server said it in an answer; `where` is its host and the model's name."""
    if 300 <= status < 400:
        return MOVED
    if status < 500:
        if special := _special(status, said, where):
            return special
        for kind in (POLICY, REGION, QUOTA, CONTEXT, RATE_LIMIT, NOT_FOUND, AUTH, TIMEOUT):
            if _has(kind.words, said):
                return kind
    for kind in (AUTH, CONNECTION, OVERLOADED):
        if _has(kind.any_words, said):
            return kind
    known = (POLICY, REGION, QUOTA, CONTEXT, NOT_FOUND, AUTH, RATE_LIMIT, TIMEOUT, OVERLOADED, REFUSED)
    return next((kind for kind in known if status in kind.statuses), SERVER)


def _special(status: int, said: str, where: str) -> Kind | None:
    """Where the words of two kinds are in one body."""
    if ASKS_FOR_A_KEY.search(said):
        return AUTH
    if status == 400 and OF_THOUGHTS.search(said):
        return REFUSED
    if OVERLOAD.search(said) and not _has(QUOTA.words, said):
        return OVERLOADED
    fills_up = PER_MINUTE.search(said) or (BILLED_PER_MINUTE.search(f"{where} {said}") and status == 429)
    if (
        status in (0, 403, 429)
        and fills_up
        and not _has(DAILY, said)
        and not _has(r"FreeTierOnly|Arrearage|欠费|余额", said)
    ):
        return RATE_LIMIT
    # OpenAI's rate limit tells of its billing page, and its answer about a long text of tokens per minute.
    if status == 429 and _has(r"rate.?limit reached|rate_limit_exceeded|rate_limit_error", said):
        return QUOTA if _has(r"free-models-per-day", said) else RATE_LIMIT
    return None


def _has(words: str, said: str) -> bool:
    return bool(words) and re.search(words, said, re.IGNORECASE | re.DOTALL) is not None
