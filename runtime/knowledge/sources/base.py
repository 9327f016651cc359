"""What a base is: one small file that a person can read, beside the sources as they were given."""

import json
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError

from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Id, Strict, first_problem, setting

HOURS = 24 * 366
MOST_SOURCES = 5000
OFFLINE, NONE = "offline", "none"
"""Embeddings by the encoder that comes along, and none at all; anything else is a provider's model."""
BAD_ADDRESS = Text(
    "网址应以 http:// 或 https:// 开头，里面没有用户名和密码",
    "should be an address that begins with http:// or https://, without a name or password",
)
BAD_FILE = Text(
    "文件名不能是路径，也不能以点开头", "should be the name of a file: no path, and no dot at the beginning"
)


def checked_address(url: str) -> str:
    """Raises Wrong."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Wrong(BAD_ADDRESS) from None
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc):
        raise Wrong(BAD_ADDRESS)
    return url


def _plain_name(name: str) -> str:
    if name.startswith(".") or "/" in name or "\\" in name or "\0" in name:
        raise Wrong(BAD_FILE)
    return name


FileName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_plain_name)]
Model = Annotated[str, Field(max_length=200, pattern=r"^$|^[^\s/]+/\S+$")]
"""provider/model; empty: none."""


class Source(Strict):
    """`file` is its name in the folder; `title` what it was called when it was given."""

    file: FileName
    title: str = Field(min_length=1, max_length=300)
    tags: tuple[Annotated[str, Field(min_length=1, max_length=50)], ...] = Field((), max_length=20)
    address: Annotated[str, Field(max_length=2000), AfterValidator(checked_address)] = ""
    """Of a web page or sitemap, from which the file was fetched."""
    refresh: int = Field(0, ge=0, le=HOURS)
    """Hours after which it is fetched again; 0: never."""
    listed_by: str = Field("", max_length=200)
    """The sitemap that brought it."""
    going: bool = False
    """It is being removed; what was cut off by a crash is finished."""


class Splitting(Strict):
    longest: int = setting(
        400,
        title=Text("每段最多多少字", "Longest passage (characters)"),
        hint=Text("短的找得准，长的前后文多", "Short ones are found more exactly, long ones say more"),
        ge=100,
        le=2000,
    )


class Base(Strict):
    """`base.json`. Nothing in it is secret, and nothing in it is run."""

    format: Literal[1] = 1
    id: Id
    name: str = setting(title=Text("名称", "Name"), min_length=1, max_length=100)
    description: str = setting(
        "",
        title=Text("里面有什么", "What is in it"),
        hint=Text("模型按它决定要不要查", "By this a model decides whether to look there"),
        max_length=1000,
    )
    splitting: Splitting = Splitting()
    embedding: str = setting(
        OFFLINE,
        title=Text("按意思查用什么", "Meaning is compared by"),
        hint=Text(
            "offline：自带的，不联网也不花钱；none：只按字面查；或一个向量模型，例如 qwen/text-embedding-v4",
            "offline: what comes along, free and without network; none: words alone; or an embedding model,"
            " e.g. openai/text-embedding-3-small",
        ),
        max_length=200,
        pattern=r"^(offline|none|[^\s/]+/\S+)$",
    )
    rerank: Model = setting(
        "",
        title=Text("重排模型", "Reranking model"),
        hint=Text("例如 cohere/rerank-v3.5；留空不用", "E.g. cohere/rerank-v3.5; empty: none"),
    )
    sees: Model = setting(
        "",
        title=Text("看扫描件和图片的模型", "Model that reads scans and pictures"),
        hint=Text(
            "留空就用「模型」页里选的；按页计费", "Empty: the one of the Models page. Paid by the page"
        ),
    )
    sources: tuple[Source, ...] = Field((), max_length=MOST_SOURCES)

    def source(self, file: str) -> Source | None:
        return next((one for one in self.sources if one.file == file), None)

    def written(self) -> bytes:
        """As it lies on the disk: of a source only what it says itself."""
        fields = self.model_dump(mode="json", exclude={"sources"})
        fields["sources"] = [one.model_dump(mode="json", exclude_defaults=True) for one in self.sources]
        return f"{json.dumps(fields, ensure_ascii=False, indent=2)}\n".encode()

    def called(self, name: str) -> Source | None:
        """By its file, else by its title."""
        there = [one for one in self.sources if not one.going]
        return next((one for one in there if one.file == name), None) or next(
            (one for one in there if one.title == name), None
        )


def unreadable(id: str, error: Exception) -> Text:
    """Why its base.json is none."""
    why: object = str(error).partition("\n")[0][:200]
    if isinstance(error, ValidationError):
        why = first_problem(error).clause()
    return Text(
        "资料库「{id}」的 base.json 读不了（{why}）。", "base.json of the base {id!r} cannot be read ({why})."
    ).fill(id=id, why=why)
