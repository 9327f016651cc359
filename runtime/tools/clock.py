"""Tell the time."""

from typing import Annotated

from pydantic import Field

from runtime.errors import ToolFailed
from runtime.lang import Text
from runtime.time_zones import zone
from runtime.tools import Env, tool

WEEKDAYS = "一二三四五六日"


@tool(
    title=Text("时钟", "Clock"),
    hint=Text("现在的日期、时间和星期", "The current date, time and weekday"),
    icon="clock",
    called={"timezone": Text("时区，如 Asia/Shanghai", "Time zone, such as Europe/Berlin")},
)
def clock(
    env: Env,
    timezone: Annotated[
        str, Field(description="IANA name, e.g. Asia/Shanghai. Empty: the agent's own.")
    ] = "",
) -> dict[str, str]:
    """Tell the current date, time and weekday, here or in another time zone."""
    now = env.now
    if timezone:
        found = zone(timezone)
        if found is None:
            raise ToolFailed(
                Text(
                    "没有时区「{timezone}」，应写成 Asia/Shanghai 这样。",
                    "{timezone!r} is not a time zone; write it like Asia/Shanghai.",
                ).fill(timezone=timezone[:60])
            )
        now = now.astimezone(found)
    return {
        "date": f"{now:%Y-%m-%d}",
        "time": f"{now:%H:%M}",
        "weekday": f"{now:%A} 星期{WEEKDAYS[now.weekday()]}",
        "timezone": str(now.tzinfo),
        "utc_offset": f"{now:%z}",
    }


TOOL = clock
