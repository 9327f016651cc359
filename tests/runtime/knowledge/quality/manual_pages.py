"""A manual of 150 pages as people paste it: one long text with numbered headings and the feet of its pages.

What is asked for stands once, in a sentence or two of its section (manual.txt). Around it stands what such
manuals say everywhere, so that hundreds of passages are nearly alike. The same seed gives the same text.
"""

import random
from pathlib import Path

PAGE = 500
DEPARTMENTS = (
    *("客户服务中心", "工程维修部", "安全保卫部", "环境管理部"),
    *("财务结算部", "品质督导组", "综合办公室"),
)
FORMS = ["登记表", "检查记录", "交接单", "整改通知", "巡视日志", "审批单", "台账"]
SAYS = (
    "本节由{a}负责解释，{b}配合执行，相关记录归入{f}并按年度装订。",
    "当班人员应提前十分钟到岗，按{f}逐项核对，发现与实际不符的当场更正并签名。",
    "{a}每月汇总一次{h}的执行情况，形成简报后送{b}备查。",
    "涉及{h}的询问由{a}统一答复，其他岗位不得擅自承诺时限和费用。",
    "遇有与{h}有关的突发情况，先保证人身安全，再保护财产，并立即报告{a}。",
    "新员工上岗前须接受{h}方面的培训，考核合格后由{b}在{f}上签字确认。",
    "外包单位进场前由{a}查验资质，{b}进行安全交底，双方在{f}上签章。",
    "{h}所需的工具、耗材由{b}统一采购，领用时填写{f}，月底盘点。",
    "对{h}的检查采取日常巡查、专项检查和{a}抽查相结合的方式，结果与考核挂钩。",
    "记录不得涂改，确需更正的以单横线划去原文并由更正人签名，{f}保存期限按档案规定执行。",
    "本节未尽事宜参照有关法律、法规和{a}发布的通知执行，两者不一致时以较严格的为准。",
    "{b}发现{h}的做法不适应实际时，可书面提出修订建议，由{a}组织评审。",
    "夜间和节假日由值班经理代行{a}的职责，次日上午将处理经过补录入{f}。",
    "与租户沟通{h}的事项应当使用规范用语，耐心说明，必要时请{b}派人陪同。",
    "凡因未按规定执行造成损失的，由{a}查明原因，按责任大小提出处理意见。",
    "{f}一式两份，一份留存现场，一份送{b}，电子版本同步上传至运维平台。",
)
PARTS = ("目的与范围", "职责", "工作要求", "记录与归档", "检查与改进")


def sections():
    """Chapter, heading, what it says, a question and words of the answer; no heading: there is no answer."""
    chapter = ""
    for line in (Path(__file__).parent / "manual.txt").read_text(encoding="utf-8").splitlines():
        parts = [part.strip() for part in line.split("|")]
        if len(parts) > 1 and not line.startswith("#"):
            yield chapter, *parts
        elif not line.startswith("#"):
            chapter = parts[0]


def asked():
    """Question, and words of the passage that answers it; "": none does."""
    return [(question, answer) for *_, question, answer in sections()]


def manual():
    """The text, and how many pages it has."""
    draw = random.Random(3)  # nothing is kept secret by it
    lines, before, chapter, section, size, page = ["滨江国际广场物业服务与设施运维手册"], "", 0, 0, 0, 1
    for its, heading, fact, *_ in (one for one in sections() if one[1]):
        section += 1
        if its != before:
            lines += ["", its]
            before, chapter, section = its, chapter + 1, 1
        lines += ["", f"{chapter}.{section} {heading}", ""]
        where = draw.randrange(1, 4)
        for number, part in enumerate(PARTS):
            says = [_said(draw, heading) for _ in range(draw.randrange(5, 8))]
            if number == where:
                says.insert(draw.randrange(len(says)), fact)
            lines += [f"（{'一二三四五'[number]}）{part}", "".join(says)]
            size += len(lines[-1])
            if size > page * PAGE:
                lines += ["", f"滨江国际广场运维手册（2025 版）　　第 {page} 页", ""]
                page += 1
    return "\n".join(lines), page


def _said(draw, heading):
    a, b, f = draw.choice(DEPARTMENTS), draw.choice(DEPARTMENTS), draw.choice(FORMS)
    return draw.choice(SAYS).format(a=a, b=b, f=f, h=heading)
