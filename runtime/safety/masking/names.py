"""What people are called: by how they say it, by surnames and by forms of address."""

import re
from collections.abc import Iterator

from runtime.safety.masking.found import Found

HAN = r"\u4e00-\u9fff"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁沈任"
    "姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔汤向"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁符阮尚舒柯纪梅童凌毕单季"
    "裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑"
    "景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边姬师仇栾丘刁沙商寇荣巫郎桑丛甄敖虞仲池巩明佘查麻苑迟邝封闫"
    "谈匡鞠惠荆乐冀胥南班储芮计栗宣陳劉楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇盧蔣賈鄒陸龍賀顧錢嚴湯龔萬"
)
COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|百里|南宫|歐陽|司馬|諸葛"
FAMILY = rf"(?:{COMPOUND}|[{SURNAMES}])"
ADDRESSED = (
    "王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖董袁潘蒋蔡余杜程苏魏吕沈姚卢傅姜崔"
    "谭廖范汪陆戴贾韦薛陶顾郝龚邵钱覃施陈劉"
)
"""Surnames before a form of address: those that are no other word."""
FORMS_OF_ADDRESS = "先生|女士|小姐|太太|老师|医生|师傅|阿姨|叔叔|先生們"
WORDS = frozenset((
    "程序", "文案", "方案", "方法", "方式", "高级", "金额", "时间", "时候", "项目", "任务", "任何",
    "安全", "安排", "路线", "单价", "常见", "常用", "全部", "于是", "向导", "车票", "景点", "马上",
    "水果", "花费", "白天", "黄金", "江苏", "江西", "云南", "海南", "河南", "湖南", "安徽", "宁夏",
    "费用", "计算", "平台", "平时", "包裹", "商品", "商家", "商店", "毛病", "解决", "祝福", "明天",
    "明年", "温度", "严重", "党员", "班级", "班车", "司机", "成员", "成人", "季度", "查询", "龙井",
    "石头", "段落", "习惯", "房间", "管理", "万元", "方便", "柜台", "汤圆", "米饭", "鱼丸", "牛肉",
    "羊肉", "白茶", "红茶", "黄茶", "江南",
))  # fmt: skip
"""That begin like a name, and are none."""
NO_NAMES = re.compile(
    r"[的了来在一要想个是不们会能有没么吗呢啊吧你我他她它这那怎什为就都还也很太从到给让请去过]"
)
"""In what follows “我是”, when it is no name: 我是来退款的."""
AFTER = (
    r"(?=$|[\s，。、；：！？,.;:!?)）】」”\"'/|\\]|电话|手机|联系|微信|住|在|今年|来自|地址|身份|订|要|想|的|"
    r"和|跟|与|是|这|就|吧|好|行|女士|先生|小姐|男|女|\d|[A-Za-z(（])"
)
"""What comes behind a name that has ended."""
BETWEEN = r"\s*+(?:是|叫|为|[:：=])?\s*+[「“\"']?"
OWN = r"(?:我|本人|俺|咱)(?:的)?(?:名字)?(?:叫做?|名叫|姓名)|名字(?:叫|是)|(?:叫|称呼|喊)我"
ROLES = (
    "姓名|联系人|收件人|收货人|寄件人|预订人|预约人|订餐人|入住人|乘机人|乘车人|患者|家长|户主|投保人|客户姓名|"
    "签收人|名字"
)
CALLED = re.compile(rf"(?:{OWN}|(?:{ROLES}){BETWEEN})\s*+[「“\"']?(?P<name>[{HAN}·]{{2,8}})")
AM = re.compile(rf"(?:我是|这是|本人)(?P<name>{FAMILY}[{HAN}]{{1,2}}){AFTER}")
POLITE = re.compile(rf"(?P<name>[{ADDRESSED}])(?=(?:{FORMS_OF_ADDRESS}))")
NICK = re.compile(rf"[小阿老大][{HAN}]{{1,2}}{AFTER}")

