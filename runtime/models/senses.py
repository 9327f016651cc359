"""Models that see, hear, speak and draw for an agent whose own model does not."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict

Sense = Literal["seeing", "hearing", "speaking", "drawing"]
SENSES: dict[Sense, Text] = {
    "seeing": Text("看图的模型", "Model that sees"),
    "hearing": Text("听语音的模型", "Model that listens"),
    "speaking": Text("朗读的模型", "Model that speaks"),
    "drawing": Text("画图的模型", "Model that draws"),
}
NAME = re.compile(r"[^\s/]+/\S+|[a-z0-9][a-z0-9_-]{0,63}")


def _named(value: str) -> str:
    if value and not NAME.fullmatch(value):
        raise Wrong(
            Text(
                "应写成「服务商/模型」，例如 openai/whisper-1",
                "should be provider/model, e.g. openai/whisper-1",
            )
        )
    return value


def _printable(value: str) -> str:
    if not value.isprintable():
        raise Wrong(Text("有无法识别的字符", "contains broken characters"))
    return value


ModelName = Annotated[str, Field(max_length=200), AfterValidator(_named)]
"""`provider/model`, or a name with rules; "" for none."""
VoiceName = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
"""What a speech model calls one of its voices."""


class UsualModels(Strict):
    """Those of the installation, for agents that name none."""

    seeing: ModelName = ""
    hearing: ModelName = ""
    speaking: ModelName = ""
    voice: VoiceName = ""
    """That the speaking model speaks with; "": its usual one."""
    drawing: ModelName = ""

    def of(self, sense: Sense) -> str:
        """`provider/model`; "" where nobody has that sense."""
        return str(getattr(self, sense))
