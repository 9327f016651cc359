"""An answer to programs of others: words, and the pictures and files in them as parts of their own."""

from collections.abc import Iterator, Sequence

from runtime.answer import AnswerPart
from runtime.channels._rich import embedded
from runtime.standard_answer import StandardAnswer


def said(parts: Sequence[AnswerPart], to: str, key: str, of: str) -> StandardAnswer:
    """`of`: the id of the message that it answers; `key`: see Pushes.push."""
    taken_apart = [one for part in parts for one in (_pieces(part.text) if part.kind == "text" else [part])]
    answer = StandardAnswer.of(to, taken_apart, key, of)
    return answer.model_copy(update={"content": "\n\n".join(part.text for part in parts)})


def _pieces(markdown: str) -> Iterator[AnswerPart]:
    """Words between pictures, and pictures; an address is enough for whoever shows them."""
    words: list[str] = []
    for line, found in embedded(markdown):
        if found is None:
            words.append(line)
            continue
        if text := "\n".join(words).strip("\n"):
            yield AnswerPart(text)
        words = []
        yield found
    if text := "\n".join(words).strip("\n"):
        yield AnswerPart(text)
