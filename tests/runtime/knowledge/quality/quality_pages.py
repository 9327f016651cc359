"""Three hundred pages to ask about: four handbooks that were written by hand, two that are drawn up here.

Those drawn up are full of look-alikes, as real ones are: ninety products in nine families, forty faults,
fifty calls of an API. The same seed gives the same pages.
"""

import random
from pathlib import Path

HERE = Path(__file__).parent
WRITTEN = ("shop", "insurance", "school", "staff")

FAMILIES = {
    # kind: letters of its models, what its size is counted in, sizes, what it can
    "电饭煲": ("FB", "升", (1.6, 3, 4, 5), "预约煮粥 柴火饭模式 蒸煮同步 婴儿辅食 快煮二十分钟"),
    "电热水壶": ("SH", "升", (0.8, 1.2, 1.7, 2), "五档保温 沸腾后自动断电 手机远程加热 除氯 静音煮水"),
    "净水器": (
        "JS",
        "加仑",
        (400, 600, 800, 1000),
        "滤芯自助更换 废水二次利用 漏水自动关阀 矿物质保留 水质屏显",
    ),
    "扫地机器人": (
        "SD",
        "毫升尘盒",
        (300, 350, 420, 500),
        "自动集尘 拖布抬升 避开宠物粪便 断点续扫 语音指定房间",
    ),
    "空气炸锅": ("KZ", "升", (3.5, 4.5, 5.5, 7), "可视窗口 免翻面 低温发酵 双锅同时烹饪 内锅可进洗碗机"),
    "加湿器": ("JQ", "升", (2.5, 4, 5.2, 6), "上加水 恒湿控制 紫外除菌 缺水停机 夜灯"),
    "吸尘器": ("XC", "毫升尘杯", (400, 500, 650, 800), "绿光显尘 除螨刷头 防缠绕滚刷 吸拖一体 壁挂充电"),
    "电暖器": ("DN", "平方米", (10, 15, 20, 28), "倾倒断电 烘衣架 定时关机 母婴静音 防水浴居"),
    "破壁机": ("PB", "升", (0.6, 1.2, 1.5, 1.75), "免手洗 隔音罩 冷热双杯 预约豆浆 真空榨汁"),
}
COLOURS = ("雾白", "墨绿", "石墨灰", "奶油黄", "樱花粉", "深海蓝")
OPENINGS = (
    "{brand} {model} 面向{people}设计，{size}，额定功率 {watts} 瓦。",
    "适合{people}。{size}，功率 {watts}W，机身净重 {kilos} 千克。",
    "{model} 是{year}年上市的款式，{size}，最大功率 {watts} 瓦，主要卖给{people}。",
)
MIDDLES = (
    "支持{one}和{two}，有{colour}、{other}两种颜色。",
    "主打{one}，同时具备{two}；配色为{colour}与{other}。",
    "可选{colour}或{other}，核心功能是{one}、{two}。",
)
ENDINGS = (
    "官方售价 {price} 元，整机质保 {months} 个月。",
    "建议零售价 {price} 元，保修期 {months} 个月，电机另算。",
    "定价 {price} 元；{months} 个月内免费维修。",
)
PEOPLE = ("一两口人", "三口之家", "四到六人的大家庭", "宿舍和出租屋", "有老人和孩子的家庭", "小型办公室")
CAUSES = (
    ("温度传感器断路", "拔掉电源十分钟后重试，仍然出现请更换探头"),
    ("进水压力不足", "检查总阀与前置滤网，必要时加装增压泵"),
    ("电机过载", "清理缠住的毛发和异物，冷却半小时再开"),
    ("上盖没有合紧", "擦净卡扣并用力按下，听到咔嗒声为准"),
    ("电池电压过低", "接上原装充电器至少两小时，勿用快充头"),
    ("主板通信中断", "恢复出厂设置，重新绑定手机；无效则送修"),
    ("风道堵塞", "取下滤网用软毛刷清洗，完全晾干后装回"),
    ("水箱缺水", "补充纯净水至最高刻度，排空管内气泡"),
)
RESOURCES = {
    "orders": ("订单", "下单时间、买家与金额"),
    "refunds": ("退款单", "原因、金额与凭证图片"),
    "coupons": ("优惠券", "面额、门槛与有效期"),
    "members": ("会员", "昵称、等级与标签"),
    "products": ("商品", "名称、规格与库存"),
    "shipments": ("运单", "承运商、轨迹与签收人"),
    "invoices": ("发票", "抬头、税号与文件地址"),
    "webhooks": ("回调订阅", "地址、事件与密钥"),
    "messages": ("客服消息", "会话、类型与正文"),
    "reports": ("报表", "周期、维度与下载链接"),
}
CALLS = (
    ("POST", "", "创建", "必填字段缺失时返回 {code}。同一幂等键在 {hours} 小时内重复提交只生效一次。"),
    ("GET", "/{{id}}", "查询单个", "找不到返回 {code}。结果缓存 {seconds} 秒，字段包括{fields}。"),
    (
        "GET",
        "",
        "批量列出",
        "每页默认 20 条、最多 {most} 条，用 cursor 翻页；游标 {seconds} 秒后失效，错误码 {code}。",
    ),
    (
        "PATCH",
        "/{{id}}",
        "修改",
        "只改传入的字段，版本冲突返回 {code}，请先重新读取再提交。每分钟限 {most} 次。",
    ),
    ("DELETE", "/{{id}}", "删除", "逻辑删除，{hours} 小时内可恢复；有关联数据时返回 {code}。"),
)


