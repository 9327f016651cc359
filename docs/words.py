"""What docs/ says of the template language, in both languages. A test runs each example."""

from dataclasses import dataclass

from runtime.lang import Text

TYPES = {
    "field": Text(
        "| 字段 | 含义 | 必填 | 可选 | 默认 |", "| field | meaning | required | choices | default |"
    ),
    "required": Text("要", "yes"),
    "required.when": Text("`{name}` 是 {values} 时要", "where `{name}` is {values}"),
    "required.made": Text("不填就生成一个", "made up unless given"),
    "state": Text("| 状态 | 含义 |", "| state | meaning |"),
    "code": Text("| 代码 | 含义和办法 |", "| code | what it means, and what to do |"),
    "metric": Text(
        "| 指标 | 类型 | 单位 | 回答什么 | 说明 |", "| metric | type | unit | what it answers | help |"
    ),
    "outputs": Text("后面的积木可以用的结果：", "What later blocks may refer to:"),
    "name": Text("## 模板里总能看到的名称", "## Names that every template sees"),
    "filter": Text("## 过滤器", "## Filters"),
    "test": Text("## 判断", "## Tests"),
}

NAMES = {
    "message.text": Text("这一条消息的文字", "the text of this message"),
    "message.kind": Text(
        "消息类型：text、image、voice、video、location、link、event",
        "its kind: text, image, voice, video, location, link, event",
    ),
    "message.id": Text("平台给的消息编号", "the platform's id of it"),
    "message.last_reply": Text("上一次的回答", "the answer before this message"),
    "message.url": Text(
        "图片、语音、链接的地址；位置有 latitude、longitude，事件有 event",
        "of a picture, voice or link; a location has latitude, longitude, an event has event",
    ),
    "message.files": Text(
        "对方发来的文件，每一项有 name、kind、size、pages、text、reason（读不了的原因）",
        "files that came, each with name, kind, size, pages, text and reason (why it cannot be read)",
    ),
    "conversation.files": Text("这段对话里的所有文件", "all files of this conversation"),
    "conversation": Text(
        "之前的对话，每一项有 text 和 reply", "the conversation so far; each item has text and reply"
    ),
    "now": Text("智能体时区的日期、时间和星期", "date, time and weekday in the agent's time zone"),
    "agent.id": Text("智能体的编号；还有 agent.name", "the agent's id; also agent.name"),
    "变量名 / VARIABLE": Text("智能体自己的变量", "a variable of the agent"),
    "积木编号 / BLOCK.text": Text(
        "前面积木的结果，没走到的积木是空的", "what an earlier block gave; none where it did not run"
    ),
}


@dataclass(frozen=True)
class Example:
    """A filter or test; `template` makes `result`."""

    name: str
    says: Text
    template: str
    result: str


def _say(name: str, zh: str, en: str, template: str, result: str) -> Example:
    return Example(name, Text(zh, en), "{{ " + template + " }}", result)


