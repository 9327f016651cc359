"""Find the passages of bases, or of a pasted text, that fit a question."""

import functools
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from runtime.blocks import UNFAILED, Block, Flow, UsesBases
from runtime.blocks._groups import THINK, Group
from runtime.errors import Wrong
from runtime.knowledge.search.cited import listed, material, plain
from runtime.knowledge.search.found import FITS, SAME_QUESTION, Result, Wanted
from runtime.knowledge.search.searching import Searching
from runtime.lang import Text
from runtime.schema import About, Id, setting
from runtime.turn.alone import standing_alone
from runtime.turn.turn import Turn

LONGEST = 1_000_000
"""Characters of a text."""
WEAK = 0.12
"""Of a passage's fitting: what has less is not even shown."""


class Knowledge(UsesBases, Block):
    """Searches the owner's documents, by their words and by what they mean, without a model or network."""

    about: ClassVar[About] = About(
        Text("查资料", "Look up"),
        Text("从资料库或贴进来的资料里找出相关段落", "Finds fitting passages in bases or pasted text"),
        "book",
        "#0891b2",
    )
    group: ClassVar[Group] = THINK
    alike: ClassVar[bool] = True
    for_others: ClassVar[bool] = True
    type: Literal["knowledge"]
    bases: list[Id] = setting(
        [],
        title=Text("资料库", "Knowledge bases"),
        hint=Text("可以选几个，一起查", "Several are searched together"),
        widget="bases",
        max_length=20,
    )
    text: str = setting(
        "",
        title=Text("贴进来的资料", "Pasted text"),
        hint=Text(
            "资料不多时直接粘贴：一段写一件事，用空行分开；标题会带进它下面的每一段",
            "One topic a paragraph, blank lines between. Headings go with what stands under them",
        ),
        widget="text",
        max_length=LONGEST,
    )
    query: str = setting(
        "{{ message.text }}",
        title=Text("查什么", "Query"),
        hint=Text("留着不改，就是用户的原话", "Left as it is: what the person wrote"),
        widget="template",
    )
    top: int = setting(
        3,
        title=Text("取几段", "Passages"),
        hint=Text("多了模型看得久、更贵", "More takes the model longer and costs more"),
        ge=1,
        le=20,
    )
    tokens: int = setting(
        3000,
        title=Text("最多多少 token", "Tokens at most"),
        hint=Text("所有段落加起来", "Of all passages together"),
        ge=100,
        le=100_000,
    )
    around: int = setting(
        0,
        title=Text("带上前后几段", "Neighbours"),
        hint=Text("同一标题下的前后文", "Before and after each, under the same heading"),
        ge=0,
        le=5,
    )
    threshold: float = setting(
        FITS,
        title=Text("多相关才算查到", "What counts as found"),
        hint=Text(
            "0 到 1；都不到时 fits 为否，走「没查到时」",
            "0 to 1; when none reaches it, “fits” is false and the other way is taken",
        ),
        ge=0,
        le=1,
    )
    sources: list[str] = setting(
        [], title=Text("只查这些来源", "Only these sources"), hint=Text("按名称", "By name"), max_length=50
    )
    tags: list[str] = setting(
        [],
        title=Text("只查有这些标签的", "Only with these tags"),
        hint=Text("有其中一个就行", "Any of them will do"),
        max_length=50,
    )
    direct: bool = setting(
        False,
        title=Text("问答表里有同样的问题就直接回答", "Answer at once what a question table has"),
        hint=Text("不经过大模型，这一轮结束", "Without a model; the turn ends"),
    )
    same: float = setting(
        SAME_QUESTION,
        title=Text("多像才算同样的问题", "What counts as the same question"),
        hint=Text("1 是一字不差；低了会答非所问", "1: word for word; a low one answers another question"),
        ge=0.5,
        le=1,
    )
    rewrite: str = setting(
        "",
        title=Text("结合对话改写问题的模型", "Model that completes the question"),
        hint=Text(
            "例如「那个呢？」改成完整的问题再查；留空不改写",
            "“And that one?” becomes a whole question; empty: asked as it is",
        ),
        widget="model",
        max_length=200,
    )
    rerank: str = setting(
        "",
        title=Text("重排模型", "Reranking model"),
        hint=Text("例如 cohere/rerank-v3.5；留空不用", "E.g. cohere/rerank-v3.5; empty: none"),
        max_length=200,
    )
    otherwise: Flow = setting(
        [],
        title=Text("没查到时", "When nothing fits"),
        hint=Text("什么也没找到时走这里", "Taken when nothing is found"),
        widget="flow",
    )

    @model_validator(mode="after")
    def _has_something(self) -> "Knowledge":
        if not self.bases and not self.text.strip():
            raise Wrong(Text("选一个资料库，或贴一段资料", "choose a base, or paste a text"), "bases")
        return self

    @property
    def searched(self) -> list[str]:
        return self.bases

    async def run(self, turn: Turn) -> dict[str, Any]:
        query = turn.render(self.query)
        if self.rewrite and turn.history:
            query = await standing_alone(turn, self.id, self.rewrite, query)
        searching = turn.searches(self.id) or _alone()
        result = await searching.search(query, self.bases, self._wanted(turn), self.text)
        if turn.guard:
            result = await turn.guard.passages(result)
        shown = [one for one in result.passages if result.fits or one.fits >= min(WEAK, self.threshold)]
        turn.addresses.read(*map(plain, shown))
        found = self._told(turn, query, replace(result, passages=shown))
        if self.direct and result.answer:
            turn.reply = result.answer
        elif not result.fits and self.otherwise:
            turn.values = {**turn.values, self.id: {**UNFAILED, **found}}
            await turn.walk(self.otherwise)
        return found

    def _wanted(self, turn: Turn) -> Wanted:
        return Wanted(
            top=self.top, tokens=self.tokens, fits=self.threshold, same=self.same, around=self.around,
            sources=self.sources, tags=self.tags, rerank=self.rerank,
            seconds=max(1.0, min(Wanted.seconds, turn.seconds_left() / 3)),
        )  # fmt: skip

    def _told(self, turn: Turn, query: str, result: Result) -> dict[str, Any]:
        lang = turn.agent.language
        return {
            "text": "\n\n".join(map(plain, result.passages)),
            "passages": [plain(one) for one in result.passages],
            "material": material(result.passages, lang),
            "sources": listed(result.passages, lang),
            "fits": result.fits,
            "answer": result.answer or "",
            "query": query,
            "found": [one.to_json() for one in result.passages],
            "missing": list(result.missing),
            "without": list(result.without),
        }

    def outputs(self) -> dict[str, Text]:
        return {
            "text": Text("找到的段落", "the passages"),
            "material": Text(
                "找到的段落，标明是资料（放进提示词）", "the passages marked as data, for prompts"
            ),
            "sources": Text("出处，一行一条", "where they stand, a line each"),
            "fits": Text("查到没有", "whether anything fits"),
            "answer": Text("问答表里的现成答案", "the answer of a question table"),
            "passages": Text("段落列表", "the passages, a list"),
            "query": Text("实际查的问题", "what was searched for"),
            "found": Text("每段的出处和分数，列表", "each with its place and scores, a list"),
            "missing": Text("没有的资料库，列表", "bases that are not there, a list"),
            "without": Text("没用上的查法和原因，列表", "what was not to be had, and why, a list"),
        }

    def sample(self) -> dict[str, Any] | None:
        text = dict.fromkeys(("text", "material", "sources", "answer", "query"), "1")
        return {**text, "passages": ["1"], "fits": True, "found": [], "missing": [], "without": []}


@functools.cache
def _alone() -> Searching:
    """Where there are no bases: pasted texts."""
    return Searching()


BLOCK = Knowledge
