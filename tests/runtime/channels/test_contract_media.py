"""What every channel with pictures, voice, video or files owes, both ways."""

import contextlib
import json
from dataclasses import replace
from typing import get_args

import pytest
from test_contract import HOSTILE, KINDS, claiming, rows

from runtime.answer import AnswerPart, MediaKind
from runtime.channels import (
    ApiAnswer,
    CarriesMedia,
    Channel,
    Frame,
    Media,
    MediaIn,
    MediaLimits,
    MediaOut,
    Pushes,
    PushesMedia,
    Responds,
    RespondsMedia,
    StreamsMedia,
    connects,
)
from runtime.errors import SendFailed

PICTURE = "![价目表](https://shop.example/a/prices.png)"


def played(steps, calls):
    """Go through a way of several calls as the gateway does, and compare each."""
    said = list(calls)
    try:
        request = next(steps)
        while True:
            expected, answer = said.pop(0)
            assert request == expected
            request = steps.send(answer)
    except StopIteration as end:
        assert said == []
        return end.value


def shapes(kind):
    """Each way in which it could end after the first answer."""
    for data in HOSTILE:
        yield ApiAnswer(200, data)
    yield ApiAnswer(500, {}, b"")
    yield ApiAnswer(200, {}, b"\0" * 10)


@pytest.mark.parametrize("name", KINDS)
def test_who_shows_media_shows_it_on_every_way_that_text_takes(name):
    kind = KINDS[name]
    if issubclass(kind, MediaOut):
        assert issubclass(kind, Pushes) == issubclass(kind, PushesMedia)
        assert issubclass(kind, Responds) == issubclass(kind, RespondsMedia | StreamsMedia)
        assert issubclass(kind, PushesMedia | RespondsMedia)


@claiming(MediaIn, MediaOut)
def test_limits_are_data(tables):
    kind = type(tables.channel)
    for name in ("media_in", "media_out"):
        for what, limits in getattr(kind, name, {}).items():
            assert what in get_args(MediaKind)
            assert isinstance(limits, MediaLimits)
            assert 0 < limits.most <= 110_000_000
            assert all("/" in one for one in limits.types)


# In


@rows(MediaIn, "got")
def test_a_file_is_got_from_the_platform(tables, row):
    [file] = tables.channel.attached(row.message)
    assert file.kind in tables.channel.media_in
    assert json.dumps(dict(file.place))
    if row.code:
        with pytest.raises(SendFailed) as failed:
            played(tables.channel.get(file), row.calls)
        assert failed.value.code == row.code
        assert not any(secret in str(failed.value) for secret in tables.secrets)
        return
    assert tables.channel.open(file, played(tables.channel.get(file), row.calls)) == row.content


@rows(MediaIn, "got")
def test_what_is_got_is_bounded(tables, row):
    [file] = tables.channel.attached(row.message)
    assert any(request.most == tables.channel.media_in[file.kind].most for request, _ in row.calls)


@rows(MediaIn, "got")
def test_a_strange_answer_brings_no_file_and_breaks_nothing(tables, row):
    [file] = tables.channel.attached(row.message)
    for answer in shapes(tables.channel):
        steps = tables.channel.get(file)
        next(steps)
        with contextlib.suppress(SendFailed, StopIteration):
            steps.send(answer)


@claiming(MediaIn)
def test_a_text_has_no_file(tables):
    for row in tables.incoming:
        for message in row.messages:
            files = tables.channel.attached(message)
            assert files or message.kind not in tables.channel.media_in
            assert not files or message.kind in ("text", *tables.channel.media_in)


# Out


@rows(MediaOut, "put")
def test_a_file_is_brought_to_the_platform(tables, row):
    if row.code:
        with pytest.raises(SendFailed) as failed:
            played(tables.channel.put(row.media), row.calls)
        assert failed.value.code == row.code
        return
    uploaded = played(tables.channel.put(row.media), row.calls)
    assert dict(uploaded.data) == row.data
    assert json.loads(json.dumps(dict(uploaded.data))) == uploaded.data
    assert uploaded.seconds > 0


def is_in_bubbles(tables):
    """What is shown is in the ends of its bubbles, and nothing is brought or pushed."""
    return isinstance(tables.channel, StreamsMedia) and not connects(tables.channel)


@claiming(CarriesMedia)
def test_what_goes_along_is_brought_nowhere_and_is_in_the_request(tables):
    for row in tables.media_pushed:
        assert played(tables.channel.put(row.shown.media), []).data == {}
        assert tables.channel.push_media(row.shown, tables.to, "k1").upload.content == row.shown.media.content


