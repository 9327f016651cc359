"""Whether, and how, an answer is read out."""

from typing import Literal

from runtime.lang import Text
from runtime.schema import Strict, setting

When = Literal["never", "spoken", "always"]
WHEN: dict[When, Text] = {
    "never": Text("不朗读", "Never"),
    "spoken": Text("对方发语音时", "When the person spoke"),
    "always": Text("每次都朗读", "Always"),
}


ALOUD = ("when", ("spoken", "always"))
"""What the rest is of use for."""


class Speech(Strict):
    """Answers as voice, where the surface plays it; the text is sent where it does not."""

    when: When = setting(
        "never",
        title=Text("朗读回答", "Read answers out"),
        hint=Text(
            "能放语音的地方才会读；读不了、太长或出错时只发文字",
            "Where voice can be played; what cannot be, is too long or fails is sent as text",
        ),
        choices=lambda: {when: text for when, text in WHEN.items()},
    )
    model: str = setting(
        "",
        title=Text("朗读的模型", "Model that speaks"),
        hint=Text(
            "例如 openai/tts-1；留空用「模型」页里选的",
            "e.g. openai/tts-1; empty: the one on the Models page",
        ),
        when=ALOUD,
        max_length=200,
    )
    voice: str = setting(
        "",
        title=Text("声音", "Voice"),
        hint=Text("以服务商文档里的名称为准；留空用默认的", "As the provider calls it; empty: the usual one"),
        when=ALOUD,
        max_length=200,
    )
    longest: int = setting(
        250,
        title=Text("最长朗读多少字", "Longest text to read out (characters)"),
        hint=Text("更长的回答只发文字", "Longer answers are text only"),
        when=ALOUD,
        ge=10,
        le=4000,
    )
    text: bool = setting(
        True,
        title=Text("文字也发", "Send the text too"),
        hint=Text(
            "关掉后只发语音；发不了时还是发文字",
            "Off: the voice alone, and the text only where there can be none",
        ),
        when=ALOUD,
    )
