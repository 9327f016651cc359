"""A call to try, and what is understood of one that somebody pasted."""

import json
import shlex

from runtime.channels import Understood, WebRequest
from runtime.channels.webhook.reading import Found, Reader, body_of
from runtime.channels.webhook.settings import WebhookSettings
from runtime.channels.webhook.signing import ID, Signing
from runtime.errors import Refused
from runtime.lang import Text
from runtime.standard_message import StandardMessage

LONGEST = 64 * 1024
"""Characters that are looked at."""
SHOWN = 300
HELLO = Text("你好", "Hello")
IGNORED = Text(
    "{n} 条不符合「只要哪些」，会收下，不回答", "{n} do not meet “Only those where”: taken, not answered"
)
NOTHING = Text("里面没有消息", "there is no message in it")
TOO_LONG = Text("太长了，最多 64 kB", "it is too long: 64 kB at most")
TITLES = {
    "sender": Text("谁写的", "Sender"),
    "content": Text("文字", "Text"),
    "msg_type": Text("种类", "Kind"),
    "id": Text("消息编号", "Id"),
    "files": Text("文件", "Files"),
    "metadata": Text("其他", "Whatever else"),
}


def example(address: str, its: WebhookSettings, signing: Signing) -> Text:
    """For a POSIX shell with openssl and curl."""
    return HELLO.each(lambda said: _script(said, address, its, signing))


def _script(said: str, address: str, its: WebhookSettings, signing: Signing) -> str:
    body = {"id": "m1", "sender": "u1", "content": said, "msg_type": "text"}
    lines = [f"BODY={shlex.quote(json.dumps(body, ensure_ascii=False))}"]
    headers = {"content-type": "application/json"}
    if its.proof == "bearer":
        lines += [f"SECRET={shlex.quote(its.secret.get_secret_value())}"]
        headers[signing.header] = f"{its.prefix or 'Bearer '}$SECRET"
    else:
        before, told = _signed(its, signing)
        lines += ["TIME=$(date +%s)"] if signing.time_header else []
        key = f"hexkey:{signing.key.hex()}"
        form = "openssl base64 -A" if signing.is_base64 else "od -An -vtx1 | tr -d ' \\n'"
        lines += [
            f"SIGN=$(printf '%s' \"{before}$BODY\" | openssl dgst -{its.algorithm} -mac HMAC -macopt "
            f"{key} -binary | {form})"
        ]
        headers |= told
    lines += [f'curl -sS {shlex.quote(address)} --data-binary "$BODY" \\']
    lines += [
        f'  -H "{name}: {value}"{"" if n == len(headers) else " " + chr(92)}'
        for n, (name, value) in enumerate(headers.items(), 1)
    ]
    return "\n".join(lines)


def _signed(its: WebhookSettings, signing: Signing) -> tuple[str, dict[str, str]]:
    """What stands before the body, and the headers."""
    before = {
        "body": "",
        "timestamp.body": "$TIME.",
        "id.timestamp.body": "m1.$TIME.",
        "v0:timestamp:body": "v0:$TIME:",
    }[its.signed]
    sign = f"{signing.prefix}$SIGN"
    if signing.time_header == signing.header:
        return before, {signing.header: f"t=$TIME,{sign}"}
    told = {signing.header: sign, **({signing.time_header: "$TIME"} if signing.time_header else {})}
    return before, {**told, ID: "m1"} if its.signed.startswith("id.") else told


def understood(pasted: str, reader: Reader) -> Understood:
    if len(pasted) > LONGEST:
        return Understood(problems=[TOO_LONG])
    is_form = not pasted.lstrip().startswith(("{", "["))
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    request = WebRequest("POST", {}, pasted.strip().encode("utf-8", "replace"), {"content-type": kind})
    try:
        found = reader.found(request, body_of(request))
    except Refused as e:
        return Understood(problems=[e.text])
    return Understood(
        _fields(found.messages[0]) if found.messages else (), len(found.messages), _problems(found)
    )


def _problems(found: Found) -> list[Text]:
    told = found.problems[:5]
    if found.ignored:
        told.append(IGNORED.fill(n=found.ignored))
    return told or ([] if found.messages else [NOTHING])


def _fields(message: StandardMessage) -> list[tuple[Text, str]]:
    said = {
        "sender": " · ".join(filter(None, (message.sender.id, message.sender.name))),
        "content": message.content,
        "msg_type": message.event or message.msg_type,
        "id": message.id,
        "files": "、".join(one.url or one.name for one in message.files),
        "metadata": json.dumps(dict(message.metadata), ensure_ascii=False) if message.metadata else "",
    }
    return [(TITLES[name], value[:SHOWN]) for name, value in said.items() if value]
