"""When this installation was backed up last, as the audit log has it."""

from runtime.backups.plan import Plans
from runtime.care.site import DAY, Site, told
from runtime.channels import Told
from runtime.lang import NOTHING, Text
from runtime.store.messages.growth import backed_up_at

OLD = 8.0
"""Days after which the newest one is too old: one a week, and a day."""
NONE = Text("没有备份过（至少不是用鸿雁备份的）。", "There was no backup, at least none that Hongyan made.")
MAKE_ONE = Text(
    "在「备份」页定一个计划，或运行 python app.py backup 文件.tar.gz；放到别的机器上，每天一次最好。",
    "Make a plan on the page Backups, or run python app.py backup FILE.tar.gz; keep it on another machine, "
    "once a day is best.",
)
FAILING = Text("定时备份失败了 {times} 次：{why}", "The planned backup failed {times} times: {why}")
SEE = Text(
    "改好原因，再在「备份」页立即备份，或运行 python app.py backup --due。",
    "Mend that, then back up now on the page Backups, or run python app.py backup --due.",
)
NEWEST = Text("最近一次备份在 {days} 天前。", "The newest backup is {days} days old.")


def backup(site: Site) -> Told:
    """Not made yet is no fault: disks may be copied by other means."""
    plans = Plans(site.settings.data)
    last = plans.last()
    if plans.plan() and last.failures:
        return told(False, FAILING, SEE, times=last.failures, why=last.why or NOTHING)
    at = max(backed_up_at(site.messages), last.good_at or 0.0)
    if not at:
        return told(None, NONE, MAKE_ONE)
    days = max(0.0, (site.clock() - at) / DAY)
    return told(days <= OLD, NEWEST, MAKE_ONE if days > OLD else NOTHING, days=int(days))
