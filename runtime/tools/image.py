"""Have a model draw a picture for the person."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import HongyanError, ToolFailed
from runtime.lang import Text
from runtime.network.reach import Reach
from runtime.schema import About, Strict, setting
from runtime.tools import Env, Power, Tool, checked, schema_of

SECONDS = 55.0
"""For one picture, with the time to fetch it."""
LARGEST = 20_000_000
"""Bytes of one."""

NOT_HERE = Text("这里画不了图。", "No picture can be drawn here.")
NEVER = Text("不能画「{word}」，请换个内容。", "Nothing with {word!r} is drawn; ask for something else.")
NO_FILE = Text("模型给的图片取不到：{status}", "The picture that the model gave cannot be fetched: {status}")
ENOUGH = Text("这一轮已经画了 {most} 张，不再画。", "It has drawn {most} in this turn and draws no more.")
LINK = "Give the person `markdown` on a line of its own: it becomes the picture where pictures are shown."


class Arguments(Strict):
    prompt: str = Field(
        description="What is to be seen, in detail: subject, style, colours, words in it.",
        min_length=1,
        max_length=2000,
    )


class Image(Tool):
    """Draw a picture as the person wishes. It costs money and takes half a minute: once is enough."""

    about: ClassVar[About] = About(
        Text("画图", "Picture"),
        Text("让画图模型按要求画一张图", "Has a model draw a picture"),
        "image",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "prompt": Text("画什么", "What to draw"),
    }
    type: Literal["image"]
    model: str = setting(
        "",
        title=Text("画图的模型", "Model that draws"),
        hint=Text(
            "例如 openai/gpt-image-1；留空用「模型」页里选的",
            "e.g. openai/gpt-image-1; empty: the one on the Models page",
        ),
        widget="model",
        max_length=200,
    )
    size: str = setting(
        "",
        title=Text("尺寸", "Size"),
        hint=Text(
            "例如 1024x1024；留空用模型默认的", "e.g. 1024x1024, as the model knows it; empty: its usual one"
        ),
        pattern=r"^(\d{2,4}x\d{2,4})?$",
    )
    never: list[str] = setting(
        [],
        title=Text("不画的词", "Words that are not drawn"),
        hint=Text("要求里有这些词就不画", "A wish with one of them is refused"),
        max_length=200,
    )
    most: int = setting(
        1,
        title=Text("一轮最多画几张", "Pictures in one turn"),
        hint=Text("每张都要钱", "Each costs money"),
        ge=1,
        le=6,
    )

    @property
    def powers(self) -> frozenset[Power]:
        return frozenset({Power.SPENDS})

    @property
    def where(self) -> str:
        return self.model

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(Arguments)

    @property
    def draws(self) -> str | None:
        return self.model

    async def call(self, arguments: Mapping[str, Any], env: Env) -> dict[str, Any]:
        prompt = checked(Arguments, arguments).prompt
        if env.makes is None or env.paints is None:
            raise ToolFailed(NOT_HERE)
        if env.earlier >= self.most:
            raise ToolFailed(ENOUGH.fill(most=self.most))
        if word := next((one for one in self.never if one and one.casefold() in prompt.casefold()), ""):
            raise ToolFailed(NEVER.fill(word=word))
        try:
            painted = await env.paints.paint(self.model, prompt, self.size, SECONDS)
            content = painted.content or await self._fetched(painted.url, env)
            made = await env.makes.make_picture(prompt[:30], content, by_ai=True)
        except ToolFailed:
            raise
        except HongyanError as e:
            raise ToolFailed(e.text) from None
        return {"url": made.address, "markdown": f"![{made.name}]({made.address})", "note": LINK}

    async def _fetched(self, url: str, env: Env) -> bytes:
        """From where the model's server put it: a public address, whatever it says."""
        reach = Reach(chosen="model", tool=self.type)
        answer = await env.http.fetch("GET", url, seconds=20, max_bytes=LARGEST, reach=reach)
        if answer.status != 200 or answer.cut:
            raise ToolFailed(NO_FILE.fill(status=answer.status))
        return answer.body


TOOL = Image
