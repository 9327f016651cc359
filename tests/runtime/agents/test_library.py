import errno
import json
import os
import threading
from dataclasses import dataclass

import pytest

from runtime import files, trash
from runtime.agents.agent import Agent
from runtime.agents.library import Library
from runtime.errors import BadAgent, Conflict, NotFound, NotSaved
from runtime.lang import Text

BLANK = {
    "format": 1,
    "id": "blank",
    "name": "新的智能体",
    "flow": [{"type": "reply", "id": "say", "text": "你好"}],
}
TEA = BLANK | {"id": "tea-shop", "name": "茶铺客服"}


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


@pytest.fixture
def library(tmp_path):
    for data in (BLANK, TEA):
        write(tmp_path / "starters" / f"{data['id']}.zh.json", data)
        write(tmp_path / "starters" / f"{data['id']}.en.json", data | {"language": "en", "name": "Tea"})
    return Library(tmp_path / "agents", tmp_path / "starters")


def agent(**more):
    return Agent.load(TEA | more)


def litter(folder):
    return sorted(path.name for path in folder.iterdir())


# Reading


def test_an_empty_library_has_no_agents(library):
    assert library.list() == ([], [])


def test_a_saved_agent_is_a_readable_file_of_what_was_decided(library):
    library.save(agent())
    text = (library.folder / "tea-shop.json").read_bytes().decode("utf-8")
    assert text.endswith("}\n")
    assert '\n  "name": "茶铺客服",\n' in text
    assert json.loads(text) == TEA
    assert library.get("tea-shop").agent == agent()


def test_the_last_changed_agent_is_listed_first(library):
    for age, id in enumerate(["b", "c", "a"]):
        library.save(agent(id=id))
        os.utime(library.folder / f"{id}.json", (1000 - age, 1000 - age))
    assert [file.agent.id for file in library.list().agents] == ["b", "c", "a"]


WHOLE = json.dumps(TEA, ensure_ascii=False).encode()


@dataclass
class Broken:
    id: str
    content: bytes
    reason: str


