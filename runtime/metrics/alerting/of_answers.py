"""People are not answered, or not in time."""

from runtime.lang import Text
from runtime.metrics.alerting.alert import Alert, happened, share

INSIGHTS = Text(
    "打开「洞察 › 对话」，看最近几条失败的原因；或看 `journalctl -u hongyan -n 100`。",
    "Open Insights › Conversations and read why the newest ones failed; or `journalctl -u hongyan -n 100`.",
)
DOCTOR = Text(
    "在「发布」页点「开始体检」，或运行 `python app.py doctor 发布编号`。",
    "Run the check-up on Publish, or `python app.py doctor PUBLICATION`.",
)
ROOM = Text(
    "看处理器和内存（`top`）；几个核就开几个进程（`python app.py gateway --workers 4`），或再加一台。",
    "Look at CPU and memory (`top`); run a process a core (`python app.py gateway --workers 4`), or add a "
    "machine.",
)
OUR_WORDS = "accepted|repeat|verified|ignored|application|former|bot|limited|shed|not_stored|bug|unknown"
"""Outcomes of callbacks that are no refusal."""

OF_ANSWERS = (
    Alert(
        "HongyanDown",
        "critical",
        'up{job="hongyan"} == 0',
        "2m",
        Text("鸿雁没有应答（{instance}）", "Hongyan does not answer ({instance})"),
        (
            Text(
                "看进程还在不在、日志最后几行：`systemctl status hongyan`；用容器的 `docker compose ps`。",
                "See whether it runs, and the log's last lines: `systemctl status hongyan`; with containers "
                "`docker compose ps`.",
            ),
            Text(
                "401 是 HONGYAN_METRICS_KEY 和 Prometheus 的密钥不一样。",
                "A 401 means that HONGYAN_METRICS_KEY and Prometheus' key differ.",
            ),
            Text(
                "磁盘满、数据库连不上时它会说明原因再退出；先解决那个，重启后接着回答。",
                "With a full disk or no database it says so and ends; mend that, start it, and it goes on "
                "answering.",
            ),
        ),
    ),
    Alert(
        "HongyanWorkerMissing",
        "warning",
        "hongyan_worker_up == 0",
        "2m",
        Text("工作进程 {worker} 没有应答", "Worker {worker} does not answer"),
        (
            Text(
                "没了的会自动再启动；老是这样，看日志里它为什么结束：`journalctl -u hongyan -n 100`。",
                "One that ended is started again; if it goes on, the log says why: `journalctl -u hongyan "
                "-n 100`.",
            ),
            ROOM,
        ),
    ),
    Alert(
        "HongyanRestarts",
        "warning",
        'changes(process_start_time_seconds{job="hongyan"}[30m]) > 3',
        "0m",
        Text("半小时内重启了 {value} 次", "It was started {value} times within half an hour"),
        (
            Text(
                "日志里重启前的最后几行说明原因：`journalctl -u hongyan -n 100`；内存不够被系统杀掉的，"
                "`dmesg -T` "
                "里有。",
                "The log's last lines before each start say why: `journalctl -u hongyan -n 100`; `dmesg -T` "
                "tells of a kill for memory.",
            ),
            Text(
                "没做完的回答重启后接着做，不会丢。",
                "What was not finished is answered after the start; nothing is lost.",
            ),
        ),
    ),
    Alert(
        "HongyanNotStored",
        "critical",
        happened('hongyan_callbacks_total{outcome=~"not_stored|bug"}', "channel, outcome", "5m"),
        "0m",
        Text("{channel} 的消息存不下（{outcome}）", "Messages on {channel} cannot be stored ({outcome})"),
        (
            Text(
                "看磁盘和数据库：`df -h`；`python app.py doctor` 会说原因。",
                "Look at disk and database: `df -h`; `python app.py doctor` says why.",
            ),
            Text(
                "没存下的没有确认过，平台会再送，或者人会被告知再发一次。",
                "What was not stored was not acknowledged: it comes again, or its person is told to send it "
                "again.",
            ),
        ),
    ),
    Alert(
        "HongyanTurnsFail",
        "critical",
        share(
            'hongyan_turns_total{failure!~"|unwanted|budget"}', "hongyan_turns_total", "channel", "10m", 0.2
        ),
        "5m",
        Text("{channel} 上五条里有一条以上没答上来", "On {channel} more than one answer in five fails"),
        (
            INSIGHTS,
            Text(
                "是模型的问题（`python app.py model test 名字`），就到「模型」页换一把密钥、加一个备用模型。",
                "If it is the model (`python app.py model test NAME`): another key or a fallback on the "
                "Models page.",
            ),
            Text(
                "刚发布过新版本的，先退回上一版。",
                "If a new version was just published, go back to the one before.",
            ),
        ),
    ),
    Alert(
        "HongyanPublicationUnwell",
        "critical",
        'max by (channel, state) (hongyan_publications{state=~"dead|failing"}) > 0',
        "5m",
        Text("{channel} 上有发布出了问题（{state}）", "A publication on {channel} is unwell ({state})"),
        (
            DOCTOR,
            Text(
                "dead：发布读不出来了，按提示补上缺的，或重新发布。",
                "dead: it cannot be read; put back what it says is missing, or publish again.",
            ),
            INSIGHTS,
        ),
    ),
    Alert(
        "HongyanAccountTroubled",
        "warning",
        'max by (channel) (hongyan_publications{state="troubled"}) > 0',
        "10m",
        Text("{channel} 的账号推送不了", "An account on {channel} cannot push"),
        (
            DOCTOR,
            Text(
                "常见的是出口 IP 不在白名单、密钥换了、额度用完；「发布」页说明是哪一个。",
                "Mostly the outgoing address, a changed secret or a quota; Publish says which.",
            ),
        ),
    ),
    Alert(
        "HongyanQuotaLow",
        "warning",
        "min by (channel, of) (hongyan_quota_left) < 0.1",
        "0m",
        Text("{channel} 今天的额度快用完了（{of}）", "Today's calls on {channel} are nearly used up ({of})"),
        (
            Text(
                "用完以后当天推不出去，答案留着，第二天接着送。看剩多少：`python app.py account 发布编号`。",
                "Once they are, nothing can be pushed that day; answers are kept and go out later. See what "
                "is left: `python app.py account PUBLICATION`.",
            ),
            Text(
                "让回答短一些、少推几条；平台的后台里可以申请提高，或清零一次。",
                "Make answers shorter and push less; the platform's console may raise the limit, or clear "
                "the count once.",
            ),
        ),
    ),
    Alert(
        "HongyanQueueOld",
        "warning",
        "max(hongyan_queue_age_seconds) > 120",
        "3m",
        Text("有消息等了 {value} 秒还没回答", "A message has waited {value} seconds for its answer"),
        (
            Text(
                "看是不是模型变慢了（面板「模型快不快」），慢的换一个或加备用。",
                "See whether a model became slow (dashboard, “models take”); take another or add a fallback.",
            ),
            ROOM,
        ),
    ),
    Alert(
        "HongyanShed",
        "warning",
        happened('hongyan_callbacks_total{outcome="shed"}', "channel", "5m"),
        "0m",
        Text("{channel} 上有人被告知「太忙」", "People on {channel} are told that it is too busy"),
        (Text("积压到了上限，超过的不排队。", "The queue is full, and what is above is not queued."), ROOM),
    ),
    Alert(
        "HongyanAcksLate",
        "warning",
        '1 - sum by (channel) (increase(hongyan_ack_seconds_bucket{le="5.0"}[5m])) '
        "/ sum by (channel) (increase(hongyan_ack_seconds_count[5m])) > 0.01",
        "5m",
        Text(
            "{channel} 的回调有超过 5 秒才应答的",
            "Callbacks of {channel} are answered later than 5 seconds",
        ),
        (
            ROOM,
            Text(
                "看磁盘是不是慢：消息先落盘再应答；`python app.py doctor` 会量。",
                "See whether the disk is slow, `python app.py doctor` measures it: a message is synced "
                "before "
                "it is acknowledged.",
            ),
        ),
    ),
    Alert(
        "HongyanAnswersSlow",
        "warning",
        "histogram_quantile(0.95, sum by (le, channel) (rate(hongyan_answer_seconds_bucket[15m]))) > 30 "
        "and sum by (channel) (increase(hongyan_answer_seconds_count[15m])) >= 10",
        "10m",
        Text(
            "{channel} 上二十个人里有一个等 30 秒以上",
            "On {channel} one person in twenty waits 30 seconds and more",
        ),
        (
            Text(
                "面板上比一比「智能体自己要多久」和「人要等多久」：差得多是排队，差得少是模型慢。",
                "Compare on the dashboard how long agents take and how long people wait: far apart it "
                "queues, else the model is slow.",
            ),
            ROOM,
        ),
    ),
    Alert(
        "HongyanDeliveryFails",
        "critical",
        share(
            'hongyan_deliveries_total{state=~"held|unreachable|unknown|failed"}',
            "hongyan_deliveries_total",
            "channel",
            "15m",
            0.1,
        ),
        "5m",
        Text(
            "{channel} 上十条里有一条以上没送到",
            "On {channel} more than one part in ten does not arrive",
        ),
        (
            DOCTOR,
            Text(
                "面板「没送到的」按代码分开；代码的意思：`python app.py doctor --explain 代码`。",
                "The dashboard has them by code (“not delivered”); what one means: `python app.py doctor "
                "--explain CODE`.",
            ),
            Text("没送到的都留着，好了会接着送。", "What did not arrive is kept and goes out later."),
        ),
    ),
    Alert(
        "HongyanRefused",
        "warning",
        f'sum by (channel, outcome) (increase(hongyan_callbacks_total{{outcome!~"{OUR_WORDS}"}}[15m])) > 20',
        "0m",
        Text("{channel} 的回调被拒绝（{outcome}）", "Callbacks on {channel} are refused ({outcome})"),
        (
            DOCTOR,
            Text(
                "平台那边的 Token、密钥改过没有；没改过就是有人在试，不用管。",
                "Was a token or key changed at the platform? If not, somebody tries, and nothing is to be "
                "done.",
            ),
        ),
    ),
    Alert(
        "HongyanStartsFail",
        "warning",
        happened('hongyan_runs_total{outcome="failed"}', "on", "1h"),
        "0m",
        Text("自动开始的（{on}）失败了", "What begins by itself ({on}) failed"),
        (
            Text(
                "打开「洞察 › 自动开始」，看是哪一个、为什么；或运行 `python app.py starts runs 智能体`。",
                "Open Insights › Starts and read which one and why; or `python app.py starts runs AGENT`.",
            ),
        ),
    ),
)
