"""Claim a place of what the agent shares out: a slot, a number, a piece of stock, a line in a list."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from runtime.errors import ToolFailed
from runtime.lang import Text, listed
from runtime.schema import About, Problem, Strict, setting
from runtime.shared import Claimed, Wanted
from runtime.tools import Declared, Env, Shares, Tool, checked, schema_of

LONGEST = 200
"""Characters of a key, with what it is within."""
NOT_HERE = Text(
    "名额只能在和用户的对话里占；在试聊里试。",
    "Places are claimed in a conversation; try it in the playground.",
)
UNKNOWN = Text(
    "智能体没有声明名额「{name}」，请在设置的「名额」里加上。",
    "The agent declares no places {name!r}; add them under “Places” in its settings.",
)
NO_KEY = Text("要哪一项没有写。", "Which one is missing.")
NOT_ONE = Text("没有「{key}」，有的是：{keys}。", "There is no {key!r}; there are: {keys}.")
FULL = Text("「{key}」已经没有名额了。", "No place is left of {key!r}.")
OTHERS = Text(
    "「{key}」已经没有名额了，还有：{keys}。", "No place is left of {key!r}; there still are: {keys}."
)
LESS = Text("「{key}」只剩 {left} 个名额。", "Only {left} places are left of {key!r}.")
ENOUGH = Text("一个人占不了这么多。", "That is more than one person may have.")
NONE_HELD = Text("没有占着的名额。", "No place is held.")
GONE = Text("消息已经撤回。", "The message was taken back.")
MOST_NAMED = 20
"""Keys that are named when one is full or unknown."""
DOES: Mapping[str, Text] = {
    "any": Text("由大模型决定", "As the model decides"),
    "claim": Text("占一个", "Claim one"),
    "release": Text("退掉", "Give back"),
    "free": Text("看还有哪些", "See what is free"),
    "mine": Text("看这个人占了哪些", "See what the person has"),
}


class Within(Strict):
    within: str = Field(
        "", description="What it is within, such as a day like 2026-12-01", max_length=LONGEST
    )


class Which(Within):
    key: str = Field("", description="Which one, as it is named", max_length=LONGEST)


class Wish(Which):
    places: int = Field(1, description="How many", ge=1, le=1_000_000)


class Anything(Wish):
    action: Literal["claim", "release", "free", "mine"] = Field(
        description="claim a place, release the person's own, see which are free, or what the person has"
    )


ARGUMENTS: Mapping[str, type[Within]] = {
    "any": Anything, "claim": Wish, "release": Which, "free": Within, "mine": Within,
}  # fmt: skip


class Claim(Tool):
    """Claim a place for the person who writes, give theirs back, see what is free, or what they have.

    A place that was claimed is nobody else's. Never say that one is theirs before this says so.
    """

    about: ClassVar[About] = About(
        Text("名额", "Places"),
        Text(
            "预约时段、排号、库存、报名：一个名额只给一个人",
            "Slots, numbers, stock, lists: each place goes to one person alone",
        ),
        "check",
    )
    called: ClassVar[Mapping[str, Text]] = {
        "within": Text("在哪一组里，如日期", "Within what, such as the day"),
        "key": Text("哪一个，如 10:00", "Which one, such as 10:00"),
        "places": Text("要几个", "How many"),
        "action": Text("做什么", "What to do"),
    }
    type: Literal["claim"]
    of: str = setting(
        title=Text("哪一种名额", "Places of"),
        hint=Text("在设置的「名额」里添加", "Added under “Places” in the settings"),
        widget="shared",
        max_length=64,
    )
    does: Literal["any", "claim", "release", "free", "mine"] = setting(
        "any",
        title=Text("做什么", "Does"),
        hint=Text("选定一件事更稳；由模型决定更灵活", "One thing is safer; the model's choice is freer"),
        choices=lambda: dict(DOES),
    )

    @property
    def repeatable(self) -> bool:
        """Tried again it is the same place."""
        return True

    @property
    def shares(self) -> Sequence[str]:
        return (self.of,)

    def parameters(self, known: Collection[str] = ()) -> dict[str, Any]:
        return schema_of(ARGUMENTS[self.does])

    def check(self, variables: Mapping[str, str], allowed: Collection[str]) -> Iterator[Problem]:
        if not self.of.strip():
            yield Problem("of", Text("选一种名额", "choose which places"))

    async def call(self, arguments: Mapping[str, Any], env: Env) -> Any:
        given = checked(ARGUMENTS[self.does], arguments)
        if env.shared is None:
            raise ToolFailed(NOT_HERE)
        one = env.shared.declared.get(self.of)
        if one is None:
            raise ToolFailed(UNKNOWN.fill(name=self.of))
        does = given.action if isinstance(given, Anything) else self.does
        using = _Use(one, env.shared.shares, env.once)
        if does == "mine":
            return await using.mine(given.within)
        if does == "free":
            return await using.free(given.within)
        if isinstance(given, Wish) and does == "claim":
            return await using.claim(given)
        return await using.release(given) if isinstance(given, Which) else None


class _Use:
    """One use of one thing that is shared."""

    def __init__(self, one: Declared, shares: Shares, once: str) -> None:
        self._one, self._shares, self._once = one, shares, once

    async def claim(self, wish: Wish) -> dict[str, Any]:
        one, key = self._one, self._key(wish)
        wanted = Wanted(one.name, key, wish.places, one.places, one.each, one.most)
        claimed = await self._shares.claim(wanted, self._once)
        if claimed.outcome in ("taken", "again"):
            return {
                "key": key,
                "number": claimed.number,
                "ahead": claimed.ahead,
                "places": claimed.held,
                "left": claimed.left,
                "again": claimed.outcome == "again",
            }
        raise ToolFailed(await self._why_not(wish, key, claimed))

    async def _why_not(self, wish: Wish, key: str, claimed: Claimed) -> Text:
        if claimed.outcome != "full":
            return GONE if claimed.outcome == "gone" else ENOUGH
        if claimed.left:
            return LESS.fill(key=key, left=claimed.left)
        others = (await self.free(wish.within))["free"] if self._one.keys else []
        return OTHERS.fill(key=key, keys=listed(others[:MOST_NAMED])) if others else FULL.fill(key=key)

    async def release(self, which: Which) -> dict[str, Any]:
        """Nothing said is all that the person has."""
        is_all = not which.key.strip() and not which.within.strip()
        key = "" if is_all else self._key(which)
        freed = await self._shares.release(self._one.name, key, self._once)
        if not freed:
            raise ToolFailed(NONE_HELD)
        return {"released": freed, "key": key}

    async def mine(self, within: str) -> dict[str, Any]:
        beginning = _plain(within)
        found = [one for one in await self._shares.held(self._one.name) if _is_in(one.key, beginning)]
        told = [{"key": one.key, "number": one.number, "places": one.places} for one in found]
        return {"held": told, "keys": [one.key for one in found]}

    async def free(self, within: str) -> dict[str, Any]:
        """Of the keys that are declared, those with a place; and all that are full, as they are claimed."""
        one, beginning = self._one, _plain(within)
        names = {_whole(beginning, key): key for key in one.keys}
        rooms = {room.key: room for room in await self._shares.rooms(one.name, list(names))}
        left = {key: self._left(rooms.get(whole)) for whole, key in names.items()}
        full = await self._shares.full(one.name, one.places, beginning)
        free = [key for key, places in left.items() if places is None or places > 0]
        return {"free": free, "left": left, "full": [key for key in full if _is_in(key, beginning)]}

    def _left(self, room: Any) -> int | None:
        places = self._one.places if room is None or room.places is None else room.places
        return None if places is None else max(places - (room.taken if room else 0), 0)

    def _key(self, which: Which) -> str:
        """As it is kept: what it is within, and which one. Raises ToolFailed."""
        within, key = _plain(which.within), _plain(which.key)
        keys = self._one.keys
        if keys and not within and key not in keys:  # said in one piece
            end = next((one for one in keys if key.endswith(f" {one}")), "")
            within, key = (key.removesuffix(end).strip(), end) if end else ("", key)
        if keys and key not in keys:
            raise ToolFailed(NOT_ONE.fill(key=key or within, keys=listed(keys[:MOST_NAMED])))
        if not (whole := _whole(within, key)):
            raise ToolFailed(NO_KEY)
        return whole


def _plain(text: str) -> str:
    return " ".join(text.split())


def _whole(within: str, key: str) -> str:
    return f"{within} {key}".strip()


def _is_in(key: str, within: str) -> bool:
    return not within or key == within or key.startswith(f"{within} ")


TOOL = Claim
