"""Passages that stand alone, and how they are found."""

import pytest

from runtime.knowledge.cutting import LONGEST, cut
from runtime.knowledge.search.found import Wanted
from runtime.knowledge.search.indexes import Indexes
from runtime.knowledge.search.searching import Searching


def passages(text):
    return [passage.whole for passage in cut(text)]


WEAK = 0.12


HANDBOOK = """# 青禾商城服务手册

## 订单

### 查看订单

登录后打开「我的」，点「全部订单」，可以看到每一笔的状态。

### 修改收货信息

发货以前可以在详情里改姓名、电话和地址。已经发出的包裹改不了，请联系快递员。

### 取消

付款后 30 分钟内可以自己取消；超过以后，要等仓库确认。

## 付款

### 支付方式

支持微信支付、支付宝和银行卡，不支持货到付款。

### 发票

下单时勾选「需要发票」，填写抬头和税号，签收后三天内发到邮箱。

### 优惠券

每笔只能用一张，不能和会员折扣一起用，过期作废。

## 配送

### 快递公司

默认发顺丰，偏远地区改发邮政。

### 时效

江浙沪次日达，其他省份两到四天，新疆西藏五到七天。

### 运费

满 99 元包邮，不满收 8 元；新疆西藏另加 15 元。

## 售后

### 退款

仓库收到寄回的商品以后，一到三个工作日原路返还到付款账户。

### 换货

尺码或颜色不合适，七天内可以换一次，来回邮费由买家承担。

### 质量问题

签收 48 小时内拍照给客服，核实后免费补发，不用寄回。

## 会员

### 等级

一年内消费满 1000 元升为银卡，满 5000 元升为金卡。

### 积分

每消费一元得一分，一百分抵一元，年底清零。

### 生日礼

生日当月可以领一张八折券。

## 产品

### 青禾 A100 电饭煲

容量 3 升，功率 500 瓦，保修一年，内胆不粘涂层。

### 青禾 A200 电饭煲

容量 5 升，功率 800 瓦，保修两年，带预约功能。

### 青禾 K30 水壶

容量 1.7 升，功率 1800 瓦，烧开自动断电。

## 门店

### 地址

杭州市西湖区文三路 100 号，地铁二号线学院路站步行三分钟。

### 营业时间

每天上午十点到晚上九点，除夕休息一天。

### 停车

地下一层有免费车位，凭小票两小时内不收钱。
"""
QUESTIONS = [
    ("怎么看订单到哪一步了", "全部订单"),
    ("地址填错了能改吗", "发货以前"),
    ("不想要了怎么取消", "30 分钟"),
    ("可以货到付款吗", "货到付款"),
    ("能开发票吗", "抬头"),
    ("优惠券可以叠加会员折扣吗", "每笔只能用一张"),
    ("发什么快递", "顺丰"),
    ("新疆几天能到", "五到七天"),
    ("多少钱包邮", "99"),
    ("退的钱多久回来", "原路返还"),
    ("钱什么时候退给我", "原路返还"),
    ("尺码不合适想换", "换一次"),
    ("收到的东西坏了", "拍照"),
    ("怎么升金卡", "金卡"),
    ("积分怎么抵钱", "一百分抵一元"),
    ("过生日有什么优惠", "八折券"),
    ("A100 的容量", "3 升"),
    ("A200 保修多久", "两年"),
    ("K30 功率多大", "1800"),
    ("a200 电饭煲能预约吗", "预约功能"),
    ("你们店在哪里", "文三路"),
    ("几点关门", "晚上九点"),
    ("车停哪儿", "免费车位"),
    ("运费怎么算", "99"),
]


async def hits(top):
    search = Searching().search
    wanted = Wanted(top=top)
    found = [(await search(asked, (), wanted, HANDBOOK)).passages for asked, _ in QUESTIONS]
    return [
        any(answer in one.text for one in passages)
        for passages, (_, answer) in zip(found, QUESTIONS, strict=True)
    ]


async def test_most_questions_find_their_passage():
    assert sum(await hits(1)) >= 20
    assert sum(await hits(3)) >= 22


UNRELATED = ["量子力学", "讲个笑话", "你好", "what is quantum mechanics", "🙂", "？？？"]


@pytest.mark.parametrize("asked", UNRELATED)
async def test_what_has_nothing_to_do_with_it_finds_nothing(asked):
    result = await Searching().search(asked, (), Wanted(), HANDBOOK)
    assert not result.fits
    assert all(one.fits < WEAK for one in result.passages)


CUT = [
    (
        "headings go with what is under them",
        "# 甲\n\n## 乙\n\n丙。\n\n## 丁\n\n戊。",
        ["甲 › 乙\n丙。", "甲 › 丁\n戊。"],
    ),
    ("a lower heading ends with a higher one", "## 甲\n乙。\n# 丙\n丁。", ["甲\n乙。", "丙\n丁。"]),
    ("numbers", "第一章 总则\n\n第一节 范围\n\n适用于全体。", ["第一章 总则 › 第一节 范围\n适用于全体。"]),
    (
        "chinese numbers",
        "一、退货\n\n七天内。\n\n二、换货\n\n一次。",
        ["一、退货\n七天内。", "二、换货\n一次。"],
    ),
    (
        "decimal numbers",
        "1 总则\n\n1.1 范围\n\n全体。\n\n1.2 例外\n\n无。",
        ["1 总则 › 1.1 范围\n全体。", "1 总则 › 1.2 例外\n无。"],
    ),
    ("a short line of its own", "退换政策\n\n七天内可以退。", ["退换政策\n七天内可以退。"]),
    ("a list is no heading", "1. 打开\n2. 点设置\n3. 保存", ["1. 打开\n2. 点设置\n3. 保存"]),
    (
        "a line with its own text is none",
        "运费：满 99 元包邮\n\n发票：可以开",
        ["运费：满 99 元包邮", "发票：可以开"],
    ),
    ("a heading without text is not lost", "# 甲\n\n# 乙\n\n丙。\n\n# 丁", ["甲", "乙\n丙。", "丁"]),
    ("windows lines", "# 甲\r\n\r\n乙。", ["甲\n乙。"]),
    ("nothing", " \n\n ", []),
]


@pytest.mark.parametrize(("text", "found"), [case[1:] for case in CUT], ids=[case[0] for case in CUT])
def test_a_text_is_cut_into_passages(text, found):
    assert passages(text) == found


def test_a_long_paragraph_is_cut_after_sentences():
    found = passages("茶叶要密封保存。" * 100)
    assert len(found) == 2
    assert all(len(one) <= LONGEST and one.endswith("。") for one in found)


def test_what_leads_into_a_list_stays_with_all_of_it():
    found = passages("办理退货：\n" + "\n".join(f"{n}. 第{n}步要做的事情写在这里" for n in range(60)))
    assert len(found) > 1
    assert all(one.startswith("办理退货：") for one in found)


def test_a_line_without_an_end_is_cut_too():
    assert all(len(one) <= LONGEST for one in passages("茶" * 5000))


def test_no_character_is_lost():
    kept = "".join("".join(one.split("\n")[-1] for one in passages(HANDBOOK)).split())
    body = "".join(line for line in HANDBOOK.splitlines() if not line.startswith("#"))
    assert kept == "".join(body.split())


def test_only_so_many_indexes_of_pasted_texts_are_kept():
    indexes = Indexes(None, most_texts=2)
    first = indexes.of_text("甲")
    assert indexes.of_text("甲") is first
    indexes.of_text("乙")
    indexes.of_text("丙")
    assert indexes.of_text("甲") is not first
