"""Why something could not be read, in words that say what to do."""

from collections.abc import Mapping

from runtime.knowledge.reading import Unread, Why
from runtime.lang import Text

SENTENCES: Mapping[Why, Text] = {
    "empty": Text("文件是空的。", "The file is empty."),
    "no_text": Text("里面没有文字。", "There is no text in it."),
    "unknown": Text(
        "不是能读的文件：请用 PDF、Word、Excel、PowerPoint、OpenDocument、RTF、Markdown、HTML、文本、CSV 或 "
        "EPUB。",
        "This kind of file is not read: use PDF, Word, Excel, PowerPoint, OpenDocument, RTF, Markdown, HTML, "
        "text, CSV or EPUB.",
    ),
    "old": Text(
        "这是 2007 年以前的 Office 格式，请在 Office 或 WPS 里另存为 {detail}。",
        "This is Office's format of before 2007: open it in Office or WPS and save it as {detail}.",
    ),
    "encrypted": Text(
        "文件有密码，请去掉密码后再上传。", "The file has a password: remove it and upload it again."
    ),
    "broken": Text(
        "文件损坏了，打不开。请重新导出一份再上传。",
        "It is damaged and cannot be opened. Export it anew and upload that.",
    ),
    "bomb": Text(
        "解压后大得不合理，没有读。请拆成几个文件。",
        "Unpacked it would be unreasonably large; it was not read. Split it into several files.",
    ),
    "scanned": Text(
        "是扫描的图片，没有文字。选一个能看图的模型就能读。",
        "It is a scanned picture without text. With a model that sees it can be read.",
    ),
    "unseen": Text(
        "图片要由能看图的模型来读，还没有选。", "A picture is read by a model that sees, and none is chosen."
    ),
    "pictures": Text(
        "里面的 {detail} 张图片没有读，文字都读了。选一个能看图的模型就能读。",
        "Its text is read, {detail} picture(s) in it are not. With a model that sees they can be read.",
    ),
    "pixels": Text("图片太大了，请缩小后再上传。", "The picture is too large: make it smaller."),
    "too_long": Text(
        "太长，后面的没有读。请拆成几个文件。",
        "It is too long; the rest was not read. Split it into several files.",
    ),
    "too_many": Text(
        "图片页太多，后面的没有读。", "There are too many pages of pictures; the rest was not read."
    ),
    "memory": Text(
        "读它要用的内存太多，停下了。请拆成几个文件。",
        "Reading it took too much memory and was stopped. Split it into several files.",
    ),
    "time": Text(
        "读它用的时间太长，停下了。请拆成几个文件，或另存为别的格式。",
        "Reading it took too long and was stopped. Split it, or save it in another format.",
    ),
    "died": Text(
        "读到这里程序出错了，跳过了。请另存为别的格式试试。",
        "The reader failed here and went on behind it. Try saving it in another format.",
    ),
    "model": Text("看图的模型没有读出来（{detail}）。", "The model that sees did not read it ({detail})."),
    "missing": Text(
        "文件夹里没有这个文件了。请放回去，或移除这个来源。",
        "The file is no longer in the folder. Put it back, or remove the source.",
    ),
    "too_large": Text(
        "文件太大（上限 {detail} MB）。请拆成几个文件。",
        "The file is too large (at most {detail} MB). Split it into several files.",
    ),
    "no_file": Text("不是普通文件，没有读。", "It is no plain file and was not read."),
    "disk": Text(
        "磁盘写不进去，腾出空间后会自动再试。",
        "The disk takes no more; it is tried again when there is room.",
    ),
    "web": Text("网页没有取到：{detail}", "The page was not fetched: {detail}"),
    "listed": Text(
        "网站地图里有网页没有取到，下次更新时再试：{detail}",
        "Pages that the sitemap lists were not fetched; they are tried again when it is: {detail}",
    ),
}
PAGE = Text("第 {page} 页：{why}", "Page {page}: {why}")


def said(unread: Unread) -> Text:
    """The reason, and the page where it is about one."""
    why = SENTENCES[unread.why].fill(detail=unread.detail or "?")
    return why if unread.page is None else PAGE.fill(page=unread.page, why=why)
