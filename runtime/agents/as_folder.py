"""An agent that is handed on, as a folder that people can read: prompts and tests in files of their own.

It comes back whole, see `file_of`. What of its owner's it needs is listed, and not in it.
"""

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from runtime.agents.agent import Agent
from runtime.agents.asks import SOMEWHERE, asks
from runtime.agents.bases import used
from runtime.agents.powers import may
from runtime.agents.strict_json import parse, to_bytes
from runtime.errors import BadAgent
from runtime.lang import Text, as_it_is, listed
from runtime.templating.template_file import parsed

AGENT, TESTS, BASES, README, PROMPTS = "agent.json", "tests.json", "knowledge.json", "README.md", "prompts/"
AT = (1980, 1, 1, 0, 0, 0)
"""The time of each file: the same agent is the same file."""

TITLE = Text(
    "# {name}\n\n{about}\n\n导入：在「智能体」页点「导入」，把这个 ZIP 拖进去；"
    "或 python app.py agent import 这个文件。",
    "# {name}\n\n{about}\n\nImport it: “Import” on the Agents page, and drop this ZIP; or "
    "python app.py agent import FILE.",
)
HOLDS = Text("## 里面有什么", "## What is in it")
KINDS: tuple[tuple[str, Text], ...] = (
    (AGENT, Text("- agent.json：流程和设置", "- agent.json: flow and settings")),
    (PROMPTS, Text("- prompts/：提示词", "- prompts/: prompt templates")),
    (TESTS, Text("- tests.json：测试", "- tests.json: tests")),
    (
        BASES,
        Text(
            "- knowledge.json：它用的资料库（资料不在里面）",
            "- knowledge.json: the bases that it uses; their documents are not in it",
        ),
    ),
)
TO_SET = Text("## 导入以后要设的", "## What is to be set then")
SECRET = Text("- 密钥「{name}」，发给 {hosts}", "- The secret “{name}”, sent to {hosts}")
BASE = Text("- 资料库「{name}」", "- The knowledge base “{name}”")
POWER = Text("- 允许它{power}", "- Allow it to {power}")
NONE = Text("- 没有", "- Nothing")


def folder_of(text: str) -> dict[str, bytes]:
    """Its files by name, of the one file that it is handed on in. Raises BadAgent."""
    data = parse(text)
    tests = data.pop("tests", None)
    agent = Agent.load(data)
    data.pop("prompts", None)
    found = {AGENT: to_bytes(data)}
    for id, one in agent.prompts.items():
        found[f"{PROMPTS}{id}.{agent.language}.j2"] = one.to_file().encode()
    bases = sorted({base for _, base in used(agent)})
    found[BASES] = to_bytes([{"id": base} for base in bases])
    if tests is not None:
        found[TESTS] = to_bytes(tests)
    return {README: _readme(agent, found).encode(), **found}


def zipped(files: Mapping[str, bytes], name: str) -> bytes:
    """One ZIP with a folder of that name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in files.items():
            packed.writestr(zipfile.ZipInfo(f"{name}/{path}", AT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def file_of(files: Mapping[str, bytes]) -> str:
    """The one file again; "" where it is no such folder. Raises BadAgent, BadTemplate."""
    place = next((name.removesuffix(AGENT) for name in sorted(files) if _is_agent(name)), None)
    if place is None:
        return ""
    data = parse(_text(files, place + AGENT))
    if not isinstance(data, dict) or "flow" not in data:
        return ""
    prompts = dict(_prompts(files, place + PROMPTS))
    tests = {"tests": parse(_text(files, place + TESTS))} if place + TESTS in files else {}
    return to_bytes({**data, **({"prompts": prompts} if prompts else {}), **tests}).decode()


def _is_agent(name: str) -> bool:
    """In the folder itself, or in the one that was packed."""
    return name == AGENT or (name.endswith(f"/{AGENT}") and name.count("/") == 1)


def _text(files: Mapping[str, bytes], name: str) -> str:
    try:
        return files[name].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadAgent(
            Text("「{name}」不是 UTF-8。", "{name!r} is not UTF-8.").fill(name=name[:80])
        ) from None


def _prompts(files: Mapping[str, bytes], place: str) -> Iterator[tuple[str, Any]]:
    for name in sorted(files):
        id, _, rest = name.removeprefix(place).partition(".")
        language = rest.removesuffix(".j2")
        if name.startswith(place) and name.endswith(".j2") and "/" not in id and language:
            one = parsed(_text(files, name), id, language, name)
            yield id, one.model_dump(mode="json", exclude_defaults=True)


def _readme(agent: Agent, files: Mapping[str, bytes]) -> str:
    lang = agent.language
    about = as_it_is(agent.description or "")
    return "\n\n".join(
        [
            TITLE.fill(name=as_it_is(agent.name), about=about).to(lang),
            HOLDS.to(lang),
            "\n".join(words.to(lang) for kind, words in KINDS if any(one.startswith(kind) for one in files)),
            TO_SET.to(lang),
            "\n".join(line.to(lang) for line in _to_set(agent)) or NONE.to(lang),
            "",
        ]
    )


def _to_set(agent: Agent, there: Collection[str] = ()) -> Iterator[Text]:
    for ask in asks(agent, there):
        hosts: str | Text = listed(ask.hosts) if ask.hosts else SOMEWHERE
        yield SECRET.fill(name=ask.name, hosts=hosts)
    for base in sorted({base for _, base in used(agent)}):
        yield BASE.fill(name=base)
    for one in may(agent):
        if one.asked and not one.key.startswith(("secret:", "base:")):
            yield POWER.fill(power=one.words)
