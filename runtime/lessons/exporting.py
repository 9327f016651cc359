"""Lessons as lines that a model is tuned by, with nothing in them that models of that agent are not sent.

`sft`: what OpenAI calls supervised fine-tuning, `messages` of a conversation that end with the right answer
(https://platform.openai.com/docs/guides/supervised-fine-tuning); many servers and trainers read that form.
`dpo`: pairs for a preference or reward model, `prompt`, `chosen` and `rejected` as lists of messages
(https://huggingface.co/docs/trl/dataset_formats#preference). `scored`: `messages`, and the points that their
person gave. What is of the playground says so (`from`). The same lessons give the same bytes.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from runtime.lessons.lessons import Lesson
from runtime.lessons.tried import PLAYGROUND
from runtime.message import Exchange
from runtime.safety.masking.standing import Standing

As = Literal["sft", "dpo", "scored"]
Hides = Callable[[Lesson], Standing]
"""What is hidden of the conversation that it is of; the same object for the same conversation."""
Message = Mapping[str, str]


def exported(lessons: Iterable[Lesson], form: As, hides: Hides) -> Iterator[str]:
    """A line each, without its end; of pairs only what has both sides."""
    for lesson in lessons:
        if form == "dpo" and not lesson.instead:
            continue
        told = _hidden(lesson, hides(lesson))
        line = _pair(told) if form == "dpo" else _talk(told)
        if form == "scored":
            line |= {"score": told.score, **({"note": told.note} if told.note else {})}
        if told.publication == PLAYGROUND:
            line["from"] = PLAYGROUND
        yield json.dumps(line, ensure_ascii=False)


def _talk(lesson: Lesson) -> dict[str, Any]:
    return {"messages": [*_prompt(lesson), _says(lesson.answer)]}


def _pair(lesson: Lesson) -> dict[str, Any]:
    chosen, rejected = [_says(lesson.answer)], [_says(lesson.instead)]
    return {"prompt": _prompt(lesson), "chosen": chosen, "rejected": rejected}


def _prompt(lesson: Lesson) -> list[Message]:
    made: list[Message] = []
    for one in lesson.before:
        made += [{"role": "user", "content": one.words}, _says(one.reply)]
    return [*made, {"role": "user", "content": lesson.question}]


def _says(text: str) -> Message:
    return {"role": "assistant", "content": text}


def _hidden(lesson: Lesson, standing: Standing) -> Lesson:
    """All of it is looked through first: what one text says of a number counts in all."""
    if not standing.kinds:
        return lesson
    before = [(one.words, one.reply) for one in lesson.before]
    own = (lesson.question, lesson.answer, lesson.instead, lesson.note)
    for text in (*(text for pair in before for text in pair), *own):
        standing.learn(text)
    return replace(
        lesson,
        before=[Exchange(_theirs(standing, said), standing.hidden(reply)) for said, reply in before],
        question=_theirs(standing, lesson.question),
        answer=standing.hidden(lesson.answer),
        instead=standing.hidden(lesson.instead),
        note=_theirs(standing, lesson.note),
    )


def _theirs(standing: Standing, text: str) -> str:
    return standing.hidden(text, by_person=True)