BROKEN = [
    Broken("empty", b"", "空"),
    Broken("blanks", b" \n", "空"),
    *(Broken(f"cut at {n}0%", WHOLE[: len(WHOLE) * n // 10], "") for n in range(1, 10)),
    Broken("a tail", WHOLE + b"}", "第 1 行"),
    Broken("NaN", b'{"format": NaN}', "NaN"),
    Broken("infinite", b'{"format": 1e999}', "1e999"),
    Broken("twice", WHOLE.replace(b"{", b'{"id": "other", ', 1), "「id」写了两次"),
    Broken("another format", json.dumps(TEA | {"format": 2}).encode(), "升级"),
    Broken("an unknown field", json.dumps(TEA | {"owner": "me"}).encode(), "owner：不认识的字段"),
    Broken("an unknown block", json.dumps(TEA | {"flow": [{"type": "x"}]}).encode(), "「x」"),
    Broken("no UTF-8", b"\xff" + WHOLE, "UTF-8"),
    Broken("GBK", json.dumps(TEA, ensure_ascii=False).encode("gbk"), "UTF-8"),
    Broken("a list", b"[]", "对象"),
    Broken("deep", b'{"a":' * 100 + b"1" + b"}" * 100, "嵌套"),
    Broken("too deep for Python", b"[" * 5000 + b"]" * 5000, "嵌套"),
    Broken("another id", json.dumps(TEA | {"id": "other"}).encode(), "other"),
    Broken("a half character", WHOLE.replace("铺".encode(), rb"\ud800"), "字符"),
]


@pytest.mark.parametrize("case", BROKEN, ids=lambda c: c.id)
def test_a_broken_file_is_told_and_hides_no_other(library, case):
    library.save(agent(id="good"))
    (library.folder / "tea-shop.json").write_bytes(case.content)
    agents, broken = library.list()
    assert [file.agent.id for file in agents] == ["good"]
    assert [file.id for file in broken] == ["tea-shop"]
    assert case.reason in broken[0].reason.zh
    with pytest.raises(BadAgent):
        library.get("tea-shop")


def test_files_that_are_no_agents_by_name_are_told_too(library, tmp_path):
    library.save(agent())
    for name in ("My Agent.json", "副本.json"):
        (library.folder / name).write_bytes(WHOLE)
    (library.folder / "folder.json").mkdir()
    write(tmp_path / "elsewhere.json", TEA | {"id": "link"})
    (library.folder / "link.json").symlink_to(tmp_path / "elsewhere.json")
    (library.folder / ".hidden.json").write_bytes(b"")
    assert [file.id for file in library.list().broken] == ["My Agent", "folder", "link", "副本"]


def test_a_byte_order_mark_is_tolerated(library):
    library.folder.mkdir()
    (library.folder / "tea-shop.json").write_bytes(b"\xef\xbb\xbf" + WHOLE)
    assert library.get("tea-shop").agent == agent()


NO_IDS = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "/etc/passwd",
    "con\n",
    "A",
    "茶",
    "a.b",
    "x" * 65,
    "a\0",
    "C:x",
]


@pytest.mark.parametrize("id", NO_IDS)
def test_what_is_no_id_never_becomes_a_path(library, tmp_path, id):
    write(tmp_path / "x.json", TEA)
    tries = [
        library.get, library.open, library.export, library.duplicate, library.delete, library.drop_draft,
        library.starter, library.restore,
        lambda id: library.keep_draft(id, {}, ""), lambda id: library.rename(id, "x"),
        lambda id: library.create(id or "../x"),
    ]  # fmt: skip
    for attempt in tries:
        with pytest.raises(NotFound):
            attempt(id)
    assert (tmp_path / "x.json").exists()


# Saving


def test_the_second_of_two_editors_is_told(library):
    start = library.save(agent())
    library.save(agent(name="甲改的"), start)
    with pytest.raises(Conflict):
        library.save(agent(name="乙改的"), start)
    assert library.get("tea-shop").agent.name == "甲改的"


def test_an_edit_by_hand_is_not_overwritten(library):
    start = library.save(agent())
    write(library.folder / "tea-shop.json", TEA | {"name": "手改的"})
    with pytest.raises(Conflict):
        library.save(agent(name="页面改的"), start)


def test_an_agent_that_is_there_or_gone_is_not_overwritten(library):
    start = library.save(agent())
    with pytest.raises(Conflict, match="elsewhere"):
        library.save(agent(name="另一个"))
    library.delete("tea-shop")
    with pytest.raises(Conflict, match="deleted"):
        library.save(agent(), start)


def test_of_many_savers_at_once_one_wins(library):
    start = library.save(agent())
    outcomes = []

    def save(number):
        try:
            outcomes.append(library.save(agent(name=f"第 {number} 个"), start))
        except Conflict:
            outcomes.append(None)

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [o for o in outcomes if o] == [library.get("tea-shop").revision]


@pytest.mark.parametrize("call", ["fsync", "open"])
def test_a_full_disk_leaves_the_old_file_and_no_litter(library, monkeypatch, call):
    start = library.save(agent())

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, call, full)
    with pytest.raises(NotSaved, match="No space left"):
        library.save(agent(name="新的"), start)
    monkeypatch.undo()
    assert library.get("tea-shop").agent == agent()
    assert litter(library.folder) == ["tea-shop.json"]


# Drafts


def test_a_draft_that_does_not_validate_is_kept_and_its_problems_are_told(library):
    start = library.save(agent())
    library.keep_draft("tea-shop", TEA | {"name": "", "flow": [{"type": "reply", "id": "say"}]}, start)
    opened = library.open("tea-shop")
    assert (opened.is_draft, opened.file_changed, opened.revision) == (True, False, start)
    assert [problem.field for problem in opened.problems] == ["name", "flow.0.text"]
    assert library.get("tea-shop").agent == agent()


def test_saving_ends_the_draft(library):
    start = library.save(agent())
    library.keep_draft("tea-shop", TEA | {"name": ""}, start)
    library.save(agent(name="改好了"), start)
    assert library.open("tea-shop").data["name"] == "改好了"
    assert not library.open("tea-shop").is_draft


def test_a_dropped_draft_shows_the_file_again(library):
    library.keep_draft("tea-shop", TEA | {"name": ""}, library.save(agent()))
    library.drop_draft("tea-shop")
    assert library.open("tea-shop").data == TEA


def test_a_draft_says_that_the_file_moved_on_and_cannot_overwrite_it(library):
    start = library.save(agent())
    library.keep_draft("tea-shop", TEA | {"name": "草稿"}, start)
    write(library.folder / "tea-shop.json", TEA | {"name": "git 里的"})
    opened = library.open("tea-shop")
    assert opened.file_changed
    with pytest.raises(Conflict):
        library.save(Agent.load(opened.data), opened.revision)


def test_a_file_broken_by_hand_can_be_opened_and_repaired(library):
    library.save(agent())
    write(library.folder / "tea-shop.json", TEA | {"id": "other", "nmae": "x"})
    opened = library.open("tea-shop")
    assert [problem.field for problem in opened.problems] == ["nmae", "id"]
    repaired = {key: value for key, value in opened.data.items() if key != "nmae"}
    library.save(Agent.load(repaired), opened.revision)
    assert library.list().broken == []


@pytest.mark.parametrize("content", [b"{", b"[]"])
def test_what_is_no_object_cannot_be_opened(library, content):
    library.folder.mkdir()
    (library.folder / "tea-shop.json").write_bytes(content)
    with pytest.raises(BadAgent):
        library.open("tea-shop")


# New agents


@dataclass
class New:
    id: str
    starter: str | None
    name: str
    expect: list


NEW = [
    New("blank", None, "", ["agent", "agent-2", "agent-3"]),
    New("from a starter", "tea-shop", "", ["tea-shop", "tea-shop-2", "tea-shop-3"]),
    New("a Chinese name", "tea-shop", "三里屯茶铺", ["tea-shop", "tea-shop-2", "tea-shop-3"]),
    New("a latin name", None, "Tea & Co. 2!", ["tea-co-2", "tea-co-3", "tea-co-4"]),
    New("a hostile name", None, "../../ETC/passwd\n", ["etc-passwd", "etc-passwd-2", "etc-passwd-3"]),
    New("a long name", None, "x" * 60, ["x" * 40, "x" * 40 + "-2", "x" * 40 + "-3"]),
]


@pytest.mark.parametrize("case", NEW, ids=lambda c: c.id)
def test_ids_of_new_agents_are_readable_and_free(library, case):
    created = [library.create(case.starter, "zh", case.name).agent for _ in range(3)]
    assert [agent.id for agent in created] == case.expect
    assert {agent.name for agent in created} == {
        case.name.strip() or library.starter(case.starter or "blank").name
    }


def test_a_new_agent_does_not_inherit_the_draft_of_a_lost_one(library):
    library.keep_draft("tea-shop", TEA | {"name": "旧的"}, library.save(agent()))
    (library.folder / "tea-shop.json").unlink()
    assert library.create("tea-shop").agent.id == "tea-shop-2"
    assert library.open("tea-shop").data["name"] == "旧的"


def test_starters_come_in_a_language_and_without_the_blank_one(library):
    assert [(a.id, a.language) for a in library.starters("zh")] == [("tea-shop", "zh")]
    assert [(a.id, a.language) for a in library.starters("en")] == [("tea-shop", "en")]


def test_a_starter_that_is_there_in_one_language_only_is_offered_in_no_other(library):
    there = next(library._starters.glob("tea-shop.zh.json"))
    there.with_name("only-here.zh.json").write_bytes(there.read_bytes().replace(b"tea-shop", b"only-here"))
    assert [agent.id for agent in library.starters("zh")] == ["only-here", "tea-shop"]
    assert [agent.id for agent in library.starters("en")] == ["tea-shop"]


def test_a_copy_has_its_own_id_and_says_that_it_is_one(library):
    library.save(agent(name="很" * 60))
    copy = library.duplicate("tea-shop").agent
    assert (copy.id, copy.name) == ("tea-shop-2", "很" * 57 + " 副本")
    assert library.duplicate("tea-shop-2").agent.id == "tea-shop-3"


@pytest.mark.parametrize("begun_from", [None, ""])
def test_what_was_deleted_meanwhile_gets_no_draft(library, begun_from):
    revision = library.save(agent())
    token = library.delete("tea-shop")
    with pytest.raises(Conflict, match="deleted elsewhere"):
        library.keep_draft("tea-shop", TEA | {"name": ""}, revision, begun_from)
    library.restore(token)
    assert not library.open("tea-shop").is_draft


def test_renaming_keeps_the_id_and_reaches_the_draft(library):
    library.keep_draft("tea-shop", TEA | {"flow": [{}]}, library.save(agent()))
    renamed = library.rename("tea-shop", " 新名字 ")
    opened = library.open("tea-shop")
    assert (renamed.agent.name, renamed.agent.id) == ("新名字", "tea-shop")
    assert (opened.data["name"], opened.is_draft, opened.file_changed) == ("新名字", True, False)


def test_renaming_does_not_hide_that_the_file_moved_on(library):
    start = library.save(agent())
    library.keep_draft("tea-shop", TEA | {"flow": [{}]}, start)
    other = agent(description="改过").to_json()
    (library.folder / "tea-shop.json").write_text(json.dumps(other), encoding="utf-8")
    library.rename("tea-shop", "新名字")
    opened = library.open("tea-shop")
    assert (opened.is_draft, opened.revision, opened.file_changed) == (True, start, True)


def test_an_empty_name_is_refused(library):
    library.save(agent())
    with pytest.raises(BadAgent, match="名称：不能为空 / Name: should not be empty"):
        library.rename("tea-shop", "  ")


# Deleting


def test_a_deleted_agent_comes_back_with_its_draft(library):
    library.keep_draft("tea-shop", TEA | {"name": ""}, library.save(agent()))
    token = library.delete("tea-shop")
    assert library.list() == ([], [])
    with pytest.raises(NotFound):
        library.open("tea-shop")
    assert library.restore(token) == "tea-shop"
    assert library.get("tea-shop").agent == agent()
    assert library.open("tea-shop").is_draft


def test_a_deleted_agents_id_is_nobody_elses_afterwards(library):
    library.save(agent())
    text = library.export("tea-shop")
    library.delete("tea-shop")
    assert library.import_(text).id == "tea-shop-2"
    library.delete("tea-shop-2")
    assert library.create("blank", name="Tea shop").agent.id == "tea-shop-3"


def test_a_deletion_is_undone_once(library):
    library.save(agent())
    token = library.delete("tea-shop")
    library.restore(token)
    with pytest.raises(NotFound):
        library.restore(token)


def test_an_undoing_that_broke_off_can_be_asked_for_again(library, monkeypatch):
    library.keep_draft("tea-shop", TEA | {"name": "草稿"}, library.save(agent()))
    token = library.delete("tea-shop")

    def full(path, to):
        if path.exists():
            raise NotSaved(Text("磁盘满了", "the disk is full"))

    with monkeypatch.context() as disk:
        disk.setattr(trash, "_moved", full)
        with pytest.raises(NotSaved):
            library.restore(token)
    assert library.restore(token) == "tea-shop"
    assert library.get("tea-shop").agent == agent()
    assert library.open("tea-shop").data["name"] == "草稿"


def test_undoing_does_not_overwrite_a_newer_agent(library):
    library.save(agent())
    token = library.delete("tea-shop")
    library.save(agent(name="新来的"))
    with pytest.raises(Conflict):
        library.restore(token)
    assert library.get("tea-shop").agent.name == "新来的"


def test_a_broken_file_can_be_deleted_and_comes_back_as_it_was(library):
    library.folder.mkdir()
    (library.folder / "tea-shop.json").write_bytes(b"{half")
    library.restore(library.delete("tea-shop"))
    assert (library.folder / "tea-shop.json").read_bytes() == b"{half"


# Import and export


def test_what_is_exported_can_be_imported(library):
    library.save(agent())
    imported = library.import_(library.export("tea-shop"))
    assert imported == agent(id="tea-shop-2")
    assert library.get("tea-shop-2").agent == imported


@pytest.mark.parametrize("case", [c for c in BROKEN if c.id not in {"another id"}], ids=lambda c: c.id)
def test_what_is_broken_is_not_imported(library, case):
    with pytest.raises(BadAgent) as caught:
        library.import_(case.content.decode("utf-8", "surrogateescape"))
    assert case.id in {"no UTF-8", "GBK"} or case.reason in caught.value.text.zh
    assert library.list() == ([], [])


def test_a_huge_file_is_not_imported(library):
    with pytest.raises(BadAgent, match="25 MB"):
        library.import_('{"name": "' + "x" * 25 * 1024 * 1024 + '"}')


@pytest.mark.parametrize("id", ["con", "aux", "nul", "prn", "com1", "lpt9"])
def test_no_new_agent_is_called_as_a_device_of_windows(library, id):
    text = json.dumps({"id": id, "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]})
    with pytest.raises(BadAgent, match=id) as refused:
        library.import_(text)
    assert refused.value.field == "id"
    assert library.list().agents == []


def test_a_name_that_would_make_such_an_id_gets_another(library):
    assert library.create(None, "en", "Con").agent.id == "con-agent"
    assert library.create(None, "en", "Contact").agent.id == "contact"


def test_one_that_is_there_already_can_be_read_and_saved(library):
    data = {"format": 1, "id": "con", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]}
    write(library.folder / "con.json", data)
    file = library.get("con")
    library.save(file.agent.model_copy(update={"name": "新店"}), file.revision)
    assert library.get("con").agent.name == "新店"
    assert library.duplicate("con").agent.id == "con-2"