@claiming(PushesMedia)
@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_without_a_sign_that_it_lies_there_it_does_not(tables, data):
    if is_in_bubbles(tables) or isinstance(tables.channel, CarriesMedia):
        return
    steps = tables.channel.put(Media(*next((row.media.kind, row.media.type, b"x") for row in tables.put)))
    next(steps)
    with pytest.raises(SendFailed):
        steps.send(ApiAnswer(200, data))


@rows(PushesMedia, "media_pushed")
def test_what_a_part_that_is_more_than_text_becomes(tables, row):
    channel = tables.channel
    if row.after is not None:
        assert channel.push_media_after(row.after, row.shown, "k1") == row.request
        return
    assert channel.push_media(row.shown, tables.to, "k1") == row.request


@rows(PushesMedia, "media_pushed")
def test_the_same_key_is_the_same_request_for_media_too(tables, row):
    first, second = (tables.channel.push_media(row.shown, tables.to, "k2") for _ in range(2))
    assert first == second
    assert isinstance(first, Frame) or json.dumps(first.body)


@claiming(PushesMedia)
def test_every_kind_that_it_shows_is_in_its_tables(tables):
    if is_in_bubbles(tables):
        return
    kinds = {row.shown.kind for row in tables.media_pushed}
    assert kinds == {*tables.channel.media_out} | ({"news"} if tables.channel.shows_news else set())


@claiming(RespondsMedia)
def test_media_are_a_response_of_their_own(tables):
    row = next(row for row in tables.incoming if row.messages)
    for shown in [row.shown for row in tables.media_pushed]:
        response = tables.channel.respond_media(row.messages[0], shown, tables.now)
        assert response.status == 200
        assert response != tables.channel.acknowledge()


# Parts of an answer


@claiming(Channel)
def test_a_picture_on_a_line_of_its_own_is_a_part_where_it_can_be_shown(tables):
    parts = tables.channel.parts(f"今天的：\n\n{PICTURE}\n\n还要什么？")
    if "image" not in getattr(tables.channel, "media_out", {}):
        assert {part.kind for part in parts} == {"text"}
        return
    if tables.channel.words_along:
        [whole] = parts
        assert (whole.kind, whole.data["words"]) == ("image", "今天的：\n\n还要什么？")
        parts = [AnswerPart(""), replace(whole, data={name: whole.data[name] for name in ("url", "title")})]
    else:
        assert [part.kind for part in parts] == ["text", "image", "text"]
    assert parts[1].data == {"url": "https://shop.example/a/prices.png", "title": "价目表"}
    assert "价目表" in parts[1].text
    assert "https://shop.example/a/prices.png" in parts[1].text


@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("[![红茶](https://shop.example/tea.png)](pages/tea/tea?id=1)", "pages/tea/tea?id=1"),
        ("[![红茶](https://shop.example/tea.png)](pages/tea)", "pages/tea"),
        ("[![](https://shop.example/tea.png)](pages/tea)", None),
        ("[![红茶](https://shop.example/tea.png)](tea)", None),
        ("[![红茶](https://shop.example/tea.png)](https://shop.example/x/y)", None),
        ("[![红茶](https://shop.example/tea.png)](../pages/tea)", None),
        ("[![红茶](https://shop.example/tea.png)](/pages/tea)", None),
        ("[![红茶](https://shop.example/tea.png)](pages/tea#a)", None),
        ("[![红茶](https://shop.example/tea.mp4)](pages/tea)", None),
        ("![红茶](https://shop.example/tea.png)](pages/tea)", None),
        ("[![红茶](https://shop.example/tea.png)", None),
    ],
)
@claiming(MediaOut)
def test_a_picture_opens_a_page_of_the_surfaces_own_app_and_nothing_else(tables, line, page):
    pages = [part.data.get("page") for part in tables.channel.parts(f"请看\n{line}\n好吗？")]
    own = tables.channel.shows_own_pages and page
    assert [one for one in pages if one] == ([page] if own else [])


@claiming(Channel)
def test_text_alone_is_what_render_says(tables):
    markdown = "# 标题\n\n**粗** [链接](https://example.com)\n\n- 一\n- 二"
    assert tables.channel.parts(markdown) == [AnswerPart(text) for text in tables.channel.render(markdown)]


@claiming(RespondsMedia, PushesMedia)
def test_what_is_shown_tells_no_secret(tables):
    shown = "".join(repr(row.shown) + repr(row.request) for row in tables.media_pushed)
    assert not any(secret in shown for secret in tables.secrets)
