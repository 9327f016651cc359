"""How a conversation goes on that waits in the middle of its flow."""

from runtime.lang import Text
from runtime.schema import Strict, setting


class WaitSettings(Strict):
    """How a conversation that waits in the middle of the flow goes on."""

    cancel: list[str] = setting(
        ["取消", "cancel"],
        title=Text("取消的口令", "Words to leave it"),
        hint=Text(
            "正在问他、等他的时候，用户只发这个词就不再继续，走「没做成时」",
            "Who sends only this while something is asked or waited for leaves it: the other way is taken",
        ),
        widget="words",
        max_length=10,
    )
    newer: bool = setting(
        False,
        title=Text("发布新版本后，等着的对话用新版本", "What waits goes on with a newer version"),
        hint=Text(
            "关着就用它开始时的版本走完", "Off: it goes on with the version that it began with, to its end"
        ),
    )