WORD = r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*"
CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻČŠŽ][^\W\d_]*(?:['’-][^\W\d_]+)*"
STOPS = (
    "and but i from my the a an please with at on in to for of is was not here very so sorry just also "
    "looking trying phone tel email mail happy glad interested unable afraid sure new back still going your "
    "our this that wrong missing misspelled spelled correct different already what shown value none null true"
)
STOP = rf"(?!(?:{'|'.join(STOPS.split())})\b)"
LATIN_CALLED = re.compile(
    r"\b(?:my (?:full )?name is|my name's|name[’']s|call me|i am called|i'm called|(?:full )?name\s*[:：=]|"
    r"contact\s*[:：=]|(?:recipient|guest|passenger|patient|customer)(?: name)?\s*[:：=])\s*[\"“]?"
    rf"(?P<name>{STOP}{WORD}(?: {STOP}{WORD}){{0,2}})",
    re.IGNORECASE,
)
LATIN_AM = re.compile(
    rf"\b(?:(?:I am|I'm|I’m) (?P<name>(?i:{STOP}){CAPITAL} {CAPITAL})(?! [A-Z]?[a-z]*ing\b)"
    rf"|[Tt]his is (?P<this>(?i:{STOP}){CAPITAL}(?: {CAPITAL})?)"
    r"(?=\s*(?:[,.!;]|$|from\b|speaking\b|calling\b|here\b)))"
)
TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? (?P<name>{CAPITAL}(?: {CAPITAL})?)")
KNOWN_THINGS = re.compile(
    r"(?i)\b(?:tea|shop|store|hotel|inc|ltd|llc|gmbh|bot|support|team|service|company|university)\b"
)


def names(text: str) -> Iterator[Found]:
    """Where a name stands, said to be one."""
    for found in CALLED.finditer(text):
        if length := _ends(text, found.start("name"), found.end("name")):
            yield Found(found.start("name"), found.start("name") + length, "name")
    for form in (AM, POLITE, LATIN_CALLED, LATIN_AM, TITLED):
        for found in form.finditer(text):
            where = "this" if form is LATIN_AM and found["this"] else "name"
            said = found[where]
            if form is AM and (NO_NAMES.search(said[1:]) or said[:2] in WORDS):
                continue
            if not KNOWN_THINGS.search(said):
                yield Found(*found.span(where), "name")


def _ends(text: str, start: int, most: int) -> int:
    """How long the name is that begins there; 0: there is none."""
    rest = text[start:most]
    if family := re.match(FAMILY, rest):
        given = rest[family.end() :]
        if rest[:2] in WORDS:
            return 0
        for length in (2, 1):
            cut = start + family.end() + length
            if len(given) >= length and not NO_NAMES.search(given[:length]) and re.match(AFTER, text[cut:]):
                return family.end() + length
        if given and not NO_NAMES.search(given[:2]):
            return family.end() + min(2, len(given))
        if given and not NO_NAMES.search(given[0]):
            return family.end() + 1
        return 0
    if nick := re.match(NICK, text[start : most + 4]):
        return min(nick.end(), most - start)
    foreign = re.match(rf"[{HAN}]+(?:·[{HAN}]+)+", rest)
    if foreign:
        return foreign.end()
    ended = len(rest) <= 4 and not NO_NAMES.search(rest) and re.match(AFTER, text[most:])
    return len(rest) if ended else 0


def is_name(value: str) -> bool:
    """Whether all of it looks like what a person is called, and nothing else."""
    value = value.strip()
    if value[:2] in WORDS:
        return False
    if re.fullmatch(
        rf"{FAMILY}[{HAN}]{{1,2}}|[小阿老][{HAN}]{{1,2}}|[{HAN}]{{1,6}}(?:·[{HAN}]{{1,8}})+", value
    ):
        return True
    return bool(re.fullmatch(rf"{CAPITAL}(?: {CAPITAL}){{0,3}}", value)) and not KNOWN_THINGS.search(value)
