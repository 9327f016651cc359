"""What is read of each kind of document. The documents were made with python-docx, python-pptx, openpyxl,
ebooklib and reportlab, which share nothing with our readers."""

import io
import zipfile
from pathlib import Path

import pytest

from runtime.knowledge.reading import (
    HEAD,
    NOTES,
    At,
    Given,
    NotRead,
    Pair,
    Scan,
    Section,
    Unread,
    kind_of,
    kinds,
)
from runtime.knowledge.reading._decoded import decoded
from runtime.knowledge.reading._page_text import Furniture, paragraphs
from runtime.knowledge.reading._zipped import Zipped

DOCUMENTS = Path(__file__).parent / "documents"


def given(content, ending="", **more):
    return Given(io.BytesIO(content), content[:HEAD], len(content), ending, **more)


def read(content, ending="", **more):
    """Kind and items; a refusal is the last of them."""
    what, found = given(content, ending, **more), []
    try:
        name = kind_of(what)
    except NotRead as e:
        return "", [Unread(e.why, detail=e.detail)]
    what.file.seek(0)
    try:
        found += [item for item in kinds()[name].read(what) if not isinstance(item, At)]
    except NotRead as e:
        found.append(Unread(e.why, detail=e.detail))
    return name, found


def document(name, **more):
    with (DOCUMENTS / name).open("rb") as file:
        content = file.read()
        file.seek(0)
        what = Given(file, content[:HEAD], len(content), name.rpartition(".")[2], **more)
        kind = kind_of(what)
        file.seek(0)
        return kind, [item for item in kinds()[kind].read(what) if not isinstance(item, At)]


def test_word_is_read_with_headings_lists_tables_and_pages():
    hand = "员工手册"
    assert document("handbook.docx") == (
        "word",
        [
            Section(
                "入职满一年的员工每年有五天年假。\n1. 提前三天申请\n2. 主管批准\n加班费按两倍工资计算。",
                (hand, "第一章 请假", "年假"),
                1,
            ),
            Section(
                "城市：北京；交通：50元；住宿：600元\n城市：北京；交通：80元；住宿：700元\n"
                "城市：上海；交通：60元；住宿：500元\n合同编号 HT-2024-08 写在内容控件里。",
                (hand, "第二章 津贴"),
                2,
            ),
        ],
    )


def test_slides_sheets_books_are_read_as_people_see_them():
    assert document("slides.pptx")[1] == [
        Section("鸿雁一号九月上市\n售价 1299 元", ("新品发布",), 1),
        Section("不要提前公布价格", ("新品发布", NOTES), 1),
        Section(
            "型号：HY-1；续航：10小时；重量：1.2千克\n型号：HY-2；续航：14小时；重量：1.5千克",
            ("参数对比",),
            2,
        ),
    ]
    kind, found = document("prices.xlsx")
    assert (kind, found[0].headings, found[0].text.split("\n")[1]) == (
        "excel", ("价目", "2024 年价目表"), "型号：HY-2；价格：1599.5；折扣：15%；上市：2024-09-02",
    )  # fmt: skip
    assert found[1].text == "门店：一店；电话：010-1；地址：东街\n门店：一店；电话：010-2"
    assert "进价" not in str(found)
    assert "evil" not in str(found)
    assert document("book.epub")[1] == [
        Section("籝，一曰篮。", ("二之具",)), Section("茶者，南方之嘉木也。", ("一之源",)),
    ]  # fmt: skip


def test_a_text_is_the_same_from_every_office_with_its_headings_tables_and_pictures():
    """wiring.docx is python-docx's, the .odt LibreOffice's of it."""
    for name in ("wiring.docx", "wiring.odt"):
        _, (first, *rest, told) = document(name)
        rows = "型号：HY-1；功率：1500W；价格：1299元\n型号：HY-2；功率：2200W；价格：1899元"
        assert first == Section(f"每天检查油位。\n{rows}", ("第一章 维护",))
        assert rest == [Section("按图接线。\n图下的话。", ("第二章 接线",))]
        assert told == Unread("pictures", detail="1")  # shown twice; the logo says nothing
        _, found = document(name, scans=True)
        (shown,) = (item for item in found if isinstance(item, Scan))
        assert shown.headings == ("第二章 接线",)
        assert shown.picture.startswith(b"\xff\xd8\xff")
        assert shown.place < 0


