"""The owner's prompt templates as files."""

import pytest

from runtime.errors import BadTemplate, Conflict, NotFound
from runtime.templating.own import OwnPrompts, slug
from runtime.templating.prompts import prompts_of
from runtime.templating.template_file import LARGEST_FILE, PromptTemplate, PromptVariable, parsed


def template(id="tea", language="zh", **more):
    return PromptTemplate.model_validate(
        {"id": id, "language": language, "title": "茶", "text": "你卖{{ tea }}。", **more}
    )


@pytest.fixture
def own(tmp_path):
    return OwnPrompts(tmp_path)


def both(id="tea", **more):
    return {
        "zh": template(id, **more),
        "en": template(id, "en", title="Tea", text="You sell {{ tea }}.", **more),
    }


def test_a_file_reads_as_it_was_written():
    one = template(
        description="说",
        variables=[PromptVariable(name="tea", title="茶", default='"\n---\n{{', area=True)],
        text="第一行\n---\n{}\n---\n最后 😀",
    )
    assert parsed(one.to_file(), "tea", "zh") == one
    assert parsed("\ufeff" + one.to_file().replace("\n", "\r\n"), "tea", "zh") == one


def test_what_is_saved_is_there_for_prompts_and_what_is_taken_out_is_gone(own, tmp_path):
    first = own.save("tea", both(), "")
    assert prompts_of(tmp_path).template("tea", "en").text == "You sell {{ tea }}."
    assert own.get("tea") == both()
    second = own.save("tea", {"zh": template(text="新")}, first)
    assert list(own.get("tea")) == ["zh"]
    assert prompts_of(tmp_path).template("tea", "en").text == "新"
    assert (own.folder / "tea.zh.j2").stat().st_mode & 0o777 == 0o600
    assert own.revision("tea") == second != first
    own.remove("tea")
    assert own.ids() == set()
    with pytest.raises(NotFound):
        own.get("tea")


def test_what_would_be_lost_is_refused(own):
    own.save("tea", both(), "")
    with pytest.raises(Conflict) as taken:
        own.save("tea", both(), "")
    assert taken.value.field == "id"
    with pytest.raises(Conflict):
        own.save("tea", both(), "0" * 16)
    with pytest.raises(BadTemplate) as broken:
        own.save("tea", {"en": template("tea", "en", text="a\n{{ b")}, None)
    assert (broken.value.field, "2" in broken.value.text.en) == ("en", True)
    assert own.get("tea") == both()


@pytest.mark.parametrize("id", ["", "../x", "A", "a" * 65, "a.b", "a\n"])
def test_an_id_never_becomes_a_path(own, id):
    with pytest.raises(BadTemplate):
        own.save(id, {"zh": template()}, "")


def test_a_given_one_stays_as_it_is_and_its_name_is_nobody_elses(own, tmp_path):
    given = prompts_of(tmp_path).template("translator")
    for change in (
        lambda: own.save("translator", both("translator"), None),
        lambda: own.remove("translator"),
    ):
        with pytest.raises(Conflict):
            change()
    own.folder.mkdir()
    (own.folder / "translator.zh.j2").write_text(template().to_file())
    assert prompts_of(tmp_path).template("translator") == given
    assert own.free_id("translator") == "translator_2"


def test_what_somebody_put_there_hides_nothing(own, tmp_path):
    own.save("tea", both(), "")
    for name, content in {
        "broken.zh.j2": b"---\n",
        "latin.en.j2": b"\xff\xfe",
        "huge.zh.j2": b" " * (LARGEST_FILE + 1),
        "a.b.zh.j2": b"",
        "UP.zh.j2": b"",
        "x.fr.j2": b"",
    }.items():
        (own.folder / name).write_bytes(content)
    (own.folder / "link.zh.j2").symlink_to(tmp_path / "data")
    ids = {one.id for one in prompts_of(tmp_path).templates()}
    assert ids & {"tea", "broken", "latin", "huge", "link"} == {"tea"}
    assert own.ids() == {"tea", "broken", "latin", "huge"}
    for id in ("broken", "latin", "huge"):
        with pytest.raises(BadTemplate) as caught:
            own.get(id)
        assert id in caught.value.text.en
        own.remove(id)
    assert own.ids() == {"tea"}


def test_what_was_brought_along_takes_no_name_from_another(own):
    own.save("tea", both(), "")
    assert own.take_in({"tea": template()}) == {}
    assert own.take_in({"tea": template(text="别的"), "new": template("new")}) == {"tea": "tea_2"}
    assert own.get("tea_2")["zh"].text == "别的"
    assert own.get("tea") == both()


def test_an_id_is_made_of_what_is_latin_in_a_title():
    assert [slug(one) for one in ("Tea Shop!", "茶铺", "---")] == ["tea_shop", "prompt", "prompt"]