def pages():
    """(document, heading, text) of each, in their order."""
    draw = random.Random(1)
    return [*written(), *products(draw), *faults(draw), *calls(draw)]


def written():
    for name in WRITTEN:
        title, *sections = (HERE / f"{name}.md").read_text(encoding="utf-8").split("\n## ")
        for section in sections:
            heading, _, text = section.partition("\n")
            yield title.removeprefix("# ").strip(), heading, text.strip()


def products(draw):
    for kind, (letters, unit, sizes, abilities) in FAMILIES.items():
        for number in range(1, 11):
            model = f"{letters}-{draw.choice('ABCE')}{number}{draw.choice(('0', '00', '20', '50'))}"
            size = f"{draw.choice(sizes)} {unit}"
            one, two = draw.sample(abilities.split(), 2)
            colour, other = draw.sample(COLOURS, 2)
            facts = dict(
                brand="青禾",
                model=model,
                people=draw.choice(PEOPLE),
                size=size,
                one=one,
                two=two,
                watts=draw.randrange(200, 2400, 50),
                kilos=draw.randrange(8, 90) / 10,
                colour=colour,
                other=other,
                year=draw.choice((2023, 2024, 2025)),
                price=draw.randrange(129, 3999, 10),
                months=draw.choice((12, 18, 24, 36)),
            )
            text = "".join(draw.choice(part).format(**facts) for part in (OPENINGS, MIDDLES, ENDINGS))
            yield "青禾电器产品手册", f"{kind} {model}", text


def faults(draw):
    for kind, (letters, *_) in list(FAMILIES.items())[:5]:
        for (cause, cure), number in zip(CAUSES, draw.sample(range(1, 60), 8), strict=True):
            text = f"屏幕显示 E{number:02} 表示{kind}{cause}。处理办法：{cure}。"
            yield "青禾电器故障代码", f"{kind} {letters}-E{number:02}", text


def calls(draw):
    for path, (name, fields) in RESOURCES.items():
        for verb, below, what, text in CALLS:
            facts = dict(
                code=draw.randrange(40001, 42999),
                hours=draw.choice((12, 24, 48, 72)),
                fields=fields,
                seconds=draw.choice((5, 30, 60, 300)),
                most=draw.choice((50, 100, 200, 500)),
            )
            address = f"{verb} /v2/{path}{below.format()}"
            yield (
                "开放平台接口文档",
                f"{what}{name} {address}",
                f"{address}：{what}{name}。{text.format(**facts)}",
            )