def test_rich_text_is_read_with_headings_rows_and_chinese_of_either_spelling():
    page = (
        rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}{\stylesheet{\s0 Normal;}"
        rb"{\s1\sb240 heading 1;}}{\info{\author \'cd\'f5}}\pard\plain\s1 \f0\'b1\'a3\'d0\'de\par"
        rb"\pard\outlinelevel1 \u36816 ?\u-10179 ?\u-8704 ?\par\pard see {\field{\*\fldinst{HYPERLINK "
        rb'"http://x"}}{\fldrslt{here}}}\par\trowd model\cell price\cell\row\trowd HY-1\cell 99\cell\row'
        rb"{\pict " + b"0f" * 3000 + rb"}\par end}"
    )
    told = "# 保修\n## 运😀\nsee here\nmodel：HY-1；price：99\n\nend"
    assert read(page, "doc") == ("rtf", [Section(told)])
    # Links that end nowhere: the library alone takes minutes.
    assert read(b"{\\rtf1 " + b'{\\field{\\*\\fldinst{HYPERLINK "x' * 3000)[0] == "rtf"


def test_a_sheet_with_lone_cells_at_its_ends_is_read_within_bounds():
    """lone.xlsx is openpyxl's, lone.ods LibreOffice's of it: A1048576 and XFD1 are filled."""
    rows = "型号：HY-1；价格：{price}；备注：缺货\n型号：HY-2；价格：20"
    for name, price in (("lone.xlsx", "15%"), ("lone.ods", "0.15")):
        told = [Section(rows.format(price=price)), Section("最后一行")]
        assert document(name) == ("excel", told), name


def test_rows_of_printed_tables_are_understood_alone_also_over_the_page():
    """table.pdf is reportlab's: a cell merged downwards, cells of several lines, a table over two pages."""
    _, (first, last) = document("table.pdf")
    assert first.text.startswith(
        "下表是各型号的参数。\n"
        "类别：净化器；型号：KJ-300；说明：滤芯每六个月更换一次，更换前请先断开电源并等待五分钟\n"
        "类别：净化器；型号：KJ-500；说明：带甲醛显示\n"
        "类别：加湿器；型号：JS-20；说明：Fill with clean water only, never hot\n差旅标准：\n"
    )
    rows = [f"城市：城市{chr(0x4E00 + i)}；住宿：{300 + i} 元" for i in range(28)]
    assert first.text.split("\n")[-24:] + last.text.split("\n")[:-1] == rows
    assert last.text.endswith("\n自 2025 年起执行。")


def test_a_table_of_questions_is_pairs_whatever_holds_it():
    pairs = [
        Pair(("怎么退货", "如何退货", "退货流程"), "七天内联系客服，原路退款。"),
        Pair(("几点营业",), "每天九点到二十一点。"),
    ]
    assert document("faq.xlsx") == ("excel", pairs)
    rows = (
        "问题（必填）;相似问1;回答\n怎么退货;如何退货|退货流程;七天内联系客服，原路退款。\n"
        "几点营业;;每天九点到二十一点。\n"
    )
    assert read(rows.encode("gb18030"), "csv") == ("csv", pairs)
    # what a spreadsheet would run is kept from it by a mark, which is none of the answer
    assert read(b"question,answer\nq,'=1+1\n", "csv")[1] == [Pair(("q",), "=1+1")]


def test_a_pdf_is_paragraphs_under_its_headings_without_what_is_on_every_page():
    kind, found = document("manual.pdf")
    assert (kind, [item.page for item in found]) == ("pdf", [1, 2, 3, 4])
    first, second, scan, last = found
    assert first.text.startswith(
        "# 保修范围\n保修期自购买之日起二十四个月，期间非人为损坏免费维修，人为损坏按零件价格"
    )
    assert first.text.endswith("\n（一）进水\n（二）自行拆机")
    assert second.text == "# 退货\n七天内无理由退货，运费由买家承担。"
    assert scan == Unread("scanned", 3)
    assert last.text == "# 联系我们\n电话 400-800-1234，每天九点到十八点。"


