"""Who may get what is kept. Some get it only where the owner has that set up, see Data.may_go."""

from typing import Literal

from runtime.lang import Text

Goes = Literal[
    "models",
    "tools",
    "platforms",
    "reports",
    "collector",
    "watchers",
    "backups",
    "database",
    "bucket",
    "nobody",
]

GOES: dict[Goes, Text] = {
    "models": Text("模型服务商", "providers of models"),
    "tools": Text("智能体用的工具", "tools that agents use"),
    "platforms": Text("聊天平台", "chat platforms"),
    "reports": Text("收告警和周报的人（群或邮件）", "who gets alerts and the weekly report (group or mail)"),
    "collector": Text(
        "收追踪的系统（OpenTelemetry；只有数字和哈希）",
        "a collector of OpenTelemetry traces (figures, hashes)",
    ),
    "watchers": Text("Prometheus 和 Alertmanager（只有数字）", "Prometheus and Alertmanager (figures alone)"),
    "backups": Text("备份放的地方（文件夹或 S3 桶）", "where backups lie (a folder, or a bucket: S3)"),
    "database": Text("您的 PostgreSQL", "your PostgreSQL"),
    "bucket": Text("放文件的 S3 桶", "the bucket for files (S3)"),
    "nobody": Text("不外传", "nobody"),
}
