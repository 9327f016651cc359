"""`python app.py prompt …`: templates go to a folder, such as one in git, and come back."""

import json

import pytest

HEAD = '---\n{\n  "title": "店员"\n}\n---\n'
FORGED = "sk-" + "a1b2c3d4" * 4


@pytest.fixture
def own(home):
    folder = home / "prompts"
    folder.mkdir()

    def write(text, name="clerk.zh.j2", inside=folder):
        (inside / name).write_text(f"{HEAD}{text}\n", "utf-8")

    write("你是店员。")
    return write


def lines(out):
    return [json.loads(line) for line in out.splitlines()]


def test_all_are_listed_and_one_is_shown_as_its_file_is(run, own, home):
    agent = {
        "format": 1,
        "id": "shop",
        "name": "店",
        "flow": [{"type": "model", "id": "m", "prompt": {"template": "clerk"}}],
    }
    (home / "agents").mkdir()
    (home / "agents" / "shop.json").write_text(json.dumps(agent), "utf-8")
    (home / "prompts" / "broken.en.j2").write_text("no head", "utf-8")
    told = {one["id"]: one for one in lines(run("prompt", "list")[1])}
    assert told["clerk"] == {"id": "clerk", "given": False, "used_by": ["shop"], "titles": {"zh": "店员"}}
    assert "broken" in told["broken"]
    assert any(one["given"] for one in told.values())
    assert run("prompt", "show", "clerk")[1] == (home / "prompts" / "clerk.zh.j2").read_text("utf-8")
    assert run("prompt", "show", "clerk", "--lang", "en")[0] == run("prompt", "show", "nothing")[0] == 2


def test_a_template_goes_to_a_folder_and_back_and_nothing_is_overwritten(run, own, home, tmp_path):
    out = tmp_path / "git"
    assert lines(run("prompt", "pull", str(out))[1]) == [{"prompt": "clerk", "state": "pulled"}]
    inside = out / "prompts"
    assert (inside / "clerk.zh.j2").read_bytes() == (home / "prompts" / "clerk.zh.j2").read_bytes()
    own("你是老店员。", inside=inside)
    own("A clerk.", "clerk.en.j2", inside)
    assert lines(run("prompt", "push", str(out))[1]) == [{"prompt": "clerk", "state": "pushed"}]
    assert "老店员" in run("prompt", "show", "clerk")[1]
    assert "A clerk" in run("prompt", "show", "clerk", "--lang", "en")[1]
    assert run("prompt", "push", str(out))[1] == ""
    own("甲", inside=inside)
    own("乙")
    code, told, _ = run("prompt", "push", str(out))
    assert (code, lines(told)[0]["state"]) == (2, "conflict")
    assert lines(run("prompt", "push", str(out), "--take", "clerk")[1])[0]["state"] == "pushed"
    (inside / "clerk.zh.j2").unlink()
    (inside / "clerk.en.j2").unlink()
    assert lines(run("prompt", "push", str(out))[1])[0]["state"] == "gone"
    assert lines(run("prompt", "push", str(out), "--delete")[1])[0]["state"] == "removed"
    assert list((home / "prompts").iterdir()) == []


def test_what_is_broken_or_holds_a_key_is_left_alone(run, own, home, tmp_path):
    own(f"用 {FORGED}")
    code, told, _ = run("prompt", "pull", str(tmp_path / "git"))
    assert (code, lines(told)[0]["state"], FORGED in told) == (2, "wrong", False)
    inside = tmp_path / "git" / "prompts"
    inside.mkdir(parents=True, exist_ok=True)
    (inside / "bad.zh.j2").write_text(f"{HEAD}{{% if %}}\n", "utf-8")
    code, told, _ = run("prompt", "push", str(tmp_path / "git"))
    assert (code, [one["prompt"] for one in lines(told) if one["state"] == "wrong"]) == (2, ["bad"])
    assert run("prompt", "pull", str(home / "prompts"))[0] == 2


@pytest.mark.parametrize("way", ["pull", "push"])
@pytest.mark.parametrize(("what", "name"), [("prompt", "prompts"), ("agent", "tests")])
def test_a_folder_that_leads_out_is_not_followed(run, own, home, tmp_path, what, name, way):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "git").mkdir()
    (tmp_path / "git" / name).symlink_to(outside)
    own("外面的", "theirs.zh.j2", outside)
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    code, _, why = run(what, way, str(tmp_path / "git"), "--delete")
    assert code == 2
    assert name in why
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before
    assert not (home / "prompts" / "theirs.zh.j2").exists()