def test_headers_that_count_with_the_pages_and_contents_are_no_text():
    furniture = Furniture()
    texts = {
        page: f"Chapter 3: Tools {page - 4}\n7 rules\nbody of page {page}\nmore\n{page}/9" for page in (9, 10)
    }
    for page, text in texts.items():
        furniture.see(text, page)
    assert furniture.without(texts[9], 9) == ["7 rules", "body of page 9", "more"]
    assert furniture.without("保修范围 . . . . . . . 12\n退货 ……………… iv\n价格 12.5.3\n1\n- 2 -", 1) == [
        "价格 12.5.3"
    ]


BROKEN = [
    ("订单和价格要在983天内办理，编号333093，发票要在96", "0天内办理", "发票要在960天内办理"),
    ("这一批净水器的滤芯请到门店更换，型号是 KJ-", "300，每年一次", "型号是 KJ-300，每年一次"),
    ("The filters of this purifier are changed in the shop once in 12", "30 days", "once in 12 30 days"),
    ("The filters of this purifier are changed in the shop by a techni-", "cian", "a technician"),
]


def test_numbers_that_are_broken_for_the_width_of_a_line_are_whole_again():
    for first, second, whole in BROKEN:
        assert paragraphs([first, second]).endswith(whole), first


def test_pages_without_text_are_pictures_when_a_model_sees():
    _, found = document("manual.pdf", scans=True, first=3, skip=frozenset({4}))
    assert [type(item) for item in found] == [Scan]
    assert found[0].page == 3
    assert found[0].picture.startswith(b"\xff\xd8\xff")
    kind, seen = read(found[0].picture, "txt", scans=True)
    assert (kind, type(seen[0])) == ("picture", Scan)
    assert read(found[0].picture) == ("picture", [Unread("unseen")])


def test_marked_up_texts_are_read_without_marks_scripts_and_menus():
    page = """<!doctype html><title>x</title><nav>menu</nav><h1>退换</h1><script>alert(1)</script>
    <p>七天内 <b>可退</b>。<table><tr><th>型号<th>价格</tr><tr><td>HY-1</td><td>99&nbsp;元</td></tr></table>
    <h2>空的</h2><h2>运费</h2><ul><li>省内 5 元<li>省外 9 元</ul><footer>foot</footer>"""
    assert read(page.encode(), "txt") == (
        "html",
        [
            Section("七天内 可退。\n型号：HY-1；价格：99 元", ("退换",)),
            Section("空的", ("退换",)),
            Section("- 省内 5 元\n- 省外 9 元", ("退换", "运费")),
        ],
    )
    text = (
        "---\na: b\n---\n# 退换\n七天内**可退**。\n\n| 型号 | 价格 |\n|--|--|\n| HY-1 | 99 |\n\n"
        "## 运费\n- 省内\n- 省外\n\n```\nx = 1\n```\n"
    )
    assert read(text.encode(), "md") == (
        "markdown",
        [
            Section("七天内可退。\n\n型号：HY-1；价格：99", ("退换",)),
            Section("- 省内\n- 省外\n\nx = 1", ("退换", "运费")),
        ],
    )


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "cp932", "cp949", "cp1251"]
)
def test_a_text_is_read_whatever_it_is_encoded_in(codec):
    text = {
        "big5": "這是一份關於產品保固的說明，購買之日起兩年之內免費維修，請保留發票。",
        "cp932": "これは製品の保証に関する説明です。購入日から二年間、無料で修理いたします。",
        "cp949": "이것은 제품 보증에 대한 설명입니다. 구입일로부터 이 년 동안 무료로 수리해 드립니다.",
        "cp1251": "Это описание гарантии на изделие. В течение двух лет ремонт бесплатный.",
    }.get(codec, "保修期自购买之日起二十四个月，期间免费维修。Model HY-1 的价格是 99 元。")
    assert read((text * 3).encode(codec)) == ("text", [Section(text * 3)])


def test_a_few_chinese_words_are_not_taken_for_korean():
    assert decoded("退货流程".encode("gb18030")) == "退货流程"


def zipped(how=zipfile.ZIP_DEFLATED, **entries):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as out:
        for name, content in entries.items():
            out.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCX = (DOCUMENTS / "handbook.docx").read_bytes()
