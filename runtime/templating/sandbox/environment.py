"""The hardened Jinja2 environment: what templates may touch, and the places where they pay for work."""

import functools
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, NoReturn, TypeVar

from jinja2 import (
    StrictUndefined,
    TemplateRuntimeError,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    nodes,
)
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace, missing
from jinja2.visitor import NodeTransformer

from runtime.lang import Text
from runtime.templating.sandbox.filters import OPERATORS, allowed_filters, allowed_tests, joined, replaced
from runtime.templating.sandbox.fuel import NotAllowed, charge, printed, shown, spend, weight
from runtime.templating.sandbox.nothing import Nothing
from runtime.templating.sandbox.plain import Listed
from runtime.templating.sandbox.size import COMPILING, MOST_TOKENS, complexity

STATEMENTS = (
    nodes.Template, nodes.Output, nodes.For, nodes.If, nodes.With, nodes.Assign, nodes.AssignBlock,
    nodes.Macro, nodes.CallBlock, nodes.FilterBlock,
)  # fmt: skip

TEXT_METHODS = (
    "capitalize", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdigit", "islower",
    "isnumeric", "isspace", "isupper", "join", "lower", "lstrip", "partition", "removeprefix",
    "removesuffix", "replace", "rfind", "rpartition", "rsplit", "rstrip", "split", "splitlines",
    "startswith", "strip", "swapcase", "title", "upper",
)  # fmt: skip

LOOP_FIELDS = (
    "changed", "cycle", "depth", "depth0", "first", "index", "index0", "last", "length", "nextitem",
    "previtem", "revindex", "revindex0",
)  # fmt: skip

ATTRIBUTES: dict[type, Collection[str]] = {
    str: TEXT_METHODS,
    list: ("count", "index"),
    tuple: ("count", "index", "grouper", "list"),  # the last two: what groupby makes
    dict: ("get", "items", "keys", "values"),
    LoopContext: LOOP_FIELDS,
}
"""All that can be reached with a dot, besides the keys of data."""

TOO_COMPLEX = Text("模板太复杂，请拆成几个。", "The template is too complex; split it.")

GROWING: dict[str, Callable[..., str]] = {"join": joined, "replace": replaced}
"""Methods of text whose result can be far larger than what they are given."""

NEVER = "\uffff\ufffe#"
"""What no template holds: Jinja2 wants its comments to begin with something."""

N = TypeVar("N", bound=nodes.Node)


class Rejected(TemplateSyntaxError):
    """A construct that we do not allow."""

    def __init__(self, text: Text, lineno: int) -> None:
        super().__init__(text.en, lineno)
        self.text = text


class Missing(UndefinedError):
    """`name` was not found in `owner`, or among the variables when there is no owner."""

    def __init__(self, message: str, owner: Any, name: Any) -> None:
        super().__init__(message)
        self.owner = None if owner is missing else owner
        self.name = name


