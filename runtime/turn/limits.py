"""What one message, one person and everybody may take of an agent."""

from runtime.lang import Text
from runtime.schema import Strict, setting


class Limits(Strict):
    """Bounds on one turn, and on what one person may write."""

    seconds: int = setting(
        120,
        title=Text("一轮最长（秒）", "Seconds per turn"),
        hint=Text("到了就说「出错时」那句话", "Then it says what stands under “On failure”"),
        ge=5,
        le=600,
    )
    rounds: int = setting(
        12,
        title=Text("模型最多调用几次", "Model rounds per turn"),
        hint=Text("一条消息里，防止来回不停", "For one message, so that it does not go round and round"),
        ge=1,
        le=50,
    )
    tokens: int = setting(
        100_000,
        title=Text("一轮最多 token", "Tokens per turn"),
        hint=Text("到了就停，防止花钱没底", "It stops there, so that no message costs without end"),
        ge=100,
        le=2_000_000,
    )
    file_tokens: int = setting(
        6000,
        title=Text("文件最多给模型看多少 token", "Tokens of files that a model is shown"),
        hint=Text(
            "更长的只给和问题有关的段落", "Of longer ones the passages that fit the question are given"
        ),
        ge=0,
        le=200_000,
    )
    messages_per_minute: int = setting(
        60,
        title=Text("每人每分钟最多几条消息", "Messages per person and minute"),
        hint=Text("多出来的不回答", "More are not answered"),
        ge=1,
        le=10_000,
    )
    messages_per_day: int = setting(
        2000,
        title=Text("每人每天最多几条消息", "Messages per person and day"),
        hint=Text(
            "用完后当天只说一次「今天的额度用完时」那句；一天从智能体时区的零点算起",
            "After that they are told once that the budget is used up, until the agent's midnight",
        ),
        ge=1,
        le=1_000_000,
    )
    tokens_per_day: int = setting(
        2_000_000,
        title=Text("每人每天最多 token", "Tokens per person and day"),
        hint=Text(
            "用完之后告诉他今天的用完了，不再调用模型；API 密钥另有自己的额度",
            "Beyond that they are told so and no model is called until midnight; API keys have their own",
        ),
        ge=100,
        le=1_000_000_000,
    )
    money_per_day: float | None = setting(
        None,
        title=Text("每人每天最多几美元", "US dollars per person and day"),
        hint=Text("只算知道价格的模型；价格在「模型」页填", "Of models with a price, see the Models page"),
        ge=0,
        le=1_000_000,
    )
    all_messages_per_day: int | None = setting(
        None,
        title=Text("所有人每天一共最多几条消息", "Messages of everybody per day"),
        hint=Text("用完后当天只说「今天的额度用完时」那句", "After that it says that the budget is used up"),
        ge=1,
        le=1_000_000_000,
    )
    all_tokens_per_day: int | None = setting(
        None,
        title=Text("所有人每天一共最多 token", "Tokens of everybody per day"),
        hint=Text("一天从智能体时区的零点算起", "A day begins at midnight in the agent's time zone"),
        ge=100,
        le=1_000_000_000_000,
    )
    all_money_per_day: float | None = setting(
        None,
        title=Text("所有人每天一共最多几美元", "US dollars of everybody per day"),
        hint=Text(
            "用完后当天只说「今天的额度用完时」那句",
            "After that it says for the day that the budget is used up",
        ),
        ge=0,
        le=1_000_000,
    )
