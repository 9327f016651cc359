"""Programs that want out, want all, or never end: families with words to fill in, the same for each seed."""

import json
import random
import re
from pathlib import Path

SAMPLES = Path(__file__).parents[2] / "samples" / "hostile_programs.json"
NUMBERS = {"n": (2, 9), "d": (8, 12)}


def programs(canary: str, seed: int = 11) -> list[str]:
    """300 of them. `canary`: a file that none may read."""
    chance = random.Random(seed)
    told = json.loads(SAMPLES.read_text(encoding="utf-8"))
    words = {**told["words"], "path": [*told["words"]["path"], canary]}

    def filled(match: re.Match[str]) -> str:
        name = match[1]
        if name == "chain":
            return ".".join(chance.sample(words["walk"], chance.randint(1, 4)))
        return str(chance.randint(*NUMBERS[name])) if name in NUMBERS else chance.choice(words[name])

    holes = re.compile(rf"\{{({'|'.join([*words, *NUMBERS, 'chain'])})\}}")
    families = [(family["programs"], family["count"]) for family in told["families"]]
    return [holes.sub(filled, chance.choice(made)) for made, count in families for _ in range(count)]
