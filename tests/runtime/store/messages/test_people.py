"""Who is whom, what is remembered of them, and that it is gone when it is forgotten."""

import asyncio
import sqlite3
import time
from contextlib import closing

import pytest

from older_tables import LATE
from runtime.answer import AnswerPart
from runtime.message import Message
from runtime.person import MOST_NOTES, Note, Summary
from runtime.store.messages import erasing, erasures, tables
from runtime.store.messages.media import KeptFile
from runtime.store.messages.messages import Messages, Outcome
from runtime.store.messages.people import CODE_SECONDS, MOST_WRONG, WRONG, WRONG_SECONDS, Face

pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.sealed_too]

HERE, THERE, OTHER = Face("p", "ann"), Face("q", "anna"), Face("p", "bob")
SECRET = "花生过敏"


@pytest.fixture
async def messages(tmp_path):
    opened = Messages(tmp_path / "messages.db")
    yield opened
    opened.close()


def note(name="过敏", value=SECRET, **more):
    return Note(name, value, **more)


async def said(messages, face, text, now=1.0, **more):
    """A whole exchange, with all that it leaves; its number."""
    seq = (
        await messages.accept(
            face.publication, Message(f"m{now}{len(text)}{text[-2:]}", face.sender, text, **more), now
        )
    ).seq
    await messages.steps.record(seq, {"m.0": {"text": text}})
    await messages.media.belong(seq, [KeptFile(f"{text}-file", "image/png", 9)])
    outcome = Outcome(f"关于{text}", 1, trace=[{"type": "model_used", "thoughts": text}])
    await messages.finish(seq, outcome, [AnswerPart(f"关于{text}")], now, "answered")
    await messages.pages.secret(seq)
    return seq


async def test_a_fact_replaces_the_one_of_its_name_and_there_are_only_so_many(messages):
    people = messages.remembered
    assert await people.keep(HERE, "a", note(), 1)
    assert await people.keep(HERE, "a", note(value="不过敏了"), 2)
    [known] = (await people.known(HERE)).notes
    assert (known.value, known.at, known.source) == ("不过敏了", 2, "said")
    assert [await people.keep(HERE, "a", note(str(n)), 3) for n in range(MOST_NOTES)] == [True] * 49 + [False]
    assert await people.keep(HERE, "a", note(value="又过敏了"), 4)
    assert [await people.drop(HERE, "过敏") for _ in range(2)] == [True, False]
    assert not (await people.known(OTHER)).notes


async def test_a_summary_goes_on_and_never_back(messages):
    people = messages.remembered
    for text, upto in (("一", 3), ("二", 5), ("旧", 4)):
        await people.sum_up(HERE, Summary(text, upto), 1)
    assert (await people.known(HERE)).summary == Summary("二", 5)
    await people.start_anew(HERE)
    assert (await people.known(HERE)).summary is None


async def test_two_surfaces_are_one_person_by_a_code_that_counts_once_and_in_time(messages):
    people = messages.remembered
    await people.keep(HERE, "a", note("城市", "北京"), 1)
    await people.keep(THERE, "a", note("城市", "上海"), 2)
    await people.keep(THERE, "a", note(), 2)
    await people.sum_up(HERE, Summary("问过茶", 1), 1)
    code = await people.give_code(HERE, "a", 10)
    assert await people.take_code(HERE, "a", code, 10) == "same"
    assert await people.take_code(THERE, "other agent", code, 10) == "wrong"
    assert await people.take_code(THERE, "a", code, 10 + CODE_SECONDS) == "wrong"
    assert await people.take_code(THERE, "a", code, 11) == "joined"
    assert await people.take_code(OTHER, "a", code, 12) == "wrong"
    for face, elsewhere in ((HERE, []), (THERE, ["问过茶"])):
        known = await people.known(face)
        assert {one.name: one.value for one in known.notes} == {"城市": "上海", "过敏": SECRET}
        assert (list(known.elsewhere), known.surfaces) == (elsewhere, 2)
    assert [await people.part(THERE, "a", 20) for _ in range(2)] == [True, False]
    assert not (await people.known(THERE)).notes
    assert len((await people.known(HERE)).notes) == 2


