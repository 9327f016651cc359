"""How much one turn may ask of models."""

from runtime.errors import TurnFailed
from runtime.lang import Text
from runtime.turn.limits import Limits

ROUNDS = Text("这一轮已经调用模型 {rounds} 次，达到上限。", "This turn used its {rounds} model rounds.")
TOKENS = Text("这一轮已经用了 {tokens} token，达到上限。", "This turn used {tokens} tokens, its limit.")


def check_bounds(limits: Limits, rounds: int, tokens: int) -> None:
    """Raises TurnFailed when another round would be too much."""
    if rounds >= limits.rounds:
        raise TurnFailed(ROUNDS.fill(rounds=limits.rounds), code="rounds")
    if tokens >= limits.tokens:
        raise TurnFailed(TOKENS.fill(tokens=tokens), code="tokens")
