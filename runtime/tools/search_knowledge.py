"""Let the model look into the owner's documents when it wants to."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import ToolFailed
from runtime.knowledge.search.cited import material
from runtime.knowledge.search.found import FITS, Wanted
from runtime.lang import Text
from runtime.schema import About, Id, Strict, setting
from runtime.tools import Env, Tool, checked, schema_of

NOTHING = "Nothing in the documents fits this question. Say so, or ask with other words; do not guess."


class Arguments(Strict):
    query: str = Field(
        description="A complete question, or words to look for. Name the product, number or person.",
        min_length=1,
        max_length=1000,
    )


class SearchKnowledge(Tool):
    """Search the owner's documents. Use it before answering anything that they may say."""

    about: ClassVar[About] = About(
        Text("查资料库", "Search knowledge"),
        Text("模型需要时在资料库里查", "The model looks into knowledge bases when it needs to"),
        "book",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "query": Text("查什么", "What to look for"),
    }
    type: Literal["search_knowledge"]
    bases: list[Id] = setting(
        title=Text("资料库", "Knowledge bases"),
        hint=Text("可以选几个，一起查", "Several are searched together"),
        widget="bases",
        min_length=1,
        max_length=20,
    )
    top: int = setting(
        4,
        title=Text("取几段", "Passages"),
        hint=Text("多了模型看得久、更贵", "More takes the model longer and costs more"),
        ge=1,
        le=20,
    )
    threshold: float = setting(
        FITS,
        title=Text("多相关才算查到", "What counts as found"),
        hint=Text("高了查得少而准，低了什么都有", "A high one finds less and fitting, a low one anything"),
        ge=0,
        le=1,
    )
    tags: list[str] = setting(
        [],
        title=Text("只查有这些标签的", "Only with these tags"),
        hint=Text("有其中一个就行", "Any of them will do"),
        max_length=50,
    )

    @property
    def repeatable(self) -> bool:
        return True

    @property
    def is_search(self) -> bool:
        return True

    @property
    def searched(self) -> Sequence[str]:
        return self.bases

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(Arguments)

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        given = checked(Arguments, arguments)
        if env.knowledge is None:
            raise ToolFailed(Text("这里没有资料库。", "There are no knowledge bases here."))
        wanted = Wanted(top=self.top, fits=self.threshold, tags=self.tags, tokens=3000)
        result = await env.knowledge.search(given.query, self.bases, wanted)
        return material(result.passages, "en") if result.fits else NOTHING


TOOL = SearchKnowledge
