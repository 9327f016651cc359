"""The passages of one base in one file: replaced whole, corrected, forgotten to the last byte."""

import random
import sqlite3
import unicodedata

import pytest

from runtime.errors import NotFound
from runtime.knowledge.index.index import Index
from runtime.knowledge.index.terms import folded, simplified, terms
from runtime.knowledge.passage import Passage

TEA = [Passage("明前龙井，每斤 800 元。", ("茶单", "绿茶"), 3), Passage("秘密配方是桂花。", ("茶单",), 4)]
SHOP = [Passage("每天九点开门。"), Passage("门店在文三路。")]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "tea.sqlite"


@pytest.fixture
def index(path):
    index = Index(path)
    index.replace("tea.md", "1", ["price", "tea"], TEA, "茶单")
    index.replace("shop.md", "2", ["shop"], SHOP)
    yield index
    index.close()


def texts(index, source="tea.md"):
    return [kept.passage.text for kept in index.passages(source)]


def found(path, term):
    with sqlite3.connect(path) as db:
        sql = "select p.text from term t join passage p on p.id=t.rowid where term match ?"
        return [text for (text,) in db.execute(sql, (f'"{term}"',))]


def test_what_was_read_is_kept_as_it_is(index):
    assert [kept.passage for kept in index.passages("tea.md")] == TEA
    assert index.digests() == {"tea.md": "1", "shop.md": "2"}
    [tea, _] = index.sources()
    assert (tea.title, tea.tags, tea.passages, tea.off) == ("茶单", ("price", "tea"), 2, 0)
    assert index.count() == 4


def test_a_source_that_changed_is_replaced_whole(index, path):
    index.replace("tea.md", "3", [], [Passage("今年没有龙井。")])
    assert texts(index) == ["今年没有龙井。"]
    assert found(path, "龙井") == ["今年没有龙井。"]
    assert found(path, "桂花") == []
    assert texts(index, "shop.md") == [one.text for one in SHOP]


def test_what_cannot_be_written_whole_is_not_written(index):
    with pytest.raises(AttributeError):
        index.replace("tea.md", "3", [], [Passage("新的。"), None])
    assert [kept.passage for kept in index.passages("tea.md")] == TEA


def test_corrections_stay_while_the_source_says_the_same(index, path):
    price, secret = index.passages("tea.md")
    index.edit(price.id, "明前龙井，每斤 900 元。")
    index.switch(secret.id, on=False)
    assert found(path, "№900") == ["明前龙井，每斤 900 元。"]
    assert found(path, "№800") == []
    index.replace("tea.md", "3", [], [Passage("新的一段。"), *TEA])
    assert [(kept.passage.text[-8:], kept.off, kept.edited) for kept in index.passages("tea.md")] == [
        ("新的一段。", False, False),
        ("每斤 900 元。"[-8:], False, True),
        ("秘密配方是桂花。", True, False),
    ]
    assert index.count() == 4
    index.edit(index.passages("tea.md")[1].id, TEA[0].text)
    assert not index.passages("tea.md")[1].edited, "as the source says it"


def test_a_passage_that_is_not_there_is_named(index):
    for change in (lambda: index.edit(99, "x"), lambda: index.switch(99, on=True), lambda: index.passage(99)):
        with pytest.raises(NotFound, match="99"):
            change()


def test_what_is_removed_leaves_no_byte(index, path):
    index.replace("tea.md", "3", ["price"], [*TEA, Passage("秘密配方也可以是茉莉。")])
    index.edit(index.passages("tea.md")[1].id, "秘密配方被改成桂圆。")
    index.remove("tea.md")
    index.remove("never.md")
    left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    for gone in ("tea.md", "茶单", "price", "龙井", "秘密", "桂花", "茉莉", "桂圆", "№800"):
        assert gone.encode() not in left, gone
    assert "文三路".encode() in left


@pytest.mark.parametrize("harm", ["garbage", "half", "older", "tables"])
def test_a_file_that_cannot_be_used_is_made_anew_and_told(path, harm, caplog):
    with_one = Index(path)
    with_one.replace("tea.md", "1", [], TEA * 50)
    with_one.scrub()
    with_one.close()
    if harm == "garbage":
        path.write_bytes(b"no database at all" * 1000)
    elif harm == "half":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        with sqlite3.connect(path) as db:
            db.execute("pragma user_version=77" if harm == "older" else "drop table source")
    index = Index(path)
    assert index.digests() == {}
    assert "made anew from its sources" in caplog.text
    index.replace("tea.md", "1", [], TEA)
    assert texts(index) == [one.text for one in TEA]
    index.close()


def test_hostile_text_is_kept_as_text(index):
    index.replace('"; drop table source', "9", ["a\0b"], [Passage("\ud83d\0 NEAR(a b) OR *", ("\udc00",))])
    [kept] = index.passages('"; drop table source')
    assert kept.passage == Passage("\ufffd NEAR(a b) OR *", ("\ufffd",))


FOLDED = [
    ("traditional", "退換貨與運費", "退换货与运费"),
    ("full width", "ＡＢＣ１２３", "abc123"),
    ("half kana", "ｶﾀｶﾅ", "カタカナ"),
    ("capitals", "WeChat ЁЛКА", "wechat ёлка"),
    ("numerals", "七天", "7 天"),
    ("many", "三百六十五天", "365 天"),
    ("years", "二〇二六年", "2026年"),
    ("thousands", "12,000 元", "12000 元"),
    ("names", "RS-485 iPhone15", "rs485 iphone 15"),
    ("endings", "refunds returned charging", "refund returns charge"),
]


@pytest.mark.parametrize(("one", "other"), [case[1:] for case in FOLDED], ids=[case[0] for case in FOLDED])
def test_alike_things_are_found_by_the_same_terms(one, other):
    shared = terms(one).all.keys() & terms(other).all.keys()
    assert len(shared) >= len(one.split()), shared


def test_signs_are_folded_by_unicodes_rules_alone_and_beside_others():
    signs = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x30000)) if chr(code).isprintable()]
    some = random.Random(1).sample(signs, 9000)
    joining = ["ﾊﾞ", "각", "각", "é", "ဦ", "ｶﾞｷﾞ", "ﾡￂ", "ΑΣ", "İ", "㍿", "ﬁ", "①"]
    threes = ["".join(some[start : start + 3]) for start in range(0, len(some), 3)]
    for text in (*joining, *threes, *(unicodedata.normalize("NFD", three) for three in threes)):
        by_rule = unicodedata.normalize("NFKC", text).casefold().translate(simplified())
        assert folded(text) == by_rule, ascii(text)


def test_numbers_and_names_are_exact():
    assert not {"№35", "3", "5"} & terms("3.5 升").all.keys()
    assert not terms("A100").all.keys() & terms("A1000 B100").all.keys()
    assert terms("007").words == ["007"]


def test_scripts_without_borders_are_read_in_pairs():
    assert terms("お茶を飲む").pairs == ["お茶", "茶を", "を饮", "饮む"]
    assert terms("한국어").pairs == ["한국", "국어"]
    assert terms("ภาษา").pairs
    assert terms("茶").singles == ["茶"]
