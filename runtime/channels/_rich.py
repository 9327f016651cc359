"""What of an answer is more than text: pictures and other media on lines of their own, and cards.

    ![价目表](https://shop.example/prices.png)          a picture; by its ending also voice, video or a file
    [![新茶](https://…/tea.jpg)](https://… "明前龙井")   alone in an answer: a card
    [![红茶](https://…/tea.jpg)](pages/tea/tea?id=1)     a picture that opens a page of the surface's own app

In a sentence, in code, and of a kind that the surface does not show, it stays text.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from runtime.answer import MEDIA, AnswerPart, MediaKind, media_kind
from runtime.channels._choosing import Chooses
from runtime.channels._media import MediaOut
from runtime.choices import Choice, Choices, are_chinese, numbered, read
from runtime.message import NAMES


class Renders(Protocol):
    """A Channel's class."""

    limits: ClassVar[Any]

    @classmethod
    def render(cls, markdown: str) -> list[str]: ...


MOST = 4
"""Media of one answer; what comes after them is text."""
DATA = r"data:[a-z]{1,20}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=]{1,20000000}"
ADDRESS = r"https?://[^\s()<>\"]{1,1500}(?:\([^\s()<>\"]{0,200}\)[^\s()<>\"]{0,200})?"
WORDS = r"[^\[\]\n]{0,200}"
TITLE = r"(?:[ \t]+\"(?P<{name}>[^\"\n]{{0,300}})\")?"
EMBEDDED = re.compile(
    rf"!\[(?P<alt>{WORDS})\]\([ ]?<?(?P<src>{DATA}|{ADDRESS})>?{TITLE.format(name='title')}[ ]?\)"
)
STEP = r"[A-Za-z0-9_-]{1,64}"
PATH = rf"{STEP}(?:/{STEP}){{1,8}}(?:\?[A-Za-z0-9_.~%=&-]{{0,300}})?"
PAGED = re.compile(rf"(?P<paged>\[)?{EMBEDDED.pattern}(?(paged)\]\((?P<page>{PATH})\))")
INLINE = re.compile(rf"!?\[(?P<alt>{WORDS})\]\([ ]?<?(?P<src>{DATA})>?(?:[ \t]+\"[^\"\n]{{0,300}}\")?[ ]?\)")
CARD = re.compile(
    rf"\[(?:!\[(?P<alt>{WORDS})\]\((?P<picture>{ADDRESS})\)|(?P<words>{WORDS}))\]"
    rf"\((?P<url>{ADDRESS}){TITLE.format(name='about')}\)"
)
LINE = re.compile(r"[^\s|`>#*+-].{0,300}")
"""A line that is a sentence, and no part of a list, a table or code."""
FENCE = re.compile(r"[ ]{0,12}(`{3,}|~{3,})")
ENDINGS: dict[str, MediaKind] = {
    **dict.fromkeys(("amr", "mp3", "m4a", "wav", "ogg", "opus", "silk", "aac"), "voice"),
    **dict.fromkeys(("mp4", "mov", "webm", "m4v"), "video"),
    **dict.fromkeys(
        ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "zip", "txt", "csv", "md", "epub"), "file"
    ),
}


def split_off(kind: type[Renders], markdown: str) -> list[AnswerPart]:
    """In order. Takes time in proportion to the length."""
    before, options = read(markdown)
    if options:
        return _with_choices(kind, before, options)
    parts = _split(kind, markdown)
    return _together(kind, parts) if issubclass(kind, MediaOut) and kind.words_along else parts


def _together(kind: type[Renders], parts: list[AnswerPart]) -> list[AnswerPart]:
    """All words with the first file, if one message holds them."""
    files = [one for one in parts if one.kind in MEDIA]
    words = "\n\n".join(one.text for one in parts if one.kind not in MEDIA)
    if not files or not words:
        return parts
    first, *more = files
    whole = f"{words}\n\n{first.text}"
    if kind.limits.size(whole) > kind.limits.room:
        return parts
    return [AnswerPart(whole, first.kind, {**first.data, "words": words}), *more]


def _with_choices(kind: type[Renders], before: str, options: list[Choice]) -> list[AnswerPart]:
    """The last part has them, whether it is a thing to tap or lines with numbers."""
    lines = numbered(before, options)
    if issubclass(kind, Chooses):
        rest, question = _question(kind, before, options)
        choices = Choices(question, options)
        said = kind.render(f"{question}\n\n{lines}")
        if kind.choice_limits.fit(choices) and len(said) == 1:
            return [*_split(kind, rest), AnswerPart(said[0], "choices", choices.to_json())]
    *parts, last = _split(kind, f"{before}\n\n{lines}".strip())
    return [*parts, replace(last, kind="choices", data=Choices(before[-500:], options).to_json())]


