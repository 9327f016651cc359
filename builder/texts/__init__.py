"""Every sentence the pages show: the browser reads zh.json and en.json; Gradio's labels come from here."""

import json
from pathlib import Path

HERE = Path(__file__).parent


def load(lang: str) -> dict[str, str]:
    """Key → sentence."""
    texts: dict[str, str] = json.loads((HERE / f"{lang}.json").read_text(encoding="utf-8"))
    return texts


def for_gradio() -> dict[str, dict[str, str]]:
    """The labels of Gradio's components (keys `gradio_…`) by browser language."""
    zh, en = (
        {key: text for key, text in load(lang).items() if key.startswith("gradio_")} for lang in ("zh", "en")
    )
    return {"zh-CN": zh, "zh": zh, "en": en}
