"""Every sentence the pages show, one file a language: zh.json and en.json hold all, others what they can."""

from runtime.languages import WRITTEN, entries, languages

FOLDER = "builder/texts"


def load(lang: str, part: str = "") -> dict[str, str]:
    """Key → sentence; English where a further language has none. `part`: "flow." or "insights."."""
    place = f"{FOLDER}/{part}{{lang}}.json"
    own = entries(place, lang)
    return own if lang in {one.code for one in WRITTEN} else {**entries(place, "en"), **own}


def for_gradio() -> dict[str, dict[str, str]]:
    """The labels of Gradio's components (keys `gradio_…`) by browser language."""
    found: dict[str, dict[str, str]] = {}
    for one in languages():
        labels = {key: text for key, text in load(one.code).items() if key.startswith("gradio_")}
        found |= {one.locale: labels, one.code: labels}
    return found
