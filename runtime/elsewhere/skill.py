"""SKILL.md (Agent Skills) and AGENTS.md: instructions of an agent, as its prompt. https://agentskills.io/specification"""

import re
from typing import ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import Row, block_title
from runtime.elsewhere._reading import decoded, yaml_of
from runtime.elsewhere._words import as_it_is, mapping, text_of
from runtime.errors import BadAgent
from runtime.lang import NOTHING, Text

FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
SCRIPT = Text(
    "里面的程序不会运行：用「代码」或工具代替", "its programs do not run here: take “Code” or a tool"
)
BESIDE = Text("没有一起带来：请放进资料库", "it does not come along: put it into a knowledge base")
READ = Text("提示词", "the prompt")
LONGEST = 80_000
CUT = Text("太长，只取前 {most} 个字", "too long: only its first {most} characters").fill(most=LONGEST)
NAMES = ("skill.md", "agents.md", "claude.md", "agent.md")


class Skill(Format):
    product: ClassVar[str] = "SKILL.md / AGENTS.md"
    order: ClassVar[int] = 80

    def recognises(self, document: Document) -> bool:
        if document.files:
            return any(_name(name) in NAMES for name in document.files)
        if found := FRONT.match(document.text):
            return bool(
                re.search(r"^name:", found[1], re.MULTILINE)
                and re.search(r"^description:", found[1], re.MULTILINE)
            )
        return _name(document.name) in NAMES

    def reads(self, document: Document, bring: Bringing) -> Json:
        text = document.text
        if document.files:
            first = min(
                (name for name in document.files if _name(name) in NAMES),
                key=lambda name: (name.count("/"), name),
            )
            text = decoded(document.files[first])
            _beside(document, first, bring)
        about, body = _parted(text)
        name = text_of(about.get("name")) or _title(body)
        node = Node("skill", "SKILL.md" if about else "AGENTS.md", name)
        cut = len(body) > LONGEST
        made = blocks.model(node, bring, prompt=as_it_is(body[:LONGEST]))
        say = blocks.reply(Node("say", "reply"), bring, f"{{{{ {made.id}.text }}}}")
        bring.report.rows.append(
            Row(name, node.kind, "nearly" if cut else "became", block_title("model"), CUT if cut else NOTHING)
        )
        if re.search(r"```(?:bash|sh|python|js)|scripts?/", body):
            bring.report.tell(name, "scripts", "lost", why=SCRIPT)
        return {
            "name": name,
            "description": text_of(about.get("description")),
            "flow": [*made.blocks, *say.blocks],
        }

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        return Lost(BESIDE)


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1].lower()


def _parted(text: str) -> tuple[dict[str, object], str]:
    """What stands between the lines of ---, and the rest."""
    found = FRONT.match(text)
    if not found:
        return {}, text.strip()
    try:
        about = yaml_of(found[1])
    except BadAgent:
        about = dict(re.findall(r"^(name|description):[ \t]*(.*)$", found[1], re.MULTILINE))
    return dict(mapping(about)), text[found.end() :].strip()


def _title(body: str) -> str:
    found = re.search(r"^#\s+(.+)$", body, re.MULTILINE)
    return found[1].strip()[:60] if found else ""


def _beside(document: Document, first: str, bring: Bringing) -> None:
    folder = first.rpartition("/")[0]
    for name in sorted(document.files):
        if name != first and name.startswith(folder):
            is_program = name.endswith((".py", ".js", ".ts", ".sh", ".mjs"))
            bring.report.tell(name, "", "lost", why=SCRIPT if is_program else BESIDE)


FORMAT = Skill()
