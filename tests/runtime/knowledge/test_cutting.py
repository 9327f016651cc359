"""What is a heading in a text as people paste it, and what stays together."""

from markdown_it import MarkdownIt

from cost import cpu_seconds
from runtime.knowledge.cutting import cut
from runtime.knowledge.reading.markdown import sections


def test_a_command_of_root_is_no_heading():
    said = cut(
        "第一章 安装\n\n先更新：\n\n# apt update\n\n再装好这个软件包。\n\n    # 停掉服务\n    stop\n\n完成。"
    )
    assert {one.headings for one in said} == {("第一章 安装",)}
    assert any("# apt update" in one.text for one in said)
    assert cut("# 退货\n\n七天内可以退。")[0].headings == ("退货",)
    assert cut("root@shop:~# reboot\n\n机器会重新启动，请稍候。")[0].headings == ()


def test_a_remark_in_code_is_no_heading_of_the_markdown_around_it():
    text = "# 安装\n\n先装依赖：\n\n```bash\n# 更新软件源\napt update\n\n# 再安装\napt install x\n```\n"
    found = [
        p
        for s in sections(MarkdownIt("commonmark").enable("table").parse(text))
        for p in cut(s.text, s.headings)
    ]
    assert {one.headings for one in found} == {("安装",)}
    assert "# 更新软件源" in "".join(one.text for one in found)


def test_points_of_a_list_with_blank_lines_between_stay_together_under_what_leads_to_them():
    [one] = cut("好密码里有：\n\n* 大写字母\n\n* 小写字母，\n  不要全是\n\n* 数字")
    assert one.text == "好密码里有：\n* 大写字母\n* 小写字母，\n不要全是\n* 数字"
    assert [p.text for p in cut("没有引子。\n\n- 一\n\n- 二\n\n另一段。")] == [
        "没有引子。",
        "- 一\n- 二",
        "另一段。",
    ]


def test_a_point_that_goes_on_in_the_next_line_is_no_heading():
    point = "4. 在引导界面按下 e 键编辑启动参数，把最后一行改成\n这样，再按回车。"
    text = f"第一章 启动\n\n{point}\n\n改完以后重新启动机器就可以了。"
    assert {one.headings for one in cut(text)} == {("第一章 启动",)}
    assert cut("一、退货\n七天内可以退。")[0].headings == ("一、退货",)


def test_many_short_lines_take_no_longer_each():
    one = cpu_seconds(cut, "短行\n\n" * 2500)
    assert cpu_seconds(cut, "短行\n\n" * 20_000, enough=20 * one) < 20 * one
