"""Whatever people do at five doors, and in whatever order, a model is shown what its person may see, and that
whole; on the way from a call of a platform's to the question."""

import asyncio
import random
import re
from dataclasses import dataclass, field

import pytest
from five_doors import DOORS, house

PEOPLE, STEPS = ("ann", "bob", "cat", "dan", "eve", "fay"), 75
NAMES = ("忌口", "爱好", "城市")
MARK = re.compile(r"(?:ann|bob|cat|dan|eve|fay)(?:wechat|telegram|web|api|email)\d+号")
FACT = re.compile(r"(忌口|爱好|城市): (\S+)")


@dataclass
class Told:
    """What should be known, by the plainest of means. A face is a door and somebody."""

    group: dict = field(default_factory=lambda: {(d, who): (d, who) for d in DOORS for who in PEOPLE})
    facts: dict = field(default_factory=dict)
    said: dict = field(default_factory=dict)
    codes: dict = field(default_factory=dict)

    def known(self, face):
        return self.facts.get(self.group[face], {})

    def all_of(self, face):
        return [one for one, group in self.group.items() if group == self.group[face]]

    def join(self, face, to):
        mine, theirs = self.group[face], self.group[to]
        for name, (value, at) in self.facts.pop(mine, {}).items():
            known = self.facts.setdefault(theirs, {})
            if name not in known or known[name][1] < at:
                known[name] = value, at
        for one in self.all_of(face):
            self.group[one] = theirs
        self.codes.pop(mine, None)

    def part(self, face, n):
        if len(self.all_of(face)) > 1:
            self.group[face] = n

    def forget(self, face, n):
        self.codes.pop(self.group[face], None)
        self.facts.pop(self.group[face], None)
        for k, one in enumerate(self.all_of(face)):
            self.said.pop(one, None)
            self.group[one] = n, k


async def step(w, told, dice, n):
    """Something that somebody does at some door."""
    door, who = face = dice.choice(DOORS), dice.choice(PEOPLE)
    mark = f"{who}{door}{n}号"
    match dice.choice(("say", "say", "say", "fact", "fact", "link", "link", "part", "forget", "anew")):
        case "say":
            await w.say(door, who, f"我说{mark}")
            told.said.setdefault(face, set()).add(mark)
        case "fact":
            name = dice.choice(NAMES)
            await w.say(door, who, f"我的{name}是{mark}")
            told.facts.setdefault(told.group[face], {})[name] = mark, n
            told.said.setdefault(face, set()).add(mark)
        case "link":
            to = dice.choice([one for one in DOORS if one != door]), who
            if told.group[to] != told.group[face]:
                assert "关联好了" in await w.join(door, to[0], who)
                told.join(to, face)
        case "part":
            await w.say(door, who, "取消关联")
            told.part(face, n)
        case "forget":
            for _ in range(2):
                gone = await w.say(door, who, "忘记我")
            if "明天" not in gone:
                told.forget(face, n)
        case "anew":
            await w.say(door, who, "新对话")
            told.said.pop(face, None)


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_model_is_shown_what_its_person_may_see(seed, tmp_path):
    dice, told = random.Random(seed), Told()
    memory = {"type": "window", "turns": 100, "facts": True}
    async with house(tmp_path, limits={"messages_per_minute": 10_000}, memory=memory) as w:
        w.models.repeats = False
        for n in range(STEPS):
            await asyncio.sleep(1)  # of two facts the newer counts
            await step(w, told, dice, n)
            door, who = face = dice.choice(DOORS), dice.choice(PEOPLE)
            await w.say(door, who, "我是谁")
            system, said = w.shown()
            facts = {name: value for name, (value, _) in told.known(face).items()}
            assert dict(FACT.findall(system)) == facts, (n, face)
            assert set(MARK.findall(str(said))) == told.said.get(face, set()), (n, face)