BAD = {
    "nothing": (b"", "pdf", "empty"),
    "a program": (b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)) * 4, "pdf", "unknown"),
    "a ZIP of anything": (zipped(a="x"), "docx", "unknown"),
    "entities": (zipped(word__document_xml=LAUGHS), "docx", "bomb"),
    "depth": (zipped(word__document_xml="<a>" * 3000), "docx", "bomb"),
    "no XML": (zipped(word__document_xml="<a><b></a>"), "docx", "broken"),
    "a cut document": (DOCX[: len(DOCX) // 2], "docx", "broken"),
    "a cut PDF": ((DOCUMENTS / "manual.pdf").read_bytes()[:40], "pdf", "broken"),
}


def wholly(what):
    kind = kind_of(what)
    what.file.seek(0)
    return list(kinds()[kind].read(what))


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_told_with_its_reason(case, tmp_path):
    content, ending, why = BAD[case]
    file = tmp_path / "file"
    file.write_bytes(content)
    with file.open("rb") as opened:
        what = Given(opened, content[:HEAD], len(content), ending)
        with pytest.raises(NotRead) as told:
            wholly(what)
    assert told.value.why == why


def test_old_and_locked_office_files_are_told_apart(tmp_path):
    for stream, why, detail in (
        ("WordDocument", "old", "docx"),
        ("PowerPoint Document", "old", "pptx"),
        ("EncryptedPackage", "encrypted", ""),
    ):
        name = stream.encode("utf-16-le")
        entry = name + bytes(64 - len(name)) + bytes([len(name) + 2])
        (tmp_path / "file").write_bytes(OLE + bytes(1000) + entry + bytes(1000))
        with (tmp_path / "file").open("rb") as opened:
            what = Given(opened, OLE, 2000, "doc")
            assert kind_of(what) == "old_office"
            with pytest.raises(NotRead) as told:
                list(kinds()["old_office"].read(what))
        assert (told.value.why, told.value.detail) == (why, detail)


def test_a_zip_is_not_unpacked_beyond_its_bound_whatever_it_says():
    bomb = given(zipped(a=bytes(5_000_000), b=bytes(5_000_000)))
    with pytest.raises(NotRead, match="bomb"):
        Zipped(bomb, most=6_000_000).check()
    Zipped(bomb, most=10_000_000).check()
    for how in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):  # of those a piece may be gigabytes
        with pytest.raises(NotRead, match="bomb"):
            Zipped(given(zipped(how, a="x"))).read("a")
    locked = bytearray(zipped(a="x"))
    locked[6] |= 1
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(NotRead, match="encrypted"):
        Zipped(given(bytes(locked))).read("a")


def paragraph(text, level=0, number="7"):
    listed = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    return f"<w:p>{listed}<w:r><w:t>{text}</w:t></w:r></w:p>"


def test_numbers_that_word_only_shows_are_there_and_what_was_taken_out_is_not():
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kinds = (
        ("chineseCounting", "第%1条", ""),
        ("decimal", "%1.%2", "<w:isLgl/>"),
        ("lowerRoman", "(%1%3)", ""),
    )
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{plain}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text, plain) in enumerate(kinds)
    )
    numbering = (
        f'<w:numbering {space}><w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum>'
        '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num></w:numbering>'
    )
    box = "<w:p><w:r><w:txbxContent><w:p><w:r><w:t>框里</w:t></w:r></w:p></w:txbxContent></w:r></w:p>"
    gone = "<w:p><w:moveFrom><w:r><w:t>挪走</w:t></w:r></w:moveFrom><w:r><w:t>留下</w:t></w:r></w:p>"
    twice = "<w:p><w:Fallback><w:r><w:t>重复</w:t></w:r></w:Fallback></w:p>"
    body = [
        paragraph("总则"),
        paragraph("范围", 1),
        paragraph("细节", 2),
        paragraph("费用", 1),
        box,
        gone,
        twice,
    ]
    body += [paragraph(f"条 {n}") for n in range(2, 12)]
    notes = (
        f"<w:footnotes {space}><w:footnote><w:p><w:r><w:t>注一</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    made = zipped(
        word__document_xml=f"<w:document {space}><w:body>{''.join(body)}</w:body></w:document>",
        word__numbering_xml=numbering,
        word__footnotes_xml=notes,
    )
    kind, [text, note] = read(made, "docx")
    lines = text.text.split("\n")
    assert (kind, lines[:6]) == (
        "word", ["第一条 总则", "1.1 范围", "(一i) 细节", "1.2 费用", "框里", "留下"],
    )  # fmt: skip
    assert lines[-1] == "第十一条 条 11"
    assert note == Section("注一", ("脚注",))