async def test_who_tries_codes_has_to_wait(messages):
    people = messages.remembered
    code = await people.give_code(HERE, "a", 0)
    tried = [await people.take_code(OTHER, "a", f"{n:08}", n) for n in range(WRONG + 1)]
    assert tried == ["wrong"] * WRONG + ["slow"]
    assert await people.take_code(OTHER, "a", code, WRONG) == "slow"
    again = await people.give_code(HERE, "a", WRONG_SECONDS)
    assert await people.take_code(OTHER, "a", again, WRONG_SECONDS) == "joined"


async def test_neither_a_wish_to_be_forgotten_nor_to_be_apart_gives_more_tries(messages):
    people = messages.remembered
    code = await people.give_code(HERE, "a", 0)
    for n in range(WRONG):
        assert await people.take_code(OTHER, "a", f"{n:08}", n) == "wrong"
        await people.erase(OTHER, n)
    assert await people.take_code(OTHER, "a", code, WRONG) == "slow"
    for n in range(WRONG - 1):
        await people.take_code(THERE, "a", f"{n:08}", n)
    assert await people.take_code(THERE, "a", code, WRONG) == "joined"
    assert await people.part(THERE, "a", WRONG)
    assert [await people.take_code(THERE, "a", "00000000", WRONG) for _ in "12"] == ["wrong", "slow"]


async def test_only_the_next_message_after_the_question_confirms_it(messages):
    """Also when the process died right after the question was noted, and when several came at once."""
    people = messages.remembered

    async def came(text, now):
        return (await messages.accept("p", Message(f"{text}{now}", "ann", text), now)).seq

    async def answered(seq, now):
        await messages.finish(seq, Outcome("好", 1), [AnswerPart("好")], now, "answered")

    wish, twice, never_mind = [await came(text, 10) for text in ("忘记我", "忘记我 ", "算了")]
    await people.asks(HERE, "a", 11)
    assert not await people.was_asked(HERE, wish, 11.5)
    await answered(wish, 12)
    assert not await people.was_asked(HERE, twice, 12)
    await answered(twice, 13)
    await answered(never_mind, 14)
    assert not await people.was_asked(HERE, await came("好", 20), 20)
    await people.asks(HERE, "a", 30)
    await answered(await came("忘记我", 29), 31)
    assert await people.was_asked(HERE, await came("确定", 40), 40)
    assert not await people.was_asked(HERE, await came("确定", 30.5), 40)


async def test_many_faces_together_may_not_try_more_on_their_surface(messages):
    people = messages.remembered
    code = await people.give_code(HERE, "a", 0)
    for n in range(MOST_WRONG):
        assert await people.take_code(Face("p", f"s{n}"), "a", f"{n:08}", n) == "wrong"
    assert await people.take_code(OTHER, "a", code, MOST_WRONG) == "slow"
    assert await people.take_code(OTHER, "b", code, MOST_WRONG) == "wrong"
    assert await people.take_code(THERE, "a", code, MOST_WRONG) == "joined"  # elsewhere nobody is kept out
    proof = await messages.proofs.ask(HERE, "a", "forget", MOST_WRONG)  # which is for one person alone
    assert await messages.proofs.take(HERE, "a", "forget", proof, MOST_WRONG) == "proven"
    for _ in range(WRONG):
        assert await messages.proofs.take(HERE, "a", "forget", proof, MOST_WRONG) == "wrong"
    assert await messages.proofs.take(HERE, "a", "forget", proof, MOST_WRONG) == "slow"


