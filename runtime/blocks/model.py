"""Let a model answer, with tools if it wants them."""

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from runtime.blocks import Block, GrantsTools, Writes
from runtime.blocks._groups import THINK, Group
from runtime.blocks._thinking import EFFORTS, Effort, Stop, least
from runtime.crash import crashpoint
from runtime.errors import TurnFailed
from runtime.lang import Text
from runtime.models.completion import Answer, Request
from runtime.schema import About, setting
from runtime.templating.prompts import Prompt
from runtime.tools import AnyTool, Tool, apart
from runtime.turn.caching import asked_once
from runtime.turn.chat import as_chat, asked
from runtime.turn.events import TextDelta, TextReset
from runtime.turn.fields.asking import NOT_FIELDS, repaired_by
from runtime.turn.fields.field import Field, unrepeated
from runtime.turn.fields.wished_form import Form
from runtime.turn.given_pictures import only_given
from runtime.turn.program_tools import as_wished, begun, names_of, offered
from runtime.turn.recalling import Recalled, memory_tools, recalled
from runtime.turn.tool_calls import counted, results, said, used_by
from runtime.turn.turn import Turn
from runtime.turn.value_tool import value_tools

PICTURES = 2
"""Pictures of earlier messages that a model which sees is shown again."""

UNFINISHED = Text("……\n\n（没有说完，回复「继续」接着说）", "…\n\n(There is more: say “continue”.)")
"""Behind an answer that reached the longest length."""

MOST_ROUNDS = 200
"""Also where the calling program has tools of its own, and each time that it ran one counts anew."""
NO_MORE_ROUNDS = Text(
    "模型调用了 {rounds} 次还没有回答，已停止。可以调大「最多调用几次」。",
    "No answer after {rounds} model rounds. Raise “Rounds” if the task needs more.",
)