FILTERS = [
    _say("abs", "绝对值", "absolute value", "-3 | abs", "3"),
    _say("capitalize", "首字母大写", "first letter upper case", "'tea' | capitalize", "Tea"),
    _say("count", "个数，同 length", "how many, as length", "[1, 2] | count", "2"),
    _say("d", "同 default", "as default", "none | d('-', true)", "-"),
    _say("default", "没有时用它；true：空的也算没有", "in place of nothing; true: of what is empty",
            "'' | default('茶', true)", "茶"),
    _say("dictsort", "按名称排好的项", "items by name", "{'b': 1, 'a': 2} | dictsort | first | first", "a"),
    _say("filesizeformat", "文件大小", "size of a file", "1500 | filesizeformat", "1.5 kB"),
    _say("first", "第一个", "the first", "[7, 8] | first", "7"),
    _say("float", "变成小数", "as a fraction", "'1.5' | float", "1.5"),
    _say("format", "用 % 填空", "fill % places", "'%s 元' | format(9)", "9 元"),
    _say("groupby", "按字段分组", "groups by a field",
            "[{'c': 1}, {'c': 2}, {'c': 1}] | groupby('c') | length", "2"),
    _say("int", "变成整数", "as a whole number", "'12' | int", "12"),
    _say("items", "名称和内容", "names with values", "{'a': 1} | items | first | last", "1"),
    _say("join", "连起来", "put together", "['茶', '水'] | join('、')", "茶、水"),
    _say("last", "最后一个", "the last", "[7, 8] | last", "8"),
    _say("length", "长度", "length", "'茶铺' | length", "2"),
    _say("list", "变成列表", "as a list", "'ab' | list | length", "2"),
    _say("lower", "小写", "lower case", "'TEA' | lower", "tea"),
    _say("map", "每一项都做，或取每一项的字段", "do it to each, or take a field of each",
            "[{'n': 1}, {'n': 2}] | map(attribute='n') | join('+')", "1+2"),
    _say("max", "最大的", "the largest", "[1, 3, 2] | max", "3"),
    _say("min", "最小的", "the smallest", "[1, 3, 2] | min", "1"),
    _say("random", "随便一个", "any one", "['茶'] | random", "茶"),
    _say("reject", "去掉成立的", "without those that hold", "[1, 2, 3] | reject('odd') | join", "2"),
    _say("rejectattr", "去掉字段成立的", "without those whose field holds",
            "[{'n': 0}, {'n': 1}] | rejectattr('n') | list | length", "1"),
    _say("replace", "替换", "put one for another", "'绿茶' | replace('绿', '红')", "红茶"),
    _say("reverse", "倒过来", "backwards", "'abc' | reverse", "cba"),
    _say("round", "四舍五入", "round", "3.14159 | round(2)", "3.14"),
    _say("select", "只留成立的", "those that hold", "[1, 2, 3] | select('odd') | join", "13"),
    _say("selectattr", "只留字段成立的", "those whose field holds",
            "[{'n': 0}, {'n': 1}] | selectattr('n') | list | length", "1"),
    _say("sort", "排序", "in order", "[3, 1, 2] | sort | join", "123"),
    _say("string", "变成文字", "as text", "12 | string | length", "2"),
    _say("sum", "加起来", "all together", "[1, 2, 3] | sum", "6"),
    _say("title", "每个词首字母大写", "each word's first letter", "'green tea' | title", "Green Tea"),
    _say("tojson", "写成 JSON", "as JSON", "{'a': '茶'} | tojson", '{"a": "茶"}'),
    _say("trim", "去掉两头空白", "without space around", "'  茶 ' | trim", "茶"),
    _say("truncate", "截短", "shorter", "'0123456789abcdef' | truncate(8)", "01234..."),
    _say("unique", "去掉重复", "each once", "[1, 1, 2] | unique | join", "12"),
    _say("upper", "大写", "upper case", "'tea' | upper", "TEA"),
    _say("urlencode", "放进网址", "for an address", "'茶 水' | urlencode", "%E8%8C%B6%20%E6%B0%B4"),
    _say("wordcount", "词数", "how many words", "'green tea' | wordcount", "2"),
]  # fmt: skip

TESTS = [
    _say("==", "相等；也写 eq、equalto", "equal; also eq, equalto", "[1, 2] | select('==', 2) | first", "2"),
    _say("!=", "不等；也写 ne", "not equal; also ne", "[1, 2] | select('!=', 2) | first", "1"),
    _say("<", "小于；也写 lt、lessthan", "less; also lt, lessthan", "[1, 2] | select('<', 2) | first", "1"),
    _say("<=", "不大于；也写 le", "at most; also le", "[1, 2] | select('<=', 1) | first", "1"),
    _say(">", "大于；也写 gt、greaterthan", "more; gt, greaterthan", "[1, 2] | select('>', 1) | first", "2"),
    _say(">=", "不小于；也写 ge", "at least; also ge", "[1, 2] | select('>=', 2) | first", "2"),
    _say("boolean", "是真或假", "true or false", "true is boolean", "True"),
    _say("defined", "有这个名称", "there is such a name", "nothing is defined", "False"),
    _say("divisibleby", "能整除", "divides it", "6 is divisibleby(3)", "True"),
    _say("even", "偶数", "even", "4 is even", "True"),
    _say("false", "就是 false", "false itself", "false is false", "True"),
    _say("float", "是小数", "a fraction", "1.5 is float", "True"),
    _say("in", "在其中", "among them", "'茶' is in ['茶', '水']", "True"),
    _say("integer", "是整数", "a whole number", "3 is integer", "True"),
    _say("iterable", "可以逐个取", "can be walked", "[] is iterable", "True"),
    _say("lower", "全是小写", "all lower case", "'tea' is lower", "True"),
    _say("mapping", "有名称和内容", "names with values", "{} is mapping", "True"),
    _say("none", "是空的", "nothing", "none is none", "True"),
    _say("number", "是数", "a number", "3 is number", "True"),
    _say("odd", "奇数", "odd", "3 is odd", "True"),
    _say("sameas", "是同一个", "the very same", "true is sameas(true)", "True"),
    _say("sequence", "有先后顺序", "in an order", "[1] is sequence", "True"),
    _say("string", "是文字", "a text", "'茶' is string", "True"),
    _say("true", "就是 true", "true itself", "true is true", "True"),
    _say("undefined", "没有这个名称", "no such name", "nothing is undefined", "True"),
    _say("upper", "全是大写", "all upper case", "'TEA' is upper", "True"),
]  # fmt: skip

EXAMPLES = {"filter": FILTERS, "test": TESTS}
