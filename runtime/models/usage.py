"""What an answer used, also where its provider does not say: a limit by tokens holds for every model."""

from dataclasses import replace

from runtime.models.completion import Answer, Request
from runtime.models.context_window import size, tokens


def counted(answer: Answer, asked: Request) -> Answer:
    """With the provider's numbers; what it leaves out, or says is nothing, is estimated from the text.

    And with what was left out of the question.
    """
    answer = replace(answer, left_out=asked.left_out, cut=asked.cut)
    prompt = answer.prompt_tokens or size(asked.messages) + size(asked.tools)
    completion = answer.completion_tokens or _written(answer)
    if (prompt, completion) == (answer.prompt_tokens, answer.completion_tokens):
        return answer
    return replace(answer, prompt_tokens=prompt, completion_tokens=completion, estimated=True)


def _written(answer: Answer) -> int:
    calls = (tokens(call.name) + tokens(call.arguments) for call in answer.tool_calls)
    return tokens(answer.text) + tokens(answer.thoughts) + sum(calls)
