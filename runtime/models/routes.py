"""Rules by which a name of the owner's means one model or another."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, model_validator

from runtime.errors import BadSettings, Wrong
from runtime.lang import Text
from runtime.schema import Id, Strict, first_problem
from runtime.time_zones import zone

MOST_RULES = 20
MOST_MODELS = 5
DEEPEST = 4
"""Rules that lead to other rules."""
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


FIELDS = {
    "id": Text("名称", "Name"),
    "title": Text("规则的名称", "Name of the rule"),
    "words": Text("说到这些词", "Says one of"),
    "intent": Text("意思像", "Means"),
    "examples": Text("例句", "Examples"),
    "longer": Text("至少几个字", "Characters at least"),
    "shorter": Text("最多几个字", "Characters at most"),
    "picture": Text("图片", "Picture"),
    "since": Text("从几点", "From"),
    "until": Text("到几点", "Until"),
    "days": Text("星期几", "Days"),
    "left": Text("额度剩余少于", "Budget left below"),
    "models": Text("模型", "Models"),
    "otherwise": Text("其余", "Otherwise"),
    "timezone": Text("时区", "Time zone"),
}


def _clock(value: str) -> str:
    if value and not CLOCK.fullmatch(value):
        raise Wrong(Text("应写成 09:30 这样", "should be like 09:30"))
    return value


def _zone(value: str) -> str:
    if zone(value) is None:
        raise Wrong(Text("没有这个时区", "there is no such time zone"))
    return value


Words = Annotated[str, Field(min_length=1, max_length=60, pattern=r"\S")]
Example = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Clock = Annotated[str, AfterValidator(_clock)]
AnyModel = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S+$")]
"""`provider/model`, "default", or another name that the owner gave to rules."""
Models = Annotated[tuple[AnyModel, ...], Field(min_length=1, max_length=MOST_MODELS)]


class Rule(Strict):
    """It holds when all that it says holds. Then its models are asked, each when those before it fail."""

    title: str = Field(default="", max_length=60)
    words: tuple[Words, ...] = Field(default=(), max_length=50)
    """One of them is in the question."""
    intent: str = Field(default="", max_length=200)
    """What is wanted, in words…"""
    examples: tuple[Example, ...] = Field(default=(), max_length=20)
    """…and how people say it: it means that rather than what other rules describe."""
    longer: int | None = Field(default=None, ge=1, le=1_000_000)
    """Characters that the question has at least…"""
    shorter: int | None = Field(default=None, ge=1, le=1_000_000)
    """…and at most."""
    picture: bool | None = None
    """Whether it comes with one."""
    since: Clock = ""
    """Time of day; later than `until` means over midnight."""
    until: Clock = ""
    days: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(default=(), max_length=7)
    """1 is Monday; of the day on which the time begins."""
    left: int | None = Field(default=None, ge=1, le=100)
    """Percent of a budget of today's, less than which is left of one that counts here."""
    models: Models

    @property
    def means(self) -> tuple[str, ...]:
        """Texts, to one of which the question must be alike."""
        return tuple(text for text in (self.intent, *self.examples) if text.strip())

    @model_validator(mode="after")
    def _says_something(self) -> "Rule":
        if (self.longer or 0) > (self.shorter or 1_000_000):
            raise Wrong(Text("最少比最多还大", "at least is more than at most"), "longer")
        if bool(self.since) != bool(self.until):
            raise Wrong(Text("开始和结束要一起填", "needs both its begin and its end"), "until")
        if self.model_dump(exclude={"title", "models"}, exclude_defaults=True):
            return self
        raise Wrong(
            Text(
                "没有写任何条件，后面的规则就都轮不到；总是成立的写在「其余」里",
                "has no condition, so no rule below it would ever count; what always holds is “otherwise”",
            ),
            "words",
        )


class Route(Strict):
    """The first rule that holds; else `otherwise`. `id`: the name by which agents use it."""

    id: Id
    rules: tuple[Rule, ...] = Field(default=(), max_length=MOST_RULES)
    otherwise: Models
    timezone: Annotated[str, Field(max_length=64), AfterValidator(_zone)] = "Asia/Shanghai"
    by: str = ""

    @property
    def leads_to(self) -> set[str]:
        """Every name in it."""
        return {*self.otherwise, *(model for rule in self.rules for model in rule.models)}


def route_of(given: Mapping[str, Any]) -> Route:
    """As somebody wrote it. Raises BadSettings whose field is "otherwise", or "0.words" of the first rule."""
    try:
        return Route.model_validate(given)
    except ValidationError as e:
        problem = first_problem(e)
        path = problem.field.removeprefix("rules.").split(".")
        place = path[:2] if path[0].isdigit() else path[:1]
        label = FIELDS.get(place[-1])
        raise BadSettings(problem.sentence(label), field=".".join(place)) from None
