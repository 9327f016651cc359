"""Three hundred pages, two hundred questions, and how well a search finds the one for the other.

`PYTHONPATH=.:tests python tests/quality_set.py` writes the vectors again, after a page or a question was
changed, with the encoder that comes with the program. They are kept because encoding takes ten seconds.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent / "runtime" / "knowledge" / "quality"
VECTORS, MANUAL = HERE / "vectors.bin", HERE / "manual.bin"
sys.path.append(str(HERE))

from manual_pages import asked, manual  # noqa: E402 # found by the path above
from quality_pages import pages  # noqa: E402 # found by the path above

from runtime.knowledge.cutting import cut  # noqa: E402 # found by the path above
from runtime.knowledge.passage import Passage  # noqa: E402 # found by the path above

NOT = "not answerable"


@dataclass(frozen=True)
class Asked:
    kind: str
    text: str
    wanted: tuple[str, ...]
    """Headings of the pages that answer it, all of them needed."""


def passages():
    """By document."""
    found = {}
    for document, heading, text in pages():
        found.setdefault(document, []).append(Passage(text, (document, heading)))
    return found


def questions():
    lines = (HERE / "questions.txt").read_text(encoding="utf-8").splitlines()
    parts = [[part.strip() for part in line.split(" |")] for line in lines if not line.startswith("#")]
    return [
        Asked(kind, text, tuple(filter(None, wanted.split("|")))) for kind, text, wanted in map(whole, parts)
    ]


def whole(parts):
    kind, text, *wanted = parts
    return kind, text, "|".join(wanted)


def texts():
    return [one.whole for many in passages().values() for one in many] + [one.text for one in questions()]


def manual_texts():
    return [one.whole for one in cut(manual()[0])] + [question for question, _ in asked()]


def vectors():
    return _kept(VECTORS, texts())


def manual_vectors():
    return _kept(MANUAL, manual_texts())


def _kept(file, texts):
    """By text: bytes of a whole number each, made floats of length 1."""
    rows = np.frombuffer(file.read_bytes(), np.int8).reshape(-1, 512).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return dict(zip(texts, rows, strict=True))


def hits(found, top):
    """Questions by kind whose pages are among the first. `found`: headings by question."""
    return Counter(
        one.kind for one in questions() if one.wanted and set(one.wanted) <= set(found[one.text][:top])
    )


def reciprocal_ranks(found):
    """Mean by kind; of several pages that are needed, the place of the last."""
    ranks = {}
    for one in questions():
        if one.wanted:
            places = [found[one.text].index(page) + 1 for page in one.wanted if page in found[one.text]]
            whole = len(places) == len(one.wanted)
            ranks.setdefault(one.kind, []).append(len(places) / max(places) if whole else 0.0)
    return {kind: sum(many) / len(many) for kind, many in ranks.items()}


def share(counted):
    return sum(counted.values()) / sum(1 for one in questions() if one.wanted)


if __name__ == "__main__":
    from runtime.knowledge.search_child.encoder import encode

    for file, said in ((VECTORS, texts()), (MANUAL, manual_texts())):
        made = encode(said)
        file.write_bytes(
            (made / np.abs(made).max(axis=1, keepdims=True) * 127).round().astype(np.int8).tobytes()
        )
