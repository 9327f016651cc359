"""Answers are not good enough, cost too much, or lean on models that fail."""

from runtime.lang import Text
from runtime.metrics.alerting.alert import Alert, share

OF_QUALITY = (
    Alert(
        "HongyanModelOut",
        "warning",
        "max by (model, code) (hongyan_model_out) == 1",
        "5m",
        Text("模型 {model} 不可用（{code}）", "Model {model} is out ({code})"),
        (
            Text(
                "试一下，它会说原因：`python app.py model test 名字`，或在「模型」页；多半是密钥或余额。",
                "Test it, which says why: `python app.py model test NAME`, or on the Models page; "
                "mostly it is "
                "the key or the balance.",
            ),
            Text(
                "加一个备用模型，坏的那个好了会自动换回来。",
                "Add a fallback; the one that is out is taken again by itself once it is well.",
            ),
        ),
    ),
    Alert(
        "HongyanStandIns",
        "warning",
        share(
            'hongyan_model_tries_total{outcome="stood_in"}',
            'hongyan_model_tries_total{outcome=~"answered|stood_in"}',
            "",
            "15m",
            0.2,
        ),
        "10m",
        Text("五次里有一次以上是备用模型顶的", "More than one answer in five is a fallback model's"),
        (
            Text(
                "面板「问了怎么样」看是哪个老失败，再 `python app.py model test 名字`；"
                "备用的更贵或更差时，先修好它。",
                "See on the dashboard (“asked, and what came”) which one fails, then `python app.py "
                "model test "
                "NAME`; where the fallback costs more or knows less, mend it first.",
            ),
        ),
    ),
    Alert(
        "HongyanKeyRefused",
        "warning",
        "max by (endpoint, key, code) (hongyan_model_key_rests) > 0",
        "10m",
        Text("{endpoint} 的密钥 {key} 被拒（{code}）", "Key {key} of {endpoint} is refused ({code})"),
        (
            Text(
                "去服务商那里充值，或换一把：「模型」页，或 `python app.py model key list 名字` 看有哪几把。",
                "Pay at the provider, or replace it: on the Models page; `python app.py model key list NAME` "
                "shows which there are.",
            ),
        ),
    ),
    Alert(
        "HongyanBudgetLow",
        "warning",
        "min by (budget) (hongyan_budget_left) < 0.1",
        "0m",
        Text("今天的额度 {budget} 剩不到一成", "Less than a tenth of today's budget {budget} is left"),
        (
            Text(
                "用完以后不再问模型，人会看到「今天的额度用完了」。",
                "Once it is used up no model is asked, and people are told so.",
            ),
            Text(
                "看各个额度：`python app.py model budget list`；「模型」页看谁用得多，要么调高，"
                "要么给那个人设上限。",
                "See the budgets: `python app.py model budget list`, and on the Models page who took "
                "it; raise "
                "it, or cap whoever did.",
            ),
        ),
    ),
    Alert(
        "HongyanCostJumps",
        "info",
        "sum(increase(hongyan_model_cost_dollars_total[1h])) > 1 and "
        "sum(increase(hongyan_model_cost_dollars_total[1h])) "
        "> 3 * sum(increase(hongyan_model_cost_dollars_total[1d])) / 24",
        "15m",
        Text("这一小时花的钱是平时的三倍", "This hour costs three times the usual"),
        (
            Text(
                "面板「花费」看是哪个模型，「谁在跑」看有没有机器在刷；额度设了没有：`python app.py "
                "model budget "
                "list`。",
                "See on the dashboard which model (“cost”), and whether machines write (“what runs”); "
                "whether "
                "there is a budget: `python app.py model budget list`.",
            ),
        ),
    ),
    Alert(
        "HongyanUnhappy",
        "warning",
        share(
            'hongyan_ratings_total{verdict="bad"}',
            'hongyan_ratings_total{verdict=~"good|bad"}',
            "channel",
            "6h",
            0.3,
            10,
        ),
        "0m",
        Text(
            "{channel} 上三成以上的评价是「没帮上」",
            "On {channel} three ratings in ten are thumbs down",
        ),
        (
            Text(
                "「洞察 › 反馈」看是哪些问题，一键变成测试。",
                "Insights › Feedback shows which questions; one click makes a test of each.",
            ),
            Text(
                "刚发布过新版本的，和上一版比一比（`python app.py replay 发布编号`），"
                "不行就在「发布」页退回。",
                "If a version was just published, compare it with the one before (`python app.py replay "
                "PUBLICATION`), and go back on Publish if it is worse.",
            ),
        ),
    ),
    Alert(
        "HongyanTakenBack",
        "warning",
        'max(hongyan_trials{state="taken_back"}) > 0',
        "0m",
        Text("试用的新版本被自动撤回了", "A version on trial was taken back by itself"),
        (
            Text(
                "人们已由原来的版本回答，不用急。「发布」页「先试新版本」下的「试用新版本」写着两个版本"
                "各怎么样、为什么撤回。",
                "People have the version from before. Publish, “Try a version first”, “Try a version with "
                "some people”, says how both did and why it was taken back.",
            ),
            Text(
                "改好以后先用 `python app.py replay 发布编号` 重放，或让它当影子答一天，再开始试用。",
                "Once it is mended, replay conversations (`python app.py replay PUBLICATION`) or let "
                "it be a shadow for a day "
                "before it is tried again.",
            ),
        ),
    ),
    Alert(
        "HongyanHandedMuch",
        "info",
        share("hongyan_handed_total", "hongyan_turns_total", "channel", "1h", 0.5, 10),
        "15m",
        Text("{channel} 上一半以上转了人工", "On {channel} more than half is handed to people"),
        (
            Text(
                "看人们在问什么（「洞察」，或 `python app.py report show`），把答案加进资料库。",
                "See what is asked (Insights, or `python app.py report show`), and put the answers into the "
                "knowledge base.",
            ),
        ),
    ),
    Alert(
        "HongyanPeopleWait",
        "warning",
        'max(hongyan_tickets{what="oldest"}) > 900',
        "1m",
        Text("有人等人工等了 {value} 秒", "Somebody has waited {value} seconds for an operator"),
        (
            Text(
                "打开「接待台」接起来，或 `python app.py tickets list`；"
                "没人值班就在「发布」页写上什么时候有人。",
                "Take it at the desk, or see `python app.py tickets list`; where nobody is there, say on "
                "Publish when somebody is.",
            ),
        ),
    ),
)
