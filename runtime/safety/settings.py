"""What an agent lets pass, what is said where it does not, and how it marks what a model wrote."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from runtime.lang import Text
from runtime.safety.checks import AnyCheck
from runtime.safety.masking.personal import Kept
from runtime.schema import Strict, setting

MOST = 20
FunctionName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$")]
REFUSED = Text(
    "这个内容我不能回应，我们聊点别的吧。", "I cannot respond to this. Let us talk about something else."
)
TOLD = Text(
    "您最近的几条消息不合适，我先不回复了，请过一段时间再来。",
    "Several of your recent messages were not appropriate, so I pause for a while. Please come back later.",
)
MADE = Text("（内容由 AI 生成）", "(AI-generated)")
HIDDEN_KINDS: dict[str, Text] = {
    "phone": Text("电话号码", "Phone numbers"),
    "id_card": Text("身份证号", "Identity cards"),
    "card": Text("银行卡号", "Bank cards"),
    "mail": Text("邮箱地址", "Email addresses"),
    "address": Text("住址", "Home addresses"),
}
Where = Literal["auto", "always", "never"]
Audible = Literal["", "spoken", "tone"]


class Strikes(Strict):
    """Whoever is stopped again and again is not answered for a while."""

    most: int = setting(
        0,
        title=Text("拦下几次后暂停", "Stopped so often"),
        hint=Text("0 就是不暂停", "0: nobody is paused"),
        ge=0,
        le=100,
    )
    hours: float = setting(
        24,
        title=Text("多少小时后不再算", "Hours after which one counts no more"),
        hint=Text("够少了就又能用了", "With few enough left, they are answered again"),
        gt=0,
        le=720,
    )
    says: str = setting(
        "",
        title=Text("暂停时对他说", "Said to whoever is paused"),
        hint=Text("留空就说「{told}」", "Empty: “{told}”").fill(told=TOLD),
        widget="area",
        max_length=500,
    )


class Label(Strict):
    """GB 45438-2025 asks for a mark that people see, at the start or end of what a model wrote."""

    when: Where = setting(
        "auto",
        title=Text("标明由 AI 生成", "Say that AI wrote it"),
        hint=Text(
            "自动：在谁都能写消息、法规要求标明的平台上标明",
            "Automatic: on surfaces where anybody may write and the law asks for it",
        ),
        choices=lambda: {
            "auto": Text("自动", "Automatic"),
            "always": Text("总是", "Always"),
            "never": Text("不标（请确认合规）", "Never (make sure that you may)"),
        },
    )
    text: str = setting(
        "",
        title=Text("标识的文字", "Words of the mark"),
        hint=Text("留空就是「{made}」", "Empty: “{made}”").fill(made=MADE),
        max_length=60,
    )
    place: Literal["start", "end"] = setting(
        "end",
        title=Text("放在", "It stands"),
        hint=Text("两处都符合规定", "The law allows both"),
        choices=lambda: {"start": Text("开头", "at the start"), "end": Text("结尾", "at the end")},
    )
    pictures: bool = setting(
        True,
        title=Text("画的图在角上标明", "Words in the corner of drawn pictures"),
        hint=Text("文件里的隐式标识总是有的", "That the file itself says so is always there"),
    )
    sound: Literal["spoken", "tone", "never"] = setting(
        "spoken",
        title=Text("朗读的语音怎么标明", "What is read out begins with"),
        hint=Text(
            "按国标：说一句话，或放「短长 短短」的提示音",
            "By the standard: words, or short long, short short",
        ),
        choices=lambda: {
            "spoken": Text("先说一句话", "words that say so"),
            "tone": Text("先放提示音", "a rhythm of tones"),
            "never": Text("不标", "nothing"),
        },
    )


class Masked(Strict):
    """What models are not sent: something stands for it, and is put back in what they say."""

    kinds: list[Kept] = setting(
        [],
        title=Text("不发给模型的内容", "Not sent to models"),
        hint=Text(
            "换成标记再发，回答里再换回来；图片和录音里的换不了。一项都不选就是照常发送",
            "A mark is sent instead, and put back in the answer; not in pictures and recordings. "
            "None chosen: all is sent",
        ),
        choices=lambda: {**HIDDEN_KINDS},
        max_length=len(HIDDEN_KINDS),
    )
    tools: list[FunctionName] = setting(
        [],
        title=Text("可以拿到真实内容的工具", "Tools that get what is real"),
        hint=Text(
            "填函数名；其他会联系外面的工具只拿到标记",
            "Function names; any other tool that reaches outside gets the mark",
        ),
        widget="words",
        max_length=32,
    )

    @field_validator("kinds")
    @classmethod
    def _once(cls, kinds: list[Kept]) -> list[Kept]:
        return list(dict.fromkeys(kinds))


class Safety(Strict):
    version: Literal[1] = 1
    checks: list[AnyCheck] = Field([], max_length=MOST)
    seconds: float = setting(
        6,
        title=Text("检查最多几秒", "Seconds for all checks"),
        hint=Text(
            "每处一共；到时没查完的，按各自的「查不成的时候」",
            "At each place; what is not done by then counts as “cannot check”",
        ),
        ge=0.5,
        le=60,
    )
    says: str = setting(
        "",
        title=Text("拦下时对用户说", "Said instead of what is blocked"),
        hint=Text("留空就说「{refused}」", "Empty: “{refused}”").fill(refused=REFUSED),
        widget="area",
        max_length=500,
    )
    masking: Masked = setting(Masked(), title=Text("不给模型看", "Kept from models"))
    strikes: Strikes = setting(Strikes(), title=Text("屡次违规", "Strikes"))
    label: Label = setting(Label(), title=Text("AI 生成标识", "AI-generated mark"))
