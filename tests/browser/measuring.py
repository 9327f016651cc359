"""What of a page keeps somebody out: by axe-core, on a narrow phone, with keys alone."""

from functools import cache
from pathlib import Path

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
HERE = Path(__file__).with_name("measuring.js")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = {"smallest": 24, "usual": 40}
"""CSS pixels of what is touched: at least, by WCAG 2.2; and where it stands alone."""
STRANGERS = 20
"""Stops of the Tab key that are no controls: what scrolls, and the browser's own."""
OF_OTHERS = {
    ("region", "stFloatingOverlayPortal"): "Streamlit's layer for what shows for a moment over its pages",
    ("nested-interactive", "svelte-18cn3o3"): "Gradio's head of a step of an answer: a button in a button",
}
"""What axe-core says of markup that is not ours to mend: its rule and a word of the markup; the reason."""
DENSE = "footer, .fe, .hy-phone, #chat, .hy-chat"
"""Where much stands close together: the blocks on the flow, the buttons at each answer of the chat."""


def accessible(page):
    """What axe-core complains of: of a dialog alone where one is open."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(read(AXE))
    told = ask(page, "axe", RULES)
    return [one for one in told if not any(one.startswith(rule) and word in one for rule, word in OF_OTHERS)]


def too_small(page):
    return ask(page, "small", {**SIZES, "dense": DENSE})


def wider(page):
    """CSS pixels that are scrolled to sideways."""
    return ask(page, "wider")


def unseen(page):
    """What one cannot see to have the focus, or what has no name."""
    page.keyboard.press("Shift")  # from here on the focus is shown as if keys moved it
    return ask(page, "unseen")


def unreached(page):
    """What the Tab key does not come to, however often it is pressed."""
    many = ask(page, "walk")
    for pressed in range(many + many // 4 + STRANGERS):
        if pressed >= many and not ask(page, "walked"):
            break
        page.keyboard.press("Tab")
    return ask(page, "walked")


def ask(page, name, given=None):
    page.evaluate(f"globalThis.measuring ??= {read(HERE).strip().rstrip(';')}")
    return page.evaluate(f"(given) => measuring.{name}(given)", given)


@cache
def read(file):
    text = file.read_text(encoding="utf-8")
    return text[text.index("({") :] if file == HERE else text
