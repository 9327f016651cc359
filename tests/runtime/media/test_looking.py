"""What bytes are, whoever says what."""

import contextlib
import io
import zlib

import pytest
from PIL import Image

from cost import cpu_seconds
from pictures import picture
from runtime.channels import MediaLimits
from runtime.errors import BadMedia
from runtime.media.converting import fitted
from runtime.media.kept import KeptMedia
from runtime.media.looking import look


def png_head(width, height):
    chunk = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\2\0\0\0"
    data = b"\0\0\0\0IDAT" + zlib.crc32(b"IDAT").to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\0\0\0\r" + chunk + zlib.crc32(chunk).to_bytes(4, "big") + data


KINDS = {
    "jpeg": (picture("JPEG"), "image/jpeg", "image"),
    "png": (picture("PNG"), "image/png", "image"),
    "gif": (picture("GIF", mode="P"), "image/gif", "image"),
    "bmp": (picture("BMP"), "image/bmp", "image"),
    "webp": (picture("WEBP"), "image/webp", "image"),
    "amr": (b"#!AMR\n\x3c" + bytes(31), "audio/amr", "voice"),
    "wide amr": (b"#!AMR-WB\n", "audio/amr-wb", "voice"),
    "silk": (b"\x02#!SILK_V3", "audio/silk", "voice"),
    "mp3": (b"\xff\xfb\x90\x00" + bytes(400), "audio/mpeg", "voice"),
    "tagged mp3": (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg", "voice"),
    "wav": (b"RIFF\0\0\0\0WAVE", "audio/wav", "voice"),
    "m4a": (b"\0\0\0\x20ftypM4A ", "audio/mp4", "voice"),
    "mp4": (b"\0\0\0\x20ftypisom", "video/mp4", "video"),
    "webm": (b"\x1a\x45\xdf\xa3", "video/webm", "video"),
    "pdf": (b"%PDF-1.7", "application/pdf", "file"),
    "a web page that says it is a picture": (b"<html><img>", "text/plain", "file"),
    "a program": (b"\x7fELF\x02\x01\x01\0", "application/octet-stream", "file"),
    "text whose character the look cuts in two": (("茶" * 2000).encode(), "text/plain", "file"),
    "nothing": (b"", "application/octet-stream", "file"),
}


@pytest.mark.parametrize(("content", "type", "kind"), KINDS.values(), ids=KINDS)
def test_it_is_what_it_begins_with(content, type, kind):
    assert (look(content).type, look(content).kind) == (type, kind)


BAD = {
    "a bomb": (png_head(100_000, 100_000), "bomb"),
    "a long thin one": (png_head(2**31 - 1, 1), "bomb"),
    "a broken picture": (picture("PNG")[:20], "damaged"),
    "only the beginning": (b"\xff\xd8\xff", "damaged"),
    "a picture in name only": (b"GIF89a", "damaged"),
    "BM, and then words": (b"BM is how this text begins", "damaged"),
}


@pytest.mark.parametrize(("content", "code"), BAD.values(), ids=BAD)
def test_a_picture_that_is_none_or_would_be_too_large_is_refused(content, code):
    with pytest.raises(BadMedia) as refused:
        look(content)
    assert refused.value.code == code
    assert refused.value.text.zh


def png_chunk(name, data=b""):
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


SMALL_PNG = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", b"\0\0\0\4\0\0\0\4\x08\2\0\0\0")
ALL_HEAD = {
    "png of small chunks": (SMALL_PNG, png_chunk(b"abCd")),
    "png of small texts": (SMALL_PNG, png_chunk(b"tEXt", b"a\0b")),
    "jpeg of markers": (b"\xff\xd8", b"\xff\xe1\0\2"),
    "jpeg of padding": (b"\xff\xd8", b"\xff"),
    "gif of a long comment": (b"GIF89a\4\0\4\0\0\0\0\x21\xfe", b"\1a"),
    "gif of comments": (b"GIF89a\4\0\4\0\0\0\0", b"\x21\xfe\1a\0"),
    "voice of empty frames": (b"#!AMR\n", b"\x7f"),
}


@pytest.mark.parametrize(("start", "piece"), ALL_HEAD.values(), ids=ALL_HEAD)
def test_a_file_of_nothing_but_small_pieces_costs_little(start, piece):
    content = start + piece * (3_000_000 // len(piece))

    def looked():
        with contextlib.suppress(BadMedia):
            assert look(content).seconds == 4000

    assert cpu_seconds(looked, enough=0.45) < 0.45


@pytest.mark.parametrize(
    ("content", "seconds"),
    [(b"#!AMR\n" + (b"\x3c" + bytes(31)) * 100, 2.0), (b"\xff\xfb\x90\x00" + bytes(15_996), 1.0)],
    ids=["amr", "mp3"],
)
def test_how_long_voice_lasts(content, seconds):
    assert look(content).seconds == pytest.approx(seconds)


def limits(most, *types):
    return {"image": MediaLimits(most, frozenset(types))}


def test_a_picture_that_is_taken_is_left_as_it_is():
    content = picture("PNG")
    assert fitted(content, limits(10_000, "image/png"))[1] == content


def test_another_format_is_made_one_that_is_taken():
    looked, content = fitted(picture("WEBP"), limits(10_000, "image/jpeg"))
    assert looked.type == look(content).type == "image/jpeg"


def test_too_many_bytes_become_fewer_pixels():
    noise = io.BytesIO()
    Image.effect_noise((2000, 1500), 80).convert("RGB").save(noise, "PNG")
    looked, content = fitted(noise.getvalue(), limits(300_000, "image/jpeg", "image/png"))
    assert len(content) <= 300_000
    assert looked.kind == "image"


async def test_the_same_file_is_kept_once_and_no_name_leads_elsewhere(tmp_path):
    kept = KeptMedia(tmp_path / "media")
    (tmp_path / "secret").write_text("x")
    first, second = [await kept.keep(b"abc") for _ in range(2)]
    assert first == second
    assert await kept.read(first) == b"abc"
    [file] = [file for file in (tmp_path / "media").rglob("*") if file.is_file()]
    assert file.stat().st_mode & 0o777 == 0o600
    for name in ("../secret", "", "A" * 64, "/etc/passwd", first[:-1]):
        assert await kept.read(name) is None
