"""What an operator said becomes an answer of a base: the next who asks so is answered at once."""

from builder.actions import Notice
from runtime.access.permissions import Permission, needs
from runtime.errors import BadSettings
from runtime.knowledge.sources.answers import learn
from runtime.knowledge.sources.bases import Bases
from runtime.lang import Text

KEPT = Text(
    "记进了资料库「{base}」的问答表，几秒后就按它回答。",
    "Kept in the table of answers of the base {base!r}. From a few seconds on it is answered so.",
)


@needs(Permission.KNOWLEDGE_EDIT)
def teach(bases: Bases, base: str, question: str, answer: str) -> Notice:
    """In place of what was answered to that question before. Raises BadSettings, NotFound, Unreadable,
    NotSaved."""
    if not answer.strip():
        raise BadSettings(Text("请写答案。", "Write the answer."), field="answer")
    learn(bases, base, question, answer)
    return Notice(KEPT.fill(base=bases.get(base).name or base))
