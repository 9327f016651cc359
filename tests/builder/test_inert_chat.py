"""The playground's chat: inert on its way out, as it was written on its way back."""

import pytest

from builder.inert_chat import InertChat

ANSWER = {"role": "assistant", "metadata": {"id": "answer"}}
WRITTEN = [
    "**好**\n\n- 一\n- 二",
    "",
    '<div class="hy-said" data-said="x">"</div>',
    "```\na\n\n\nb\n```",
    "a & b &amp; c &#10; $$x$$ \\(y\\)",
    "\u202e逆",
    "\r\n行",
]


@pytest.fixture(scope="module")
def chat():
    return InertChat()


def there(chat, *messages):
    return [message.model_dump() for message in chat.postprocess(list(messages)).root]


def back(chat, *messages):
    return chat.preprocess(chat.postprocess(list(messages)))


@pytest.mark.parametrize("written", WRITTEN, ids=repr)
@pytest.mark.parametrize("role", ["user", "assistant"])
def test_what_comes_back_is_what_was_written(chat, role, written):
    (said,) = back(chat, {"role": role, "content": written, "metadata": {"id": "answer"}})
    assert (said["role"], said["content"], said["metadata"]["id"]) == (role, written, "answer")


@pytest.mark.parametrize("written", WRITTEN, ids=repr)
def test_it_is_one_block_of_html_that_no_reader_of_markdown_looks_into(chat, written):
    (message,) = there(chat, {**ANSWER, "content": written})
    (part,) = message["content"]
    assert part["text"].startswith("<div class=")
    assert part["text"].endswith("</div>")
    assert "\n" not in part["text"]


def test_what_an_answer_says_is_text(chat):
    said = (
        "<form action=/gradio_api><button style='position:fixed'>x</button></form> ![x](https://evil/p.png)"
    )
    (message,) = there(chat, {**ANSWER, "content": said})
    shown = message["content"][0]["text"].partition('">')[2]
    assert "<form" not in shown
    assert "<button" not in shown
    assert "<img" not in shown
    assert "&lt;form action=/gradio_api&gt;" in shown


def test_what_a_person_writes_is_no_markdown(chat):
    (message,) = there(chat, {"role": "user", "content": "**a**\n<b>"})
    assert message["content"][0]["text"].endswith("<p>**a**<br>&lt;b&gt;</p></div>")


def test_a_tools_name_is_text(chat):
    title = "<img src=x> ![x](https://evil/p.png) **查** get_order"
    message = {"role": "assistant", "content": "", "metadata": {"id": "step.1", "title": title}}
    (shown,) = there(chat, message)
    assert not set("<>![]()*") & set(shown["metadata"]["title"])
    (said,) = back(chat, message)
    assert said["metadata"]["title"] == title


def test_a_block_that_the_page_changed_is_as_inert(chat):
    """Gradio makes a component anew when one of its settings changes."""
    again = chat.__class__(**chat.constructor_args | {"examples": [{"text": "x"}]})
    assert "&lt;form&gt;" in there(again, {**ANSWER, "content": "<form>"})[0]["content"][0]["text"]
    assert again.get_block_name() == "chatbot"
    assert again.get_config()["sanitize_html"] is True
    assert again.get_config()["latex_delimiters"] == []
