"""What hangs on a node that asks a model in products whose graphs are made of components: models, memories,
tools, documents."""

import re
from collections.abc import Sequence
from typing import Any

from runtime.elsewhere._alike import like
from runtime.elsewhere._bringing import Bringing
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import Row, State, block_title, tool_title
from runtime.lang import NOTHING, Text

MODEL, MEMORY = Text("默认模型", "the default model"), Text("记忆", "memory")
BASE = Text("资料库「{base}」", "the knowledge base “{base}”")
BASE_WHY = Text("资料不在文件里，请放进去", "its documents are not in the file: put them in")
ITS_MODEL = Text("用默认模型，可以改", "the default model is used, which you may change")
SPLITS = Text("怎样切分和编码由资料库自己定", "a base cuts and encodes by itself")
FIELDS = Text("按字段回答", "an answer in fields")
NO_TOOL = Text("没有和它对应的工具", "there is no tool like it")
MODELS = r"lmChat|lmOpen|languagemodel|chatopenai|chatanthropic|chatollama|chatmistral|azurechat|^chat[A-Z]|inference|_llms|^lm|replicate|chatgoogle|^ollama|^groq"  # noqa: E501 # one expression, in one line to be searched
MEMORIES = r"memory|redisbacked"
BASES = r"vectorstore|retriev|pinecone|faiss|qdrant|chroma|supabase|milvus|weaviate|documentstore|knowledge|astradb|elasticsearch|vectara|zep|postgresvector"  # noqa: E501 # one expression, in one line to be searched
INDEXING = r"embedding|splitter|loader|textfile|pdffile|^file$|csvfile|github|docx|compactrefine|responsesynth|reranker|cheerio|documentdefault"  # noqa: E501 # one expression, in one line to be searched


class Parts:
    """What of a model node is set by what hangs on it."""

    def __init__(self, bring: Bringing, parts: Sequence[Node]) -> None:
        self.tools: list[Json] = []
        self.bases: list[str] = []
        self.memory = False
        self.rest: list[Node] = []
        self._bring = bring
        for part in parts:
            self._take(part)

    def _take(self, part: Node) -> None:
        kind = part.kind
        if re.search(MEMORIES, kind, re.IGNORECASE):
            self.memory = True
            self.tell(part, "became", MEMORY)
        elif re.search(INDEXING, kind, re.IGNORECASE):
            self.tell(part, "nearly", block_title("knowledge"), SPLITS)
        elif re.search(BASES, kind, re.IGNORECASE):
            base = self._bring.base(part.title or "documents")
            if base not in self.bases:
                self.bases.append(base)
            self.tell(part, "nearly", BASE.fill(base=base), BASE_WHY)
        elif re.search(MODELS, kind):
            self.tell(part, "nearly", MODEL, ITS_MODEL)
        elif found := like(f"{kind} {part.title}"):
            if not any(one["type"] == found[0] for one in self.tools):
                self.tools.append({"type": found[0]})
            self.tell(part, "nearly" if found[1].en else "became", tool_title(found[0]), found[1])
        else:
            self.rest.append(part)

    def tell(self, part: Node, state: State, ours: Text = NOTHING, why: Text = NOTHING) -> None:
        self._bring.report.rows.append(Row(part.title, part.kind, state, ours, why))

    def lose(self, why: Text = NO_TOOL) -> None:
        """What nobody took."""
        for part in self.rest:
            self.tell(part, "lost", why=why)
        self.rest = []

    @property
    def search(self) -> list[Json]:
        """The tools, and one that looks into the bases."""
        looks: list[Json] = [{"type": "search_knowledge", "bases": self.bases}] if self.bases else []
        return [*self.tools, *looks]


def settings(**given: Any) -> Json:
    return {name: value for name, value in given.items() if value not in (None, "", [])}