@pytest.mark.of_files
async def test_what_somebody_reads_just_then_is_emptied_from_the_log_as_soon_as_they_are_done(
    messages, tmp_path
):
    await said(messages, HERE, SECRET)
    log = tmp_path / "messages.db-wal"
    with closing(sqlite3.connect(tmp_path / "messages.db", isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from messages").fetchone()
        await messages.remembered.erase(HERE, 2)
        assert SECRET.encode() in log.read_bytes()
    for _ in range(100):
        if log.stat().st_size == 0:
            break
        await asyncio.to_thread(time.sleep, 0.05)
    assert log.stat().st_size == 0
    assert SECRET.encode() not in (tmp_path / "messages.db").read_bytes()


@pytest.mark.of_files
def test_whatever_holds_a_persons_words_is_on_the_list_of_what_is_erased():
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(tables.SCRIPT)
        there = [row[0] for row in db.execute("select name from sqlite_master where type='table'")]
        columns = {table: [row[1] for row in db.execute(f"pragma table_info({table})")] for table in there}
        cascades = {
            table: [row[2] for row in db.execute(f"pragma foreign_key_list({table})") if row[6] == "CASCADE"]
            for table in there
        }
    listed = [*erasing.WORDS, *erasing.FORGOTTEN, *erasing.WITH_THE_PERSON, *erasing.WORDLESS]
    assert sorted(listed) == sorted(set(there) - {"sqlite_sequence"})
    above = {table: cascades[table] for table in erasing.WITH_THE_PERSON if table != "people"}
    assert above.pop("ticket_lines") == ["tickets"]
    assert set(map(tuple, above.values())) == {("people",)}
    wordless = {
        "messages": "seq publication sender key kind state accepted_at tries version failure handoff doubt"
        " finished_at prompt_tokens completion_tokens cost owner finish",
        "parts": "seq number kind state route code at owner",
    }
    for table, emptied in erasing.WORDS.items():
        assert sorted([*emptied, *wordless[table].split()]) == sorted(columns[table])


@pytest.mark.of_files
@pytest.mark.plain("it looks for bytes that are there")
async def test_who_is_forgotten_is_gone_to_the_last_byte_and_nobody_else_is(messages, tmp_path):
    people = messages.remembered
    for n in range(40):
        await said(
            messages, (HERE, THERE, OTHER)[n % 3], f"{('花生过敏', '住在虹桥路', '别人的话')[n % 3]}{n}"
        )
    waits = (await messages.accept("p", Message("w", "ann", SECRET), 2)).seq
    wish = (await messages.accept("p", Message("x", "ann", "忘记我"), 3)).seq
    await people.keep(HERE, "a", note(), 1)
    await people.keep(OTHER, "a", note(value="别人的话"), 1)
    await people.sum_up(THERE, Summary("住在虹桥路", 9), 1)
    await people.take_code(THERE, "a", await people.give_code(HERE, "a", 1), 1)
    await messages.outbox.put("p", "ann", [("k", SECRET)], 1)
    await messages.media.upload("acc", "花生过敏0-file", "image", {"id": SECRET}, 99, 1)
    held = any(SECRET.encode() in file.read_bytes() for file in tmp_path.iterdir())
    erased = await people.erase(HERE, 4, before_seq=wish)
    assert held
    assert (erased.messages, erased.withdrawn, erased.notes) == (28, [waits], 1)
    assert sorted(erased.files)[0] == "住在虹桥路1-file"
    assert len(erased.files) == 27
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert SECRET.encode() not in left
    assert "虹桥路".encode() not in left
    assert left.count("别人的话".encode()) > 26
    assert not await messages.history("p", "ann", 99, 99)
    assert len(await messages.history("p", "bob", 99, 99)) == 13
    assert (await people.known(OTHER)).notes
    assert not (await people.known(HERE)).notes
    # What was to go out to them does not; the wish itself is answered.
    states = {one.seq: one.state for one in await messages.unfinished()}
    assert states.get(wish) == "accepted"
    assert waits not in states


async def test_a_turn_that_runs_when_its_person_is_forgotten_leaves_nothing(messages, tmp_path):
    before = await said(messages, HERE, "早先")
    arrived = Message("m", "ann", SECRET)
    seq = (await messages.accept("p", arrived, 2)).seq
    await messages.remembered.erase(HERE, 3)
    file = KeptFile("f", "image/png", 9)
    assert not await messages.media.came(seq, arrived, [file])
    await messages.media.belong(seq, [file])
    await messages.steps.record(seq, {"a.0": SECRET})
    await messages.remembered.keep(HERE, "a", note(seq=seq), 4)
    await messages.remembered.sum_up(HERE, Summary(SECRET, before), 4)
    assert await messages.steps.recall(seq, "a.0") is None
    assert await messages.media.unused({"f"}) == {"f"}
    known = await messages.remembered.known(HERE)
    assert (list(known.notes), known.summary) == ([], None)
    assert SECRET.encode() not in b"".join(one.read_bytes() for one in tmp_path.iterdir())
    # What is said from now on is remembered.
    later = await said(messages, HERE, "你好", 5.0)
    await messages.remembered.keep(HERE, "a", note(seq=later), 6)
    assert len((await messages.remembered.known(HERE)).notes) == 1


@pytest.mark.of_files
async def test_what_was_deleted_before_it_was_overwritten_goes_when_the_file_is_brought_forward(tmp_path):
    path = tmp_path / "messages.db"
    Messages(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for table in ("codes", "notes", "faces", "people", "summaries"):
            db.execute(f"drop table {table}")
        for table in ("messages", "parts"):
            db.execute(f"alter table {table} drop column owner")
        db.execute("alter table spent drop column messages")
        db.executescript(LATE)
        db.execute("pragma secure_delete=off")
        db.execute("insert into facts values('x', ?, 0)", (SECRET * 900,))
        db.execute("delete from facts")
        db.execute("pragma user_version=5")
    assert SECRET.encode() in path.read_bytes()
    Messages(path).close()
    assert SECRET.encode() not in path.read_bytes()


async def wrote_much(messages, many=2 * erasing.PIECE + 30):
    """On two surfaces, with one message under way among the oldest, and Bob's between."""
    people = messages.remembered
    waits = (await messages.accept("p", Message("w", "ann", SECRET), 1)).seq
    for n in range(many):
        await said(messages, HERE, f"{SECRET}{n}", float(n))
    for n in range(3):
        await said(messages, THERE, f"{SECRET}{n}")
        await said(messages, OTHER, f"别人的话{n}")
    await people.keep(HERE, "a", note(), 1)
    await people.take_code(THERE, "a", await people.give_code(HERE, "a", 1), 1)
    return waits, many + 4


async def words_of(messages, face):
    sql = "select seq, text, message from messages where publication=? and sender=?"
    which = (face.publication, face.sender)
    return str([tuple(row) for row in await messages.database.read(lambda db: list(db.execute(sql, which)))])


@pytest.mark.plain("it looks at rows as they stand")
async def test_of_who_wrote_much_all_that_counts_goes_at_once_and_the_words_piece_by_piece(messages, engine):
    people = messages.remembered
    waits, many = await wrote_much(messages)
    begun = await people.begin_erasing(HERE, 9)
    assert 0 < begun.messages < many
    assert (begun.withdrawn, begun.notes, begun.left) == ([waits], 1, many - begun.messages)
    assert not (await people.known(HERE)).notes
    assert (SECRET in await words_of(messages, HERE)) == (engine != "sealed")  # their key went first
    for face in (HERE, THERE):  # a turn that begins now is told nothing of what is still there
        assert await messages.history(face.publication, face.sender, 2**40, 99) == []
    later = await said(messages, HERE, "你好", 10.0)
    await people.keep(HERE, "a", note("称呼", "安", seq=later), 10)
    pieces = 0
    while more := await messages.database.write(lambda db: erasures.go_on(db, HERE)):
        assert more.messages <= erasing.PIECE
        begun.add(more)
        pieces += 1
    assert pieces > 2
    assert (begun.messages, begun.left, len(begun.files)) == (many, 0, many - 4)
    for face in (HERE, THERE):
        assert SECRET not in await words_of(messages, face)
    assert [one.text for one in await messages.history("p", "ann", 2**40, 99)] == ["你好"]
    assert [one.name for one in (await people.known(HERE)).notes] == ["称呼"]
    assert len(await messages.history("p", "bob", 2**40, 99)) == 3


@pytest.mark.plain("it looks at rows as they stand")
async def test_what_a_crash_or_a_stop_breaks_off_is_told_to_no_turn_and_goes_on(messages, engine):
    people = messages.remembered
    _, many = await wrote_much(messages)
    begun = await people.begin_erasing(HERE, 9)
    assert [await people.stop_erasing(HERE) for _ in "12"] == [True, False]
    await people.finish_erasing()  # as at a start
    assert (SECRET in await words_of(messages, HERE)) == (engine != "sealed")  # their key went first
    assert await messages.history("p", "ann", 2**40, 99) == []
    [work] = await messages.database.read(erasures.every)
    assert (work.stopped, work.done, work.of) == (True, 0, many)
    assert begun.left
    assert (await people.begin_erasing(HERE, 10)).left  # and the program dies
    await people.finish_erasing()
    assert SECRET not in await words_of(messages, HERE)
    assert await messages.database.read(erasures.every) == []
    again = await people.erase(HERE, 11)
    assert again.left == 0
