"""What is found as it is read: with what stands around it, within so many tokens."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from runtime.knowledge.index.index import Index
from runtime.knowledge.search.found import Found
from runtime.models.context_window import tokens


def shown(found: Sequence[Found], indexes: Mapping[str, Index], around: int) -> list[Found]:
    """Each with as many passages before and after it as stand under the same headings. None comes twice."""
    if not around:
        return list(found)
    taken = {(one.base, one.id) for one in found}
    whole = []
    for one in found:
        text = []
        for kept in indexes[one.base].around(one.id, around):
            key = (one.base, kept.id)
            if kept.id != one.id and (key in taken or kept.off or kept.passage.heading != one.heading):
                continue
            taken.add(key)
            text.append(kept.passage.text)
        whole.append(replace(one, text="\n".join(text) or one.text))
    return whole


def within_tokens(found: Sequence[Found], most: int) -> list[Found]:
    """The first of them that fit; the first always, cut when it must be."""
    kept: list[Found] = []
    left = most
    for one in found:
        size = tokens(f"{one.heading}\n{one.text}\n{one.answer or ''}")
        if size > left and kept:
            break
        kept.append(one if size <= left else replace(one, text=one.text[: max(left, 1)]))
        left -= size
    return kept