def _question(kind: type[Renders], before: str, options: list[Choice]) -> tuple[str, str]:
    """What is said before, and the words right above the choices: all if it fits, else its last line."""
    assert issubclass(kind, Chooses)
    whole = _split(kind, before)
    words = whole[0].text if len(whole) == 1 and whole[0].kind == "text" else ""
    if kind.choice_limits.fit(Choices(words, options)):
        return "", words
    rest, _, line = before.rpartition("\n")
    said = kind.render(line) if LINE.fullmatch(line) else []
    if len(said) == 1 and kind.choice_limits.fit(Choices(said[0], options)):
        return rest, said[0]
    return before, "请选择" if are_chinese(before, options) else "Please choose"


def _split(kind: type[Renders], markdown: str) -> list[AnswerPart]:
    if not issubclass(kind, MediaOut):
        return _text(kind, markdown)
    if kind.shows_news and (card := _card(kind, markdown.strip())):
        return [card]
    found: list[AnswerPart] = []
    text: list[str] = []
    left = MOST
    for line, embedded in _lines(markdown, PAGED if kind.shows_own_pages else EMBEDDED):
        part = _media(kind, embedded) if embedded and left else None
        if part is None:
            text.append(line)
            continue
        found += [*_text(kind, "\n".join(text)), part]
        text, left = [], left - 1
    return found + _text(kind, "\n".join(text))


def _text(kind: type[Renders], markdown: str) -> list[AnswerPart]:
    if kind.limits.most is not None and "](data:" in markdown:
        # nobody reads a picture's bytes
        markdown = INLINE.sub(lambda found: found["alt"].strip() or NAMES[kind_of(found["src"])], markdown)
    return [AnswerPart(text) for text in kind.render(markdown)]


def _lines(markdown: str, pattern: re.Pattern[str] = EMBEDDED) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Each line, and what it embeds if that is all there is in it. In a fence nothing is embedded."""
    fence = ""
    for line in markdown.split("\n"):
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield line, pattern.fullmatch(line.strip())
            continue
        yield line, None


def embedded(markdown: str) -> Iterator[tuple[str, AnswerPart | None]]:
    """Each line, and the picture or file at an address that is all there is in it, for programs of others."""
    for line, found in _lines(markdown):
        if found is None or found["src"].startswith("data:"):
            yield line, None
        else:
            what, title = kind_of(found["src"]), found["alt"].strip()
            yield line, AnswerPart(title or NAMES[what], what, {"url": found["src"], "title": title})


def _media(kind: type[Renders], found: re.Match[str]) -> AnswerPart | None:
    """None where it is better told in words."""
    assert issubclass(kind, MediaOut)
    source, title = found["src"], found["alt"].strip()
    what = kind_of(source)
    if what not in kind.media_out:
        return None
    page = found.groupdict().get("page") or ""
    if page and (what != "image" or not title):
        return None
    said = kind.render(title or NAMES[what] if page or source.startswith("data:") else found[0])
    if len(said) != 1:
        return None
    return AnswerPart(said[0], what, {"url": source, "title": title, **({"page": page} if page else {})})


def kind_of(source: str) -> MediaKind:
    """What an address promises; what it holds is looked at when it is there."""
    if source.startswith("data:"):
        return media_kind(source[5:])
    try:
        path = urlsplit(source).path
    except ValueError:
        return "image"
    return ENDINGS.get(path.rpartition(".")[2].lower(), "image")


def _card(kind: type[Renders], written: str) -> AnswerPart | None:
    """A link that is the whole answer and says more than its words: a picture, or what it is about."""
    found = CARD.fullmatch(written)
    title = (found["alt"] or found["words"] or "").strip() if found else ""
    if not found or not title or not (found["picture"] or found["about"]):
        return None
    about = (found["about"] or "").strip()
    said = kind.render(f"[{title}]({found['url']})" + (f"\n{about}" if about else ""))
    if len(said) != 1:
        return None
    data = {"title": title, "url": found["url"], "description": about, "picture": found["picture"] or ""}
    return AnswerPart(said[0], "news", {name: value for name, value in data.items() if value})
