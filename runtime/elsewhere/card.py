"""Character cards, versions 1 to 3, as JSON or within a picture.

https://github.com/malfoyslastname/character-card-spec-v2 · https://github.com/kwaroran/character-card-spec-v3
"""

import re
from typing import Any, ClassVar

from runtime.elsewhere import Document, Format
from runtime.elsewhere import _blocks as blocks
from runtime.elsewhere._bringing import Bringing, Lost, Outcome
from runtime.elsewhere._graph import Json, Node
from runtime.elsewhere._losses import Row, block_title
from runtime.elsewhere._words import listing, literal, mapping, objects, text_of
from runtime.lang import Text

NAMES = re.compile(r"\{\{\s*(char|user|original)\s*\}\}|<(?:USER|BOT)>", re.IGNORECASE)
GREETING = Text("欢迎语", "Greeting")
OTHERS = Text("只用第一句开场白", "only the first greeting is used")
BOOK = Text(
    "写进了「查资料」：说到才会查出来", "went into “Look up”, which finds them when they are talked about"
)
PICTURE = Text("头像没有一起带来", "the picture does not come along")
PARTS = (
    ("system_prompt", ""),
    ("description", ""),
    ("personality", "性格 / Personality: "),
    ("scenario", "场景 / Scenario: "),
    ("mes_example", "对话样例 / Sample conversation:\n"),
    ("post_history_instructions", ""),
)


class Card(Format):
    product: ClassVar[str] = "角色卡 / Character card"
    order: ClassVar[int] = 60

    def recognises(self, document: Document) -> bool:
        data = mapping(document.data)
        told = mapping(data.get("data")) or data
        return text_of(data.get("spec")).startswith("chara_card") or {"first_mes", "personality"} <= set(told)

    def reads(self, document: Document, bring: Bringing) -> Json:
        data = mapping(document.data)
        card = mapping(data.get("data")) or data
        name = text_of(card.get("name"))

        def resolve(found: str) -> str:
            return {"char": literal(name), "user": "(person.name or '你')"}.get(found.lower(), "''")

        def words(text: Any) -> str:
            return bring.words(text_of(text), NAMES, resolve)

        parts = [f"{before}{words(card.get(key))}" for key, before in PARTS if text_of(card.get(key)).strip()]
        flow: list[Json] = []
        rows = bring.report.rows
        entries = objects(mapping(card.get("character_book")).get("entries"))
        lore = "\n\n".join(
            f"{'、'.join(map(text_of, listing(one.get('keys'))))}\n{words(one.get('content'))}"
            for one in entries
        )
        if lore.strip():
            flow.append({"type": "knowledge", "id": "lore", "text": lore[:90_000]})
            parts.append("{{ lore.text }}")
            rows.append(Row("character_book", "lorebook", "nearly", block_title("knowledge"), BOOK))
        made = blocks.model(Node("card", "character", name), bring, prompt="\n\n".join(parts))
        say = blocks.reply(Node("say", "reply"), bring, f"{{{{ {made.id}.text }}}}")
        rows.append(Row(name, text_of(data.get("spec")) or "card", "became", block_title("model")))
        agent: Json = {
            "name": name,
            "description": text_of(card.get("creator_notes")),
            "flow": [*flow, *made.blocks, *say.blocks],
        }
        if text_of(card.get("first_mes")).strip():
            agent["texts"] = {"greeting": words(card.get("first_mes"))[:5000]}
            bring.report.tell("first_mes", "", "became", ours=GREETING)
        if listing(card.get("alternate_greetings")):
            bring.report.tell("alternate_greetings", "", "lost", why=OTHERS)
        if document.name.lower().endswith(".png"):
            bring.report.tell(document.name, "", "lost", why=PICTURE)
        return agent

    def translate(self, node: Node, bring: Bringing) -> Outcome:
        return Lost(PICTURE)


FORMAT = Card()
