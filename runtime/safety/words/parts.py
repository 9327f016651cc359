"""Characters that are written as their parts: 氵先 for 洗, 贝者 for 赌."""

import itertools
import re
from collections.abc import Iterator

from runtime.knowledge.index.terms import simplified
from runtime.safety.words.views import Tokens, View

WRITTEN = (
    "赌贝者 博十尃 彩采彡 钱钅戋 洗氵先 场土昜 络纟各 机木几 澳氵奥 新亲斤 稳禾急 赔贝咅 票西示 "
    "刷尸巾刂 职耳只 赚贝兼 躺身尚 额客页 返反辶 利禾刂 猪犭者 部咅阝 道首辶 放方攵 抵扌氐 押扌甲 "
    "秒禾少 贷代贝 现王见 到至刂 信亻言 代亻弋 还不辶 购贝勾 银钅艮 行彳亍 售隹口 账贝长 假亻叚 "
    "证讠正 刻亥刂 钞钅少 伪亻为 保亻呆 解角刀牛 冻冫东 费弗贝 转车专 领令页 资次贝 传亻专 销钅肖 "
    "拉扌立 品口口口 冰冫水 海氵每 洛氵各 摇扌䍃 粉米分 麻广林 烟火因 种禾中 货化贝 迷米辶 药艹约 "
    "听口斤 话讠舌 奸女干 催亻崔 情忄青 汗氵干 枪木仓 仿亻方 弹弓单 铅钅㕣 械木戒 裸衤果 聊耳卯 "
    "约纟勺 炮火包 楼木娄 援扌爰 卖十买 淫氵㸒 嫖女票 娼女昌 视礻见 频步页 偷亻俞 拍扌白 加力口 "
    "微彳攵 私禾厶 码石马 进井辶 群君羊 扣扌口 傻亻夋 逼畐辶 泥氵尼 妈女马 你亻尔 操扌喿 死歹匕 "
    "滚氵衮 蛋疋虫 脑月㐫 脑月囟 脑月凶 残歹戋 弱弓弓 智知日 狗犭句 贱贝戋 婊女表 妓女支 骗马扁 "
    "诈讠乍 骚马蚤 鸡又鸟 吸口及 贩贝反 溜氵留 注氵主 投扌殳 裤衤库 护扌户 病疒丙 凯岂几 政正攵 "
    "府广付 党尚兄 独犭虫 法氵去 杀木乂 抢扌仓 打扌丁 炸火乍 爆火暴 魂云鬼 骂口口马 奶女乃 胸月匈 "
    "腿月退 脱月兑 性忄生 欲谷欠 阴阝月 阳阝日 吻口勿 啪口拍 姐女且 妹女未 娘女良 她女也"
)
"""A character and its parts, from left to right."""
SAME = {
    "氵": ("三点水", "３点水", "3点水"),
    "亻": ("单人旁", "单立人"),
    "讠": ("言", "訁", "言字旁"),
    "钅": ("金", "釒", "金字旁"),
    "扌": ("才", "提手旁"),
    "衤": ("礻", "衣字旁"),
    "纟": ("糹", "糸"),
    "女": ("女字旁",),
    "贝": ("贝字旁",),
    "艹": ("草字头",),
    "尃": ("専", "甫寸"),
}
"""How a part is written as well."""
BETWEEN = "[ +＋]?"


def _spellings() -> Iterator[tuple[str, tuple[str, ...]]]:
    for written in WRITTEN.split(" "):
        for way in itertools.product(*((part, *SAME.get(part, ())) for part in written[1:])):
            yield written[0], way


MEANT = {"".join(parts): character for character, parts in _spellings()}
_LONGEST_FIRST = sorted((parts for _, parts in _spellings()), key=lambda parts: -len("".join(parts)))
_TOKEN = "|".join(BETWEEN.join(map(re.escape, parts)) for parts in _LONGEST_FIRST)
_FIRSTS = sorted(
    {whole[:length] for whole in MEANT for length in range(1, len(whole))}, key=len, reverse=True
)
_BEGUN = "|".join(BETWEEN.join(map(re.escape, first)) + BETWEEN for first in _FIRSTS)


def _means(match: "re.Match[str]") -> str:
    return MEANT[re.sub(BETWEEN, "", match[0])]


PARTS = Tokens(_TOKEN, _BEGUN, _means)


def together(text: str) -> View | None:
    """None where no character is in parts."""
    view = PARTS.read(_plain(text))
    return view if len(view.text) < len(text) else None


def together_so_far(text: str) -> View:
    return PARTS.read_so_far(_plain(text))


def _plain(text: str) -> str:
    """In simplified characters, each at its place."""
    known = simplified()
    return "".join(meant if len(meant := sign.translate(known)) == 1 else sign for sign in text)
