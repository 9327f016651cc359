"""What the dashboard shows of models and the machine, and all of its rows."""

from docs.panels import ANSWERED, COST, QUESTIONS, RANGE, RATE, WELL, Panel, Row, a_minute, quantile
from runtime.lang import Text

MODELS = Row(
    Text("模型和花费", "Models and cost"),
    (
        Panel(
            Text("花费", "cost"),
            Text("每小时，美元", "An hour, in US dollars"),
            {"{{model}}": f"3600 * sum by (model) (rate({COST}[{RATE}]))"},
            "currencyUSD",
        ),
        Panel(
            Text("用量", "tokens"),
            Text("每分钟", "A minute"),
            {
                "{{model}} {{kind}}": a_minute("hongyan_model_tokens_total", "model, kind"),
                "{{model}} ?": a_minute("hongyan_model_unpriced_tokens_total", "model"),
            },
        ),
        Panel(
            Text("今天的额度", "today's budgets"),
            Text("还剩的", "What is left"),
            {"{{budget}}": "min by (budget) (hongyan_budget_left)"},
            "percentunit",
        ),
        Panel(
            Text("模型快不快", "models take"),
            Text("一半、最慢的 5%", "Half, and the slowest 5 %"),
            {
                "{{model}} 50 %": quantile(0.5, "hongyan_model_seconds", "model"),
                "{{model}} 95 %": quantile(0.95, "hongyan_model_seconds", "model"),
            },
            "s",
        ),
        Panel(
            Text("问了怎么样", "asked, and what came"),
            Text("每分钟；stood_in 是备用的顶上", "A minute; stood_in: a fallback answered"),
            {"{{model}} {{outcome}}": a_minute("hongyan_model_tries_total", "model, outcome")},
        ),
        Panel(
            Text("坏了的模型和密钥", "models and keys that are out"),
            Text("1 是不可用；密钥是几秒后再试", "1: out; of keys the seconds until the next try"),
            {
                "{{model}} {{code}}": "max by (model, code) (hongyan_model_out)",
                "{{endpoint}} {{key}}": "max by (endpoint, key) (hongyan_model_key_rests)",
            },
        ),
    ),
)
MACHINE = Row(
    Text("机器", "The machine"),
    (
        Panel(
            Text("内存", "memory"),
            Text("按进程", "By process"),
            {
                "{{process}}": "sum by (process) (hongyan_memory_bytes)",
                "可用 / available": "min(hongyan_memory_available_bytes)",
                "全部 / limit": "min(hongyan_memory_limit_bytes)",
            },
            "bytes",
        ),
        Panel(
            Text("磁盘", "disk"),
            Text("数据所在的", "Where the data is"),
            {"可用 / free": "min(hongyan_disk_free_bytes)", "全部 / size": "min(hongyan_disk_size_bytes)"},
            "bytes",
        ),
        Panel(
            Text("处理器", "CPU"),
            Text("用了几个核", "Cores in use"),
            {"{{instance}}": f'sum by (instance) (rate(process_cpu_seconds_total{{job="hongyan"}}[{RATE}]))'},
        ),
        Panel(
            Text("卡多久", "held up for"),
            Text("事件循环，最慢的 1%", "The event loop, the slowest 1 %"),
            {"{{instance}}": quantile(0.99, "hongyan_loop_lag_seconds", "instance")},
            "s",
        ),
        Panel(
            Text("此刻在答", "answering now"),
            Text("在跑的，停在半路等的", "Turns that run, and that wait in their middle"),
            {"跑 / run": "sum(hongyan_turns_running)", "等 / wait": "sum(hongyan_turns_waiting)"},
        ),
        Panel(
            Text("谁在跑", "what runs"),
            Text("版本、进程、实例", "Versions, workers, instances"),
            {
                "{{version}}": "count by (version) (hongyan_build_info)",
                "worker {{worker}}": "max by (worker) (hongyan_worker_up)",
                "instances": "max(hongyan_instances)",
                "token": f"sum(increase(hongyan_token_fetches_total[{RANGE}]))",
                "machine {{sign}}": f"sum by (sign) (increase(hongyan_machines_total[{RANGE}]))",
                "desk {{deed}}": f"sum by (deed) (increase(hongyan_ticket_deeds_total[{RANGE}]))",
            },
        ),
        Panel(
            Text("备份多旧", "age of the newest backup"),
            Text("完好的那份", "Of the newest whole one"),
            {"{{plan}}": "min by (plan) (hongyan_backup_age_seconds)"},
            "s",
            width=12,
        ),
        Panel(
            Text("模型和搜索的进程", "processes for models and search"),
            Text("在不在，一小时内启动了几次", "Whether they are there, and starts within an hour"),
            {
                "{{process}}": "sum by (process) (hongyan_child_up)",
                "{{process}} 启动 / starts": "sum by (process) (increase(hongyan_child_starts_total[1h]))",
            },
            width=12,
        ),
    ),
)
ROWS = (QUESTIONS, ANSWERED, WELL, MODELS, MACHINE)
