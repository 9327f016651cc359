"""`app.py canary`: what is typed, what is printed, what is refused."""

import json

AGENT = {"format": 1, "id": "shop", "name": "店", "flow": [{"type": "reply", "id": "say", "text": "好"}]}


def test_a_canary_from_its_start_to_everybody(run, home):
    file = home / "shop.json"
    file.write_text(json.dumps(AGENT), encoding="utf-8")
    run("agent", "import", str(file))
    id = json.loads(run("publish", "shop", "--channel", "api")[1])["publication"]

    code, _, wrong = run("canary", "start", id, "--share", "50")
    assert (code, "10" in wrong) == (2, True)
    told = json.loads(run("canary", "start", id, "--share", "5", "--tag", "vip")[1])
    assert (told["version"], told["share"], told["tags"]) == (1, 5, ["vip"])
    number = told["canary"]
    assert number > 1
    told = json.loads(run("canary", "share", id, "25")[1])
    assert (told["share"], told["tags"]) == (25, ["vip"])
    assert json.loads(run("canary", "people", id)[1])["tags"] == []
    code, _, wrong = run("canary", "share", id, "100")
    assert (code, "release" in wrong) == (2, True)
    [line] = run("canary", "list")[1].splitlines()
    sides = json.loads(line)["sides"]
    assert [(one["version"], one["messages"], one["seconds"]) for one in sides] == [
        (number, 0, None),
        (1, 0, None),
    ]
    assert json.loads(run("canary", "release", id)[1]) == {
        "publication": id,
        "version": number,
        "canary": None,
        "released": number,
    }
    told = json.loads(run("canary", "list", id)[1])
    assert (told["canary"], [one["why"] for one in told["past"]]) == (None, ["released"])
    assert run("canary", "stop", id)[0] == 2
