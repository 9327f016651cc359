"""A flow to edit, and how tests find their way in the editor."""

TO_PERSON = {
    "title": "要找人工",
    "when": "'人工' in message.text",
    "flow": [{"type": "handoff", "id": "human"}],
}
TO_CLOCK = {
    "title": "问时间",
    "when": "'几点' in message.text",
    "flow": [
        {"type": "tool", "id": "time", "tool": {"type": "clock"}},
        {"type": "reply", "id": "tell", "text": "现在是 {{ time.result }}"},
    ],
}
PROMPT = {"template": "service", "values": {"shop": "{{ shop }}"}}
FLOW = [
    {"type": "knowledge", "id": "docs", "title": "查茶叶百科", "text": "龙井产自西湖。"},
    {
        "type": "branch",
        "id": "wish",
        "cases": [TO_PERSON, TO_CLOCK],
        "otherwise": [
            {"type": "model", "id": "answer", "prompt": PROMPT},
            {"type": "reply", "id": "say", "text": "{{ answer.text }}"},
        ],
    },
]

SHOP = {"name": "shop", "title": {"zh": "店名", "en": "Shop"}}
TEMPLATES = [
    {
        "id": "service",
        "title": {"zh": "客服", "en": "Service"},
        "variables": [SHOP],
        "text": "你是{{ shop }}的客服。",
    },
    {"id": "translate", "title": {"zh": "翻译", "en": "Translate"}, "variables": ["language"]},
]


def flow_of(page):
    return page.evaluate("editor.get()")


def ids(page):
    """Block ids in reading order."""
    return page.eval_on_selector_all(".fe-card", "cards => cards.map(card => card.dataset.id)")


def find(page, name, flow=None):
    """The settings of a block wherever it is."""
    for block in flow_of(page) if flow is None else flow:
        if block["id"] == name:
            return block
        inner = [*(case["flow"] for case in block.get("cases", [])), block.get("otherwise", [])]
        for nested in inner:
            if found := find(page, name, nested):
                return found
    return None


def card(page, name):
    return page.get_by_test_id(f"block-{name}")


def pick(page, name):
    card(page, name).locator(".fe-main").click()


def field(page, path):
    return page.get_by_test_id(f"field-{path}")


def slot(page, path):
    return page.get_by_test_id(f"slot-{path}")


def drag(page, source, target):
    source.hover()
    page.mouse.down()
    box = target.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 12, steps=4)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 18)
