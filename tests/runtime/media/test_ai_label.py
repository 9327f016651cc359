"""A file says that AI made it, in its own bytes, and people see and hear it."""

import io
import json
import struct
import wave
from xml.etree import ElementTree

import pytest
from PIL import Image

from runtime.errors import BadMedia
from runtime.media.ai_label import SPACE, labelled, said, told
from runtime.media.converting import as_shown
from runtime.media.looking import look
from runtime.media.seen_label import with_corner, with_rhythm

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FORMS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


def picture(type, size=(200, 120), mode="RGB"):
    made = io.BytesIO()
    Image.new(mode, size, (200, 30, 30) if mode == "RGB" else (200, 30, 30, 128)).save(made, FORMS[type])
    return made.getvalue()


def pixels(content):
    return Image.open(io.BytesIO(content)).convert("RGB")


def wav(rate=8000, seconds=0.5):
    made = io.BytesIO()
    with wave.open(made, "wb") as written:
        written.setparams((1, 2, rate, 0, "NONE", ""))
        written.writeframes(b"\x01\0" * int(rate * seconds))
    return made.getvalue()


FILES = {
    **{type: picture(type) for type in FORMS},
    "audio/mpeg": b"\xff\xfb\x90\x00" + bytes(400),
    "audio/wav": wav(),
}


@pytest.mark.parametrize("type", FILES)
def test_what_ai_made_says_so_in_its_own_bytes_and_is_the_same_otherwise(type):
    before, words = FILES[type], said("店“A”<&\n")
    after = labelled(before, type, words)
    label = json.loads(told(after))["AIGC"]
    assert label["Label"] == "1"
    assert label["ContentProducer"] == "店“A”<&\n"
    assert len(label["ProduceID"]) == 32
    assert look(after).type == type
    assert labelled(after, type, said("another")) == after
    if type in FORMS:
        assert pixels(after).tobytes() == pixels(before).tobytes()
    if type == "audio/wav":
        with wave.open(io.BytesIO(after)) as read:
            assert read.getnframes() == 4000
    if type == "audio/mpeg":
        assert after.startswith(b"ID3\x03")
        assert after.endswith(before)


def test_the_bytes_are_those_that_others_read():
    png = labelled(FILES["image/png"], "image/png", said("店"))
    assert json.loads(Image.open(io.BytesIO(png)).text["AIGC"])["AIGC"]["ContentProducer"] == "店"
    for type in FORMS:
        content = labelled(FILES[type], type, said("店"))
        known = Image.open(io.BytesIO(content)).info
        xmp = known.get("xmp") or known["XML:com.adobe.xmp"].encode()
        [described] = ElementTree.fromstring(xmp.decode()).iter(f"{RDF}Description")
        assert json.loads(described.get(f"{{{SPACE}}}AIGC"))["AIGC"]["Label"] == "1"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"ID3", b'{"AIGC":{', b'{"AIGC":{"Label":"9"}}',
        b'TC260:AIGC="[]"', b'TC260:AIGC="' + b"[" * 3000 + b'"', b'{"AIGC":[1]}',
    ],
)  # fmt: skip
def test_what_is_broken_says_nothing_and_breaks_nothing(content):
    assert told(content) == ""
    for type in (*FILES, "audio/amr", "image/gif"):
        assert isinstance(labelled(content, type, said("店")), bytes)


def test_what_has_no_place_for_it_stays_as_it_is():
    amr = b"#!AMR\n" + bytes(99)
    assert labelled(amr, "audio/amr", said("店")) == amr


@pytest.mark.parametrize("type", FORMS)
@pytest.mark.parametrize("size", [(1024, 1024), (200, 120), (90, 900), (20, 20)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_are_seen_in_the_corner_a_twentieth_high(type, size, lang):
    content = labelled(picture(type, size), type, said("店"))
    after = with_corner(content, lang)
    assert json.loads(told(after)) == json.loads(told(content))
    assert look(after).type == type
    assert pixels(after).size == size
    raw = pixels(after).tobytes()
    light = [place // 3 for place in range(0, len(raw), 3) if min(raw[place : place + 3]) > 180]
    rows = {place // size[0] for place in light}
    assert min(rows) >= size[1] / 2
    assert max(rows) - min(rows) + 1 >= min(size) * 0.04


def test_a_picture_that_is_made_smaller_still_says_and_shows_it():
    content = labelled(picture("image/png", (3000, 2000)), "image/png", said("店"))

    class Limit:
        most, types = 50_000, frozenset({"image/jpeg"})

    looked, after = as_shown(content, {"image": Limit}, "zh")
    assert looked.type == "image/jpeg"
    assert told(after)
    assert pixels(after).getpixel((5, 5)) != pixels(after).getpixel(
        (pixels(after).width - 90, pixels(after).height - 60)
    )


def test_a_picture_that_says_nothing_of_ai_stays_as_it_is():
    content = picture("image/png")

    class Limit:
        most, types = 10_000_000, frozenset()

    assert as_shown(content, {"image": Limit}, "zh")[1] == content


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n" + bytes(30), picture("image/png")[:60]])
def test_what_cannot_be_unpacked_stays_as_it_is(content):
    try:
        look(content)
    except Exception:  # noqa: BLE001 # it is told so elsewhere
        return
    assert with_corner(content, "zh") == content


@pytest.mark.parametrize("rate", [8000, 24_000, 44_100])
def test_a_rhythm_is_heard_before_what_is_said(rate):
    with wave.open(io.BytesIO(with_rhythm(wav(rate)))) as read:
        frames = struct.unpack(f"<{read.getnframes()}h", read.readframes(read.getnframes()))
    loud = [
        max(abs(n) for n in frames[at : at + rate // 100]) > 3000
        for at in range(0, len(frames) - rate // 100, rate // 100)
    ]
    rows = "".join("x" if one else "." for one in loud).strip(".")
    lengths = [len(row) for row in rows.split(".") if row]
    assert len(lengths) == 4
    assert lengths[1] > 2 * max(lengths[0], lengths[2], lengths[3])
    assert frames[-rate // 2 :] == (1,) * (rate // 2)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", FILES["audio/mpeg"]])
def test_what_is_no_wav_has_no_rhythm(content):
    with pytest.raises(BadMedia):
        with_rhythm(content)
