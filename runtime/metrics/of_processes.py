"""What is known of the processes, and of the machine that they have."""

from runtime.lang import Text
from runtime.metrics.about import LAGS, About

OF_PROCESSES = (
    About(
        "hongyan_loop_lag_seconds",
        "histogram",
        (),
        "How much later than due the event loop came to a task",
        Text("进程是不是卡住了", "Whether the process is held up"),
        "seconds",
        LAGS,
    ),
    About(
        "hongyan_memory_bytes",
        "gauge",
        ("process",),
        "Memory in use by process: self, models (litellm's), search, other (documents, tools, browser)",
        Text("内存花在哪", "Where memory goes"),
        "bytes",
    ),
    About(
        "hongyan_memory_limit_bytes",
        "gauge",
        (),
        "Memory that there is for all of them: the container's limit, else the machine's",
        Text("还有多少内存", "How much memory there is"),
        "bytes",
    ),
    About(
        "hongyan_memory_available_bytes",
        "gauge",
        (),
        "Memory of it that could be had now",
        Text("内存够不够", "Whether memory runs out"),
        "bytes",
    ),
    About(
        "hongyan_disk_free_bytes",
        "gauge",
        (),
        "Free space where the data is kept",
        Text("磁盘还剩多少", "How much disk is left"),
        "bytes",
    ),
    About(
        "hongyan_disk_size_bytes",
        "gauge",
        (),
        "Size of the file system where the data is kept",
        Text("磁盘多大", "How large the disk is"),
        "bytes",
    ),
    About(
        "hongyan_child_up",
        "gauge",
        ("process",),
        "Whether processes of ours are there: models (litellm's), search; 0 as well before they are needed",
        Text("模型和搜索的进程在不在", "Whether the processes for models and search are there"),
    ),
    About(
        "hongyan_child_starts",
        "counter",
        ("process",),
        "How often they were begun: when they are needed, and anew when they ended",
        Text("它们是不是老重启", "Whether they end again and again"),
    ),
    About(
        "hongyan_backup_age_seconds",
        "gauge",
        ("plan",),
        "Seconds since the newest backup that is whole (or since one was planned), by how often one is "
        "planned: day, week, none; not there while there is neither a plan nor a backup",
        Text("最近一份备份有多旧", "How old the newest backup is"),
        "seconds",
    ),
    About(
        "hongyan_instances",
        "gauge",
        (),
        "Programs that work on the messages of this database; 0: not this one just now",
        Text("有几个进程在处理", "How many programs work on messages"),
    ),
    About(
        "hongyan_worker_up",
        "gauge",
        ("worker",),
        "With --workers: 1 for each that told its numbers, 0 for one that did not",
        Text("哪个工作进程没有应答", "Which worker does not answer"),
    ),
    About(
        "hongyan_build_info",
        "gauge",
        ("version", "python"),
        "Always 1: which version runs, on which Python",
        Text("跑的是哪个版本", "Which version runs"),
    ),
)