class Unknown(StrictUndefined):
    """Remembers for the error message what was looked for, and where."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        # Jinja2 calls `exc` with the message only; anything callable does.
        raised: Any = functools.partial(Missing, owner=obj, name=name) if exc is UndefinedError else exc
        super().__init__(hint, obj, name, raised)


class Hardened(ImmutableSandboxedEnvironment):
    """Plain data in, text out. Every method below runs inside `fuel.tank`."""

    intercepted_binops = frozenset(OPERATORS)

    def __init__(self) -> None:
        super().__init__(
            undefined=Unknown,
            finalize=printed,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=0,
            # A topic is written {#话题#} in Chinese: it is text, and not a comment that vanishes.
            comment_start_string=NEVER,
            comment_end_string=NEVER[::-1],
        )
        self.filters = allowed_filters()
        self.tests = allowed_tests()
        self.globals = {"range": safe_range, "namespace": Namespace, "dict": dict}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, Namespace):
            return not attr.startswith("_")
        return any(attr in names for kind, names in ATTRIBUTES.items() if isinstance(obj, kind))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Keys of data win over methods: `order.items` is what the order says, not `dict.items`."""
        if obj is None or isinstance(obj, Nothing):
            return Nothing(name=attribute)
        if isinstance(obj, Undefined):
            str(obj)
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, Listed) and attribute in obj.named:
            return obj.named[attribute]
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        # Hashing nested tuples takes time too.
        spend(weight(argument))
        if obj is None or isinstance(obj, Nothing):
            return Nothing(name=str(argument))
        return super().getitem(obj, argument)

    def wrap_str_format(self, value: Any) -> None:
        """`"{:999999999}".format(1)` takes a gigabyte: `format` is a forbidden attribute like any other."""

    def unsafe_undefined(self, obj: Any, attribute: str) -> NoReturn:
        raise NotAllowed(
            Text(
                "不能使用「{attribute}」。模板里只能取数据的字段。",
                "{attribute!r} may not be used. Templates reach fields of data only.",
            ).fill(attribute=attribute)
        )

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(__obj, Nothing):
            return __obj
        owner = getattr(__obj, "__self__", None)
        spend(weight(owner, args, kwargs))
        if isinstance(owner, str) and __obj.__name__ in GROWING:
            __obj = functools.partial(GROWING[__obj.__name__], owner)
        result = super().call(__context, __obj, *args, **kwargs)
        spend(weight(result))
        return result

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        spend(weight(left, right))
        return OPERATORS[operator](left, right)

    def concat(self, pieces: Iterable[str]) -> str:
        """Join the output of a macro or a `{% set %}` block."""
        return joined("", pieces)

    def text_of(self, *parts: Any) -> str:
        """`a ~ b`."""
        return "".join(map(shown, parts))

    def weighed(self, value: Any) -> Any:
        """Pay for what is compared, sliced or used as a key: `call` did."""
        return value

    def counted(self, items: Iterable[Any], cost: int) -> Iterator[Any]:
        """Pay for every turn of a loop."""
        for item in items:
            spend(cost)
            yield item

    def spent(self, cost: int) -> None:
        """Pay for a macro's body."""
        spend(cost)

    def _tokenize(self, source: str, name: str | None, *args: Any, **kwargs: Any) -> TokenStream:
        """Refuses what is too long to be read, while it is read."""

        def counted(stream: TokenStream) -> Iterator[Token]:
            for number, token in enumerate(stream):
                if number > MOST_TOKENS:
                    raise Rejected(TOO_COMPLEX, token.lineno)
                yield token

        return TokenStream(counted(super()._tokenize(source, name, *args, **kwargs)), name, None)

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        size = complexity(source)
        if size is None:
            raise Rejected(TOO_COMPLEX, 1)
        charge(size * COMPILING)
        return super()._generate(Rewriter().visit(source), *args, **kwargs)


class Rewriter(NodeTransformer):
    """Refuse statements we do not know and send the rest of the work through the methods above."""

    def visit(self, node: N, *args: Any, **kwargs: Any) -> Any:
        if isinstance(node, nodes.Stmt) and not isinstance(node, STATEMENTS):
            tag = type(node).__name__.lower()
            raise Rejected(
                Text("这里不能用「{tag}」。", "{tag!r} is not available here.").fill(tag=tag),
                node.lineno or 1,
            )
        return super().visit(node, *args, **kwargs)

    def visit_For(self, node: nodes.For) -> nodes.Node:
        if node.recursive:
            raise Rejected(Text("不支持 recursive 循环。", "Recursive loops are not available."), node.lineno)
        cost = _size(node)
        self.generic_visit(node)
        node.iter = _call("counted", node.iter, nodes.Const(cost))
        return node

    def visit_Macro(self, node: nodes.Macro | nodes.CallBlock) -> nodes.Node:
        cost = _size(node)
        self.generic_visit(node)
        pay = _call("spent", nodes.Const(cost), lineno=node.lineno)
        node.body.insert(0, nodes.ExprStmt(pay, lineno=node.lineno))
        return node

    visit_CallBlock = visit_Macro

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _call("text_of", *node.nodes, lineno=node.lineno)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        self.generic_visit(node)
        for operand in node.ops:
            operand.expr = _weighed(operand.expr)
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        self.generic_visit(node)
        if isinstance(node.arg, nodes.Slice):
            node.node = _weighed(node.node)
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Node:
        self.generic_visit(node)
        node.key = _weighed(node.key)
        return node


def _size(node: nodes.Node) -> int:
    return sum(1 for _ in node.find_all(nodes.Node))


def _weighed(node: nodes.Expr) -> nodes.Expr:
    return node if isinstance(node, nodes.Const) else _call("weighed", node)


def _call(method: str, *args: Any, lineno: int = 0) -> nodes.Call:
    return nodes.Call(
        nodes.EnvironmentAttribute(method), list(args), [], None, None, lineno=lineno or args[0].lineno
    )
