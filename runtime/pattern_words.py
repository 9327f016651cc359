"""What a field takes, in words: a regular expression tells nobody what to write instead."""

from runtime.lang import Text

NAMES = Text("只能用字母、数字和 _，不能以数字开头", "should be letters, digits and _, no digit first")
FUNCTIONS = Text(
    "只能用字母、数字、- 和 _，不能以数字开头", "should be letters, digits, - and _, no digit first"
)
SMALL = Text(
    "只能用小写字母、数字和 _，不能以数字开头", "should be lower-case letters, digits and _, no digit first"
)
IDS = Text(
    "只能用小写字母、数字、- 和 _，最多 64 个字",
    "should be lower-case letters, digits, - and _, 64 at most",
)
MEMBERS = Text(
    "应是成员账号：字母、数字和 _ @ . -，以字母或数字开头",
    "should be a userid: letters, digits and _ @ . -, a letter or digit first",
)
HOST = Text("应是域名，只能用字母、数字、. 和 -", "should be a host name: letters, digits, . and -")
PLAIN = Text("只能用字母、数字、- 和 _，最多 64 个字", "should be letters, digits, - and _, 64 at most")

PATTERNS = {
    r"^[a-z0-9][a-z0-9_-]{0,63}$": IDS,
    r"^([a-z0-9][a-z0-9_-]{0,63})?$": IDS,
    r"^([a-z0-9][a-z0-9_-]{0,79})?$": Text(
        "应是一个发布的编号：小写字母、数字、- 和 _",
        "should be the id of a publication: lower-case letters, digits, - and _",
    ),
    r"^[a-z_][a-z0-9_]{0,63}$": SMALL,
    r"^([a-z_][a-z0-9_]{0,63})?$": SMALL,
    r"^(person\.)?[a-z_][a-z0-9_]{0,63}$": Text(
        "名称只能用小写字母、数字和 _，不能以数字开头；要一直记着的前面写 person.",
        "the name should be lower-case letters, digits and _, no digit first; what is to be kept of the "
        "person begins with person.",
    ),
    r"^[^\W\d]\w*$": NAMES,
    r"^[A-Za-z_][A-Za-z0-9_]{0,63}$": NAMES,
    r"^([A-Za-z_][A-Za-z0-9_]{0,63})?$": NAMES,
    r"^[A-Za-z_][A-Za-z0-9_-]{0,63}$": FUNCTIONS,
    r"^([A-Za-z_][A-Za-z0-9_-]{0,63})?$": FUNCTIONS,
    r"\S": Text("不能只有空格", "should not be spaces alone"),
    r"^[A-Za-z0-9][A-Za-z0-9_@.-]{0,63}$": MEMBERS,
    r"^[A-Za-z0-9_.@-]{0,64}$": MEMBERS,
    r"^(\d{2,4}x\d{2,4})?$": Text("应写成 宽x高，例如 1024x1024", "should be width x height, e.g. 1024x1024"),
    r"^[A-Za-z0-9-]{0,80}$": Text("只能用字母、数字和 -", "should be letters, digits and -"),
    r"^[A-Za-z0-9_.\[\]-]{0,80}$": Text(
        "只能用字母、数字和 _ . - [ ]", "should be letters, digits and _ . - [ ]"
    ),
    r"^/[^\s?#\\]*$": Text("应以 / 开头，不含空格、? 和 #", "should begin with / and have no space, ? or #"),
    r"^([A-Za-z0-9.-]{1,253})?$": HOST,
    r"^[A-Za-z0-9.-]*$": HOST,
    r"^(\*\.)?[A-Za-z0-9\u0080-\uffff.-]{1,253}$": Text(
        "应是域名，例如 example.com 或 *.example.com",
        "should be a host name, e.g. example.com or *.example.com",
    ),
    r"^[A-Za-z0-9]{0,40}$": Text(
        "只能用字母和数字，最多 40 个字", "should be letters and digits, 40 at most"
    ),
    r"^[A-Za-z0-9_-]{0,64}$": PLAIN,
    r"^[A-Za-z0-9_/?=&-]{0,128}$": Text(
        "应是小程序里的页面，例如 pages/index/index",
        "should be a page of the Mini Program, e.g. pages/index/index",
    ),
    r"^([A-Za-z0-9_]{1,20}@[A-Za-z0-9_-]{1,40})?$": Text(
        "应是完整的账号：名称@账号", "should be the whole account: name@account"
    ),
    r"^[!-~]{0,128}$": Text(
        "只能用英文字母、数字和符号，不含空格", "should be Latin letters, digits and signs, no spaces"
    ),
    r"^[0-9]*$": Text("只能是数字", "should be digits"),
    r"^(secret:[a-z_][a-z0-9_]{0,63}@|base:|publication:)\S{1,300}$": Text(
        "应写成 secret:名称@主机、base:编号 或 publication:编号",
        "should be secret:NAME@HOST, base:ID or publication:ID",
    ),
}
"""By the expression as the field has it."""