class Model(Writes, GrantsTools, Block):
    """Asks the model; runs the tools it calls and asks again, until it answers."""

    about: ClassVar[About] = About(
        Text("大模型", "Model"),
        Text("按提示词思考并回答，可以用工具", "Answers by its prompt, with tools if needed"),
        "spark",
        "#2563eb",
    )
    group: ClassVar[Group] = THINK
    inside: ClassVar[Mapping[str, str]] = {"fields": "fields"}
    type: Literal["model"]
    model: str = setting(
        "default",
        title=Text("模型", "Model"),
        hint=Text(
            "default 是「模型」页设的默认模型；也可以写 服务商/模型，或路由的名称",
            "“default” is set on the Models page; or provider/model, or a name with rules",
        ),
        widget="model",
        min_length=1,
        max_length=200,
    )
    prompt: Prompt = setting(
        Prompt(text=""),
        title=Text("提示词", "Prompt"),
        hint=Text("它是谁、怎么说话、不能做什么", "Who it is, how it speaks, what it must not do"),
        widget="prompt",
    )
    input: str = setting(
        "{{ message.text }}",
        title=Text("给模型的内容", "Input"),
        hint=Text("通常就是用户的消息", "Usually what the person wrote"),
        widget="area",
    )
    tools: list[AnyTool] = setting(
        [],
        title=Text("工具", "Tools"),
        hint=Text("模型需要时会自己调用", "The model calls them when it needs to"),
        widget="tools",
        max_length=32,
    )
    memory: bool = setting(True, title=Text("记得之前的对话", "Sees the conversation"))
    images: bool = setting(
        False,
        title=Text("看得懂图片", "Sees images"),
        hint=Text("只有支持图片的模型可以打开", "Only for models that accept images"),
    )
    fallbacks: list[str] = setting(
        [],
        title=Text("备用模型", "Fallback models"),
        hint=Text("前一个失败时依次尝试", "Tried in order when it fails"),
        widget="models",
        max_length=5,
    )
    temperature: float | None = setting(
        None,
        title=Text("随机性", "Temperature"),
        hint=Text("0 稳定，1 活泼；留空用模型默认", "0 steady, 1 lively; empty: the model's default"),
        ge=0,
        le=2,
    )
    max_tokens: int | None = setting(
        None, title=Text("回答最长（token）", "Longest answer (tokens)"), ge=1, le=100_000
    )
    fields: list[Field] = setting(
        [],
        title=Text("按字段回答", "Answer in fields"),
        hint=Text(
            "填了就要求模型按这些字段回答（JSON），类型检查过，不对会让它改一次",
            "The answer is JSON then: each is checked by its type; a wrong answer is repaired once",
        ),
        max_length=30,
    )
    effort: Effort = setting(
        "",
        title=Text("思考多深", "Reasoning effort"),
        hint=Text(
            "想得越多，答得越慢越贵；平常时 DeepSeek 不想", "More is slower; as usual, DeepSeek does not"
        ),
        choices=lambda: {**EFFORTS},
        seldom=True,
    )
    stop: list[Stop] = setting(
        [],
        title=Text("遇到这些词就停", "Stop words"),
        hint=Text("回答在这些词之前结束", "The answer ends before them"),
        widget="words",
        seldom=True,
        max_length=4,
    )
    window: int | None = setting(
        None,
        title=Text("上下文长度（token）", "Context window (tokens)"),
        hint=Text(
            "一次最多能读多少；留空会从模型名或它的拒绝中得知。太长时先忘掉最早的对话",
            "How much it can read; empty: learnt from its name or a refusal. What is too much is forgotten "
            "from the oldest on",
        ),
        ge=500,
        le=10_000_000,
    )
    rounds: int = setting(
        6,
        title=Text("最多调用几次", "Rounds"),
        hint=Text("用一次工具多一次调用", "Each use of tools costs one more"),
        ge=1,
        le=20,
    )

    @model_validator(mode="after")
    def _names_differ(self) -> "Model":
        unrepeated(self.fields, "fields")
        return self

    @property
    def asked(self) -> Sequence[str]:
        return (self.model, *self.fallbacks)

    @property
    def told(self) -> Prompt:
        return self.prompt

    @property
    def sees_pictures(self) -> bool:
        return self.images

    @property
    def has_form(self) -> bool:
        return bool(self.fields)

    def granted(self) -> Iterator[tuple[str, Tool]]:
        yield from ((f"tools.{i}", tool) for i, tool in enumerate(self.tools))

    async def run(self, turn: Turn) -> dict[str, Any]:
        # What the owner wrote into the prompt may be opened; what is filled in there was written by others.
        turn.addresses.read(*self._owners)
        wishes = turn.wishes(self.id)
        messages = await begun(turn, self.id, wishes, functools.partial(self._opening, turn))
        form, theirs = Form.of(self.fields, wishes.get("form")), names_of(wishes)
        mistakes, repaired, number, left = 0, False, 0, self.rounds
        while left and number < MOST_ROUNDS:
            answer = await self._ask(turn, messages, number, form)
            if not answer.tool_calls and form:
                found = await form.read(answer.text, turn.now())
                if not found.wrong:
                    turn.finish, turn.draft = answer.finish, found.text
                    return {"text": turn.draft, **({"fields": found.fields} if self.fields else {})}
                if repaired:
                    raise TurnFailed(NOT_FIELDS.fill(wrong=found.wrong[0]), code="fields")
                repaired = True
                messages += repaired_by(answer.text, found.wrong)
            elif not answer.tool_calls:
                turn.finish = answer.finish
                turn.draft = self._shown(turn, self._whole(turn, answer), messages)
                return {"text": turn.draft}
            else:
                granted = {tool.name or tool.type: tool for tool in self._tools(turn)}
                used = await used_by(turn, self.id, granted, answer, number, theirs)
                messages += [said(answer), *results(answer, used)]
                mistakes = counted(used, mistakes)
            # Each time that the program was asked, it asked anew.
            left = self.rounds if any(call.name in theirs for call in answer.tool_calls) else left - 1
            number += 1
        raise TurnFailed(NO_MORE_ROUNDS.fill(rounds=self.rounds), code="rounds")

    def outputs(self) -> dict[str, Text]:
        fields = {"fields": Text("回答里的字段", "the fields of the answer")} if self.fields else {}
        return {"text": Text("回答", "the answer"), **fields}

    def sample(self) -> dict[str, Any] | None:
        fields = {field.name: field.sample for field in self.fields}
        return {"text": "1", **({"fields": fields} if fields else {})}

    async def _opening(self, turn: Turn) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        past = await recalled(turn, self._request(turn)) if self.memory else Recalled()
        if system := "\n\n".join(part for part in (turn.fill(self.prompt), past.notes) if part.strip()):
            messages.append({"role": "system", "content": system})
        if form := Form.of(self.fields, turn.wishes(self.id).get("form")):
            messages.append({"role": "system", "content": form.told})
        if instructions := turn.wishes(self.id).get("instructions"):
            messages.append({"role": "system", "content": instructions})
        messages += as_chat(past.exchanges, pictures=PICTURES if self.images else 0)
        owners = (self.input, *self._owners)
        content = asked(turn, turn.render(self.input), owners, earlier=self.memory, pictures=self.images)
        return [*messages, {"role": "user", "content": content}]

    def _request(self, turn: Turn) -> Request:
        return Request(
            self.model, (), fallbacks=self.fallbacks, seconds=turn.seconds_left(), window=self.window
        )

    def _tools(self, turn: Turn) -> Sequence[Tool]:
        """The owner's, by one name one; what is lent; those by which facts about the person are kept."""
        theirs = [self.tools[place] for place in apart(tool.name or tool.type for tool in self.tools)]
        lent = () if turn.around else turn.services.lent
        return [*theirs, *lent, *(memory_tools(turn) if self.memory else ()), *value_tools(turn)]

    @property
    def _owners(self) -> Sequence[str]:
        """What the owner wrote into the prompt."""
        return (self.prompt.text or "", *self.prompt.values.values())

    def _shown(self, turn: Turn, text: str, messages: list[dict[str, Any]]) -> str:
        """Of pictures elsewhere only those whose address the model was given: we would fetch them."""
        told = (str(message.get("content", "")) for message in messages)
        variables = (str(turn.values.get(variable.name, "")) for variable in turn.agent.variables)
        return only_given(text, told, (*self._owners, *variables))

    def _whole(self, turn: Turn, answer: Answer) -> str:
        """The answer, which says so when it is a half; a calling program is told by the finish reason."""
        by_program = bool(turn.message.wishes) or turn.message.history is not None
        if answer.finish != "length" or by_program:
            return answer.text
        more = UNFINISHED.to(turn.agent.language)
        if turn.stream:
            turn.emit(TextDelta(self.id, more))
        return answer.text + more

    async def _ask(
        self, turn: Turn, messages: list[dict[str, Any]], number: int, form: Form | None
    ) -> Answer:
        turn.check_limits()
        wishes = turn.wishes(self.id)
        request = replace(
            self._request(turn),
            messages=messages,
            tools=offered(wishes, [tool.spec(turn.values) for tool in self._tools(turn)]),
            choice=wishes.get("choice", ""),
            temperature=wishes.get("temperature", self.temperature),
            max_tokens=min(filter(None, (wishes.get("max_tokens"), self.max_tokens)), default=None),
            schema=form.schema if form else None,
            effort=least(wishes.get("effort", ""), self.effort),
            seed=wishes.get("seed"),
            stop=self.stop,
        )

        async def work() -> dict[str, Any]:
            shows = turn.stream and not form  # JSON is nothing to watch
            on_text = (lambda text: turn.emit(TextDelta(self.id, text))) if shows else None
            crashpoint("before_model")
            answer = as_wished(await asked_once(turn, self, request, on_text), wishes)
            crashpoint("after_model")
            return answer.to_json()

        answer = await turn.paid(self.id, f"{self.id}.{number}", work)
        goes_on = answer.tool_calls and not any(call.name in names_of(wishes) for call in answer.tool_calls)
        if goes_on and answer.text and turn.stream:
            turn.emit(TextReset(self.id))
        return answer


BLOCK = Model
