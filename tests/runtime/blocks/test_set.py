from script import agent, play, wrote


async def test_later_blocks_use_its_values():
    keep = {"type": "set", "id": "keep", "values": {"word": "{{ message.text | upper }}", "two": "2"}}
    say = {"type": "reply", "id": "say", "text": "{{ keep.word }}{{ keep.two }}"}
    assert (await play(agent(keep, say), wrote("ok")))[-1].text == "OK2"
