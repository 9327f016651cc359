"""The machine, or what it has for us, runs out."""

from runtime.lang import Text
from runtime.metrics.alerting.alert import Alert

OF_MACHINE = (
    Alert(
        "HongyanLoopLag",
        "warning",
        "histogram_quantile(0.99, sum by (le, instance) (rate(hongyan_loop_lag_seconds_bucket[5m]))) > 0.25",
        "5m",
        Text(
            "进程常常卡住四分之一秒以上",
            "The process is often held up for more than a quarter of a second",
        ),
        (
            Text(
                "机器太忙：`top` 看谁在用处理器；几个核就开几个进程（`python app.py gateway --workers 4`）。",
                "The machine is too busy: `top` shows who has the CPU; run a process a core (`python app.py "
                "gateway --workers 4`).",
            ),
            Text(
                "把页面和网关分开：网关单独跑一个进程（`python app.py gateway`）。",
                "Part pages and gateway: the latter as a process of its own (`python app.py gateway`).",
            ),
        ),
    ),
    Alert(
        "HongyanMemoryLow",
        "critical",
        "hongyan_memory_available_bytes / (hongyan_memory_limit_bytes > 0) < 0.1",
        "5m",
        Text("内存剩不到一成", "Less than a tenth of the memory is left"),
        (
            Text(
                "看是谁在用：`free -m`，面板「内存」；models 是 litellm，超过 640 MB 会自动换一个。",
                "See who has it: `free -m`, and “memory” on the dashboard; models is litellm's, which is "
                "replaced above 640 MB.",
            ),
            Text(
                "容器的上限调高，或关掉机器上别的程序。",
                "Raise the container's limit, or end other programs on the machine.",
            ),
        ),
    ),
    Alert(
        "HongyanDiskLow",
        "critical",
        "hongyan_disk_free_bytes < 500e6 and hongyan_disk_size_bytes > 0 "
        "or hongyan_disk_free_bytes / (hongyan_disk_size_bytes > 0) < 0.05",
        "5m",
        Text("数据所在的磁盘快满了", "The disk with the data is nearly full"),
        (
            Text(
                "满了就收不下消息（会如实告诉人）。先删旧备份、日志，再看 data/ 里哪个大：`du -sh data/*`。",
                "When it is full no message can be taken, and people are told so. Remove old backups and "
                "logs, then see what is large: `du -sh data/*`.",
            ),
            Text(
                "保留天数在「隐私」页：聊天记录和文件到期会删；`python app.py retention run` 马上删。",
                "Privacy has for how many days conversations and files are kept; `python app.py retention "
                "run` deletes what is due now.",
            ),
        ),
    ),
    Alert(
        "HongyanDiskFills",
        "warning",
        "predict_linear(hongyan_disk_free_bytes[6h], 86400) < 0 and hongyan_disk_size_bytes > 0",
        "15m",
        Text("照这样，磁盘一天之内会满", "At this rate the disk is full within a day"),
        (
            Text(
                "看什么在长：`du -sh data/*`，过一会儿再看一次；`python app.py doctor` 说还够几天。",
                "See what grows: `du -sh data/*`, and again a while later; `python app.py doctor` says for "
                "how many days it lasts.",
            ),
        ),
    ),
    Alert(
        "HongyanBackupOld",
        "warning",
        'min(hongyan_backup_age_seconds{plan="day"}) / 86400 > 2.1 '
        "or min(hongyan_backup_age_seconds) / 86400 > 8.1",
        "10m",
        Text("最近一份完好的备份是 {value} 天前的", "The newest whole backup is {value} days old"),
        (
            Text(
                "运行 `python app.py doctor`，它说备份为什么没做成；多半是去处满了、连不上、或换了密码。",
                "Run `python app.py doctor`, which says why none was made: mostly the place is full, "
                "away, or "
                "has another password.",
            ),
            Text(
                "改好后补做一份：`python app.py backup --due`。没有定时的：`python app.py backup 文件夹/ "
                "--every day`。",
                "Then make one: `python app.py backup --due`. Where none is planned: `python app.py backup "
                "FOLDER/ --every day`.",
            ),
        ),
    ),
    Alert(
        "HongyanChildEnds",
        "warning",
        "sum by (process) (increase(hongyan_child_starts_total[30m])) > 3",
        "0m",
        Text(
            "{process} 的进程半小时内重启了 {value} 次",
            "The process for {process} was started {value} times within half an hour",
        ),
        (
            Text(
                "多半是内存不够：看 `free -m`，再看 `dmesg -T` 有没有 Out of memory。",
                "Mostly memory is short: see `free -m`, and whether `dmesg -T` says Out of memory.",
            ),
            Text(
                "日志里它结束前的几行说明原因；期间 search 只按字词找，models 会换备用的模型。",
                "The log's lines before its end say why. Meanwhile search goes by words alone, and fallbacks "
                "stand in for models.",
            ),
        ),
    ),
    Alert(
        "HongyanDescriptorsLow",
        "warning",
        'process_open_fds{job="hongyan"} / process_max_fds{job="hongyan"} > 0.8',
        "5m",
        Text("打开的连接和文件快到上限了", "Connections and open files are near their limit"),
        (
            Text(
                "调高 LimitNOFILE：`systemctl edit hongyan`；用容器的，在 compose.yaml 里写 ulimits。",
                "Raise LimitNOFILE: `systemctl edit hongyan`; with containers, ulimits in compose.yaml.",
            ),
        ),
    ),
)
