"""One person, many doors: what is known crosses by a code that was given and typed, and by nothing else."""

import random
from dataclasses import dataclass, field

from builder.insights._scoped import SomePeople
from runtime.message import Message
from runtime.person import Note, Summary
from runtime.store.messages import people
from runtime.store.messages.messages import Messages
from runtime.store.messages.people import Face
from runtime.store.messages.people_list import Door, PeopleList

DOORS, PEOPLE, STEPS = ("wechat", "web", "api"), 2, 6
INTERLEAVINGS, AT_ONCE = 10_000, 500
AGENT = "shop"


@dataclass
class Told:
    """What should be known, by the plainest of means."""

    group: dict = field(default_factory=dict)
    """Of each face, the number of the person whose it is."""
    notes: dict = field(default_factory=dict)
    """Of each person."""
    summaries: dict = field(default_factory=dict)
    """Of each face."""
    codes: dict = field(default_factory=dict)
    """The newest of each person, and until when it holds."""
    numbers: int = 0

    def of(self, face):
        if face not in self.group:
            self.numbers += 1
            self.group[face] = self.numbers
            self.notes[self.numbers] = {}
        return self.group[face]

    def take(self, face, code, now):
        """Who becomes one with whom."""
        mine = self.of(face)
        given = next((one for one, (said, until) in self.codes.items() if said == code and until > now), None)
        if given is None or given == mine:
            return
        del self.codes[given]
        self.codes.pop(mine, None)
        for name, (value, at) in self.notes.pop(mine).items():
            if name not in self.notes[given] or self.notes[given][name][1] < at:
                self.notes[given][name] = (value, at)
        for one, number in self.group.items():
            if number == mine:
                self.group[one] = given

    def part(self, face):
        if sum(number == self.group.get(face) for number in self.group.values()) > 1:
            self.group.pop(face)
            self.of(face)

    def known(self, face):
        mine = self.group.get(face)
        notes = {name: value for name, (value, _) in self.notes.get(mine, {}).items()}
        others = (
            {one for one, number in self.group.items() if number == mine and one != face} if mine else set()
        )
        elsewhere = sorted(self.summaries[one] for one in others if one in self.summaries)
        return notes, self.summaries.get(face, ""), elsewhere


def walked(db, seed):
    """One interleaving: each step is followed by a look at somebody."""
    dice, told = random.Random(seed), Told()
    faces = [Face(f"{door}{seed}", f"p{n}") for door in DOORS for n in range(PEOPLE)]
    given = ["00000000"]
    for now in range(1, STEPS + 1):
        face = dice.choice(faces)
        match dice.choice(("note", "note", "sum", "give", "give", "take", "take", "take", "part")):
            case "note":
                note = Note(dice.choice(("name", "likes")), f"{face.sender} {now}", at=float(now))
                people.keep_note(db, people.made_person(db, face, AGENT, now), note)
                told.notes[told.of(face)][note.name] = (note.value, note.at)
            case "sum":
                people.sum_up(db, face, Summary(f"{face.sender} {now}", now), now)
                told.summaries[face] = f"{face.sender} {now}"
            case "give":
                given.append(people.give_code(db, face, AGENT, now))
                told.codes[told.of(face)] = (given[-1], now + people.CODE_SECONDS)
            case "take":
                code = dice.choice(given[-2:])
                people.take_code(db, face, AGENT, code, now)
                told.take(face, code, now)
            case "part":
                people.part(db, face, AGENT, now)
                told.part(face)
        seen = dice.choice(faces)
        known = people.known(db, seen)
        notes = {note.name: note.value for note in known.notes}
        summary = known.summary.text if known.summary else ""
        assert (notes, summary, sorted(one for one in known.elsewhere)) == told.known(seen), (seed, now)


def many(db, first):
    for seed in range(first, first + AT_ONCE):
        walked(db, seed)
        for table in ("codes", "notes", "summaries", "faces", "people"):
            db.execute(f"delete from {table}")


async def test_ten_thousand_interleavings_leak_nothing(tmp_path):
    messages = Messages(tmp_path / "messages.db")
    try:
        for first in range(0, INTERLEAVINGS, AT_ONCE):
            await messages.database.write(lambda db, first=first: many(db, first))
    finally:
        messages.close()


async def test_an_operator_sees_where_else_somebody_writes_and_of_others_nothing(tmp_path):
    messages = Messages(tmp_path / "messages.db")
    here, there, other = Face("p", "ann"), Face("q", "anna"), Face("q", "bob")
    try:
        for n, face in enumerate((here, there, there, other)):
            await messages.accept(face.publication, Message(f"m{n}", face.sender, "你好"), float(n))
        code = await messages.remembered.give_code(here, AGENT, 10.0)
        assert PeopleList(tmp_path / "messages.db").doors(here) == []
        assert await messages.remembered.take_code(there, AGENT, code, 11.0) == "joined"
        await messages.remembered.give_code(other, AGENT, 12.0)
        found = PeopleList(tmp_path / "messages.db")
        assert found.doors(here) == [Door("q", "anna", 3, 2.0)]
        assert found.doors(there) == [Door("p", "ann", 1, 0.0)]
        assert found.doors(other) == []
        assert SomePeople(found, frozenset({"p"})).doors(here) == [], "another's agents are another's"
        await messages.remembered.part(there, AGENT, 13.0)
        assert found.doors(here) == []
    finally:
        messages.close()
