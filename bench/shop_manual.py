"""The manual of a shop for water and air, 150 pages as they are pasted, and sixty questions of customers.

Its models have the same sections in nearly the same words with other numbers, as real manuals have, and each
page its foot. The same seed gives the same text.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = 610
"""Characters of a page with its headings."""
MODELS = (
    ("JS-400", "厨下净水器"), ("JS-600", "厨下净水器"), ("JS-800", "厨下净水器"), ("JS-1200", "商用净水器"),
    ("TS-20", "台上免安装净水机"), ("TS-30", "台上加热净水机"), ("GX-5", "管线机"), ("GX-7", "管线机"),
    ("RS-16", "软水机"), ("RS-24", "软水机"), ("QZ-40", "前置过滤器"), ("QZ-60", "前置过滤器"),
    ("KJ-300", "空气净化器"), ("KJ-500", "空气净化器"), ("KJ-800", "空气净化器"), ("JSQ-4", "加湿器"),
    ("JSQ-6", "加湿器"), ("CS-12", "除湿机"), ("CS-20", "除湿机"), ("XF-150", "新风机"), ("XF-250", "新风机"),
    ("YS-1", "便携滤水壶"), ("YS-2", "便携滤水壶"), ("HB-6", "母婴恒温壶"),
)  # fmt: skip
GENERAL = (
    "安装和维护前请先关闭进水阀并拔下电源插头，待管路泄压后再操作。",
    "请勿自行拆卸机身内部零件，如需检修请联系授权服务人员。",
    "本产品仅限室内使用，环境温度应在 4 至 40 摄氏度之间，避免阳光直射和冰冻。",
    "首次使用或长时间停用后，请先冲洗五分钟，冲洗水不要饮用。",
    "包装内附件请对照装箱单核对，缺件请在签收后三天内告知。",
    "表面污渍用拧干的软布擦拭，不要使用酒精、去污粉和硬毛刷。",
    "因使用非原厂配件造成的损坏不在保修范围内。",
    "儿童使用时应有成人看护，请勿让儿童攀爬或悬挂在机身上。",
    "运行中有轻微的水流声和振动属于正常现象。",
    "如发现漏水、异味、异响，请立即停止使用并联系售后服务。",
    "服务人员上门时会出示工牌，请核对姓名和工单号后再让其进门。",
    "图片仅供示意，外观和配色以实物为准，参数如有更新恕不另行通知。",
)
SERVICE = (
    "办理时请提供订单号或者下单的手机号，便于核对。",
    "以上规则适用于官方商城、公众号和体验店，第三方店铺以其页面为准。",
    "活动商品如有另外的约定，按活动页面的说明执行。",
    "申请提交后可以在公众号「我的服务」里看进度。",
    "客服会在一个工作日内联系您确认细节。",
    "服务完成后请在工单上签字，并对服务作出评价。",
    "法定节假日期间处理时间顺延。",
    "因不可抗力造成的延误，双方协商解决。",
    "所需材料可以拍照上传，原件请自行保管。",
    "本规则由清泉家居负责解释，修改前会在公众号公告。",
    "同一订单同时满足几项规则的，选对您有利的一项。",
    "企业客户与我们另签合同的，以合同为准。",
)
FAULTS = (
    ("缺水", "检查进水阀是否打开、水压是否过低"),
    ("漏水保护", "擦干底盘并检查接头，断电三分钟后重新上电"),
    ("水温异常", "停用加热功能，等待二十分钟后再试"),
    ("滤芯到期", "更换滤芯后长按复位键五秒"),
    ("电机堵转", "清理进风口或管路异物后重启"),
    ("通信故障", "重新插拔显示板排线，仍不行请报修"),
)


@dataclass(frozen=True)
class Asked:
    """`of`: words that stand in the heading of the passage which answers, `says`: words in it."""

    kind: str
    text: str
    of: str
    says: str


def manual() -> tuple[str, int, list[Asked]]:
    """The text, how many pages it has, and what is asked of it."""
    draw = random.Random(11)  # nothing is kept secret by it
    asked = list[Asked]()
    rules, stores = _said("rule"), _said("store")
    parts = (
        ("服务规则", [(heading, _around(draw, text, SERVICE)) for heading, text, *_ in rules]),
        ("产品说明", [one for code, kind in MODELS for one in _model(draw, asked, code, kind)]),
        ("体验店", [(heading, text) for heading, text, *_ in stores]),
    )
    lines = ["清泉家居 产品与服务手册（2026 年版）"]
    for chapter, (title, sections) in enumerate(parts, 1):
        lines += ["", f"第{'一二三'[chapter - 1]}章 {title}"]
        for number, (heading, text) in enumerate(sections, 1):
            lines += ["", f"{chapter}.{number} {heading}", "", text]
    chosen = draw.sample(asked, 30)
    for kind, some in (("meaning", rules), ("model or place", stores)):
        chosen += [Asked(kind, question, heading, says) for heading, _, question, says in some if question]
    return *_paged(lines), chosen


def _said(kind: str) -> list[list[str]]:
    """Heading, text, question and words of the answer."""
    lines = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    rows = [[part.strip() for part in line.split("|")] for line in lines if line.startswith(kind)]
    return [row[1:] for row in rows]


def _model(draw: random.Random, asked: list[Asked], code: str, kind: str) -> Iterator[tuple[str, str]]:
    """The sections of one model: heading and text."""
    months, price, watts = draw.choice([6, 9, 12, 18, 24]), draw.randrange(69, 699), draw.randrange(20, 2200)
    size = "×".join(str(draw.randrange(120, 520)) for _ in range(3))
    room, weeks, seconds = draw.randrange(3, 15), draw.randrange(1, 9), draw.randrange(2, 6)
    facts = (
        ("规格参数", f"型号 {code}，额定功率 {watts} W，外形尺寸 {size} 毫米，电源线长 1.5 米。",
         f"{code} 多大尺寸，橱柜放得下吗", size),
        ("安装", f"{code} 距离插座不超过 1.2 米，背面留出 {room} 厘米以便散热和接管。", "", ""),
        ("滤芯与耗材", f"{code} 的主滤芯每 {months} 个月更换一次，原厂滤芯每支 {price} 元，公众号里可以买。",
         f"{code} 的芯子多久换一回，多少钱一支", f"每支 {price} 元"),
        ("包装清单", f"{code} 装箱：主机 1 台、说明书 1 本、合格证 1 张、附件包 1 个、保修卡 1 张。", "", ""),
        ("使用方法", f"{code} 长按开关 2 秒开机，轻触换挡，童锁长按两键 {seconds} 秒。", "", ""),
        ("日常清洁", f"{code} 每 {weeks} 周清洁一次外壳和进水口，长时间不用请排空余水。", "", ""),
    )  # fmt: skip
    for heading, fact, question, says in facts:
        if question:
            asked.append(Asked("model or place", question, code, says))
        yield f"{code} {kind} {heading}", _around(draw, fact)
    names = draw.sample(FAULTS, 5)
    codes = draw.sample(range(1, 30), 5)
    told = "".join(f"E{n:02} 表示{name}：{do}。" for n, (name, do) in zip(codes, names, strict=True))
    for n, (name, _) in list(zip(codes, names, strict=True))[:2]:
        asked.append(
            Asked("code", f"我家的 {code} 屏幕上显示 E{n:02} 是什么意思", code, f"E{n:02} 表示{name}")
        )
    yield f"{code} {kind} 故障代码", _around(draw, told)


def _around(draw: random.Random, fact: str, among: tuple[str, ...] = GENERAL) -> str:
    """It, among what stands in every section."""
    said = draw.sample(among, 11)
    said.insert(draw.randrange(12), fact)
    return "".join(said)


def _paged(lines: list[str]) -> tuple[str, int]:
    """With the foot of each page between them, in the middle of a section as it comes."""
    found, size, page = list[str](), 0, 1
    for line in lines:
        found.append(line)
        size += len(line) + 20  # what a heading and the space around it take
        while size > PAGE * page:
            found += ["", f"清泉家居产品与服务手册　　— {page} —", ""]
            page += 1
    return "\n".join(found), page
