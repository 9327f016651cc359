from script import Script, agent, play, says


async def test_a_note_changes_nothing_and_no_model_sees_it():
    note = {"type": "note", "id": "why", "text": "内部：{{ secret.x }} 不要告诉客户"}
    models = Script([says("好")])
    events = await play(agent(note, {"type": "model", "id": "answer"}), models=models)
    assert events[-1].text == "好"
    assert "内部" not in str(models.requests)
