"""Files of other products, as agents of ours. One file or folder a format, exporting `FORMAT`.

A format only reads: nothing of a file runs, is fetched or is written, and what came is as foreign as any
agent that is imported (runtime.agents.powers.from_elsewhere).
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from runtime.agents.agent import Agent
from runtime.agents.elsewhere import refuse
from runtime.elsewhere._bringing import EVERY, Bringing
from runtime.elsewhere._finish import finished
from runtime.elsewhere._losses import Report, in_lines
from runtime.elsewhere._names import plain
from runtime.elsewhere._reading import TOO_DEEP, Document, opened
from runtime.errors import BadAgent, NotFound
from runtime.lang import Text, listed
from runtime.plugins import Registry

__all__ = [
    "EVERY",
    "Document",
    "Format",
    "Imported",
    "Report",
    "Writes",
    "exported",
    "imported",
    "in_lines",
    "is_ours",
    "opened",
    "product_of",
]

UNKNOWN = Text(
    "不认识这个文件。可以导入：{known}，以及鸿雁自己导出的智能体。",
    "This file is not known. What can be imported: {known}, and agents that Hongyan exported.",
)
NO_WRITER = Text(
    "不能导出成「{name}」，可以的有：{known}", "nothing is written for {name!r}; there are: {known}"
)
CUT = Text("数据后面还有别的内容，没有读", "something stood behind its data and was not read")


@dataclass(frozen=True)
class Imported:
    """`product`: whose file it was."""

    product: str
    agent: Agent
    report: Report

    def to_json(self) -> dict[str, Any]:
        return {"product": self.product, "name": self.agent.name, **self.report.to_json()}


class Format(ABC):
    """`product`: as people know it; `order`: those with a smaller one are asked first."""

    product: ClassVar[str]
    order: ClassVar[int] = 50

    @abstractmethod
    def recognises(self, document: Document) -> bool:
        """By what is in it; its name may help where that says nothing."""

    @abstractmethod
    def reads(self, document: Document, bring: Bringing) -> dict[str, Any]:
        """The agent as JSON, each part told to `bring.report`. Raises BadAgent for what cannot be one."""

    @abstractmethod
    def translate(self, node: Any, bring: Bringing) -> Any:
        """What becomes of a node of a flow."""


class Writes(ABC):
    """Its product takes agents of ours. `name`: by which it is asked for; `ending`: of the file."""

    name: ClassVar[str]
    ending: ClassVar[str]

    @abstractmethod
    def writes(self, agent: Agent, report: Report) -> str:
        """The file; what cannot go there is told to the report."""


registry: Registry[Format] = Registry(__name__, "FORMAT")


def product_of(document: Document) -> str:
    """Whose it is, as people know the product; "" for nobody's that is known."""
    try:
        return _recognised(document)[1].product
    except BadAgent:
        return ""


def is_ours(document: Document) -> bool:
    """Whether it is to be read as an agent of ours, however broken: an object that nobody else knows."""
    data = document.data if document.text.lstrip()[:1] == "{" else None
    return isinstance(data, dict) and not any(one.recognises(document) for one in registry().values())


def imported(content: bytes, name: str = "", stubs: Collection[str] = (), lang: str = "zh") -> Imported:
    """`stubs`: ids of the nodes that could not come and are to be stood for by a stub; EVERY: all of them.

    `lang`: of the agent, where the file does not tell. Raises BadAgent that says what is wrong with the file.
    Takes up to a few seconds of CPU: not for the event loop.
    """
    return brought(opened(content, name), stubs, lang)


def brought(document: Document, stubs: Collection[str] = (), lang: str = "zh") -> Imported:
    """As `imported`."""
    document, format = _recognised(document)
    bring = Bringing(format.translate, stubs)
    bring.agent = {"id": "imported", "name": "", "language": lang if lang == "zh" else "en"}
    try:
        agent = {**bring.agent, **format.reads(document, bring)}
    except RecursionError:  # loops in loops in loops
        raise BadAgent(TOO_DEEP) from None
    agent["name"] = (
        str(agent.get("name") or "").strip() or document.name.rsplit(".", 1)[0] or format.product
    )[:60]
    agent["description"] = str(agent.get("description") or "")[:300]
    agent["id"] = _id(agent["name"], format.product)
    if document.cut:
        bring.report.tell(document.name, format.product, "lost", why=CUT)
    return Imported(format.product, finished(agent, bring), bring.report)


def exported(agent: Agent, name: str) -> tuple[str, str, Report]:
    """The file for the product of that name, its ending, and what became of each block. Raises NotFound."""
    writers = [one for one in registry().values() if isinstance(one, Writes)]
    for one in writers:
        if one.name == name:
            report = Report()
            return one.writes(agent, report), one.ending, report
    raise NotFound(NO_WRITER.fill(name=name[:40], known=listed(one.name for one in writers)))


def _recognised(document: Document) -> tuple[Document, Format]:
    """Whose it is; of what is packed the first that is known, where the whole is not."""
    formats = sorted(registry().values(), key=lambda one: (one.order, one.product))
    for one in (document, *_inside(document)):
        for format in formats:
            if format.recognises(one):
                return one, format
    refuse(document.text)
    raise BadAgent(UNKNOWN.fill(known=listed(dict.fromkeys(one.product for one in formats))))


def _inside(document: Document) -> Iterator[Document]:
    for name, content in sorted(document.files.items()):
        if name.lower().endswith((".yml", ".yaml", ".json", ".md", ".png")) and content.strip():
            try:
                yield opened(content, name.rsplit("/", 1)[-1])
            except BadAgent:
                continue  # something else beside what is looked for


def _id(name: str, product: str) -> str:
    found = plain(name, "").strip("_") or plain(product, "imported")
    return f"{found}-agent".replace("_", "-") if len(found) < 5 else found.replace("_", "-")
