"""What is counted of messages, and of the people who help to answer them."""

from runtime.lang import Text
from runtime.metrics.about import LONG, QUICK, About

OF_MESSAGES = (
    About(
        "hongyan_callbacks",
        "counter",
        ("channel", "outcome"),
        "Callbacks by outcome: accepted, repeat, verified, ignored, application, former, bot, limited, shed, "
        "not_stored, bug, unknown, or why one was refused",
        Text("平台送来了什么，有没有被拒绝或丢掉", "What platforms bring, and whether it is refused or shed"),
    ),
    About(
        "hongyan_ack_seconds",
        "histogram",
        ("channel",),
        "Callback received until response",
        Text("平台等多久（有的只等 5 秒）", "How long platforms wait (some 5 seconds at most)"),
        "seconds",
        QUICK,
    ),
    About(
        "hongyan_turns",
        "counter",
        ("channel", "failure"),
        "Finished turns; failure is empty for those that went well",
        Text("有多少条、有多少条没答上来、为什么", "How many there are, how many fail, and why"),
    ),
    About(
        "hongyan_turn_seconds",
        "histogram",
        ("channel",),
        "Turn begun until answered",
        Text("智能体自己要多久", "How long agents take"),
        "seconds",
        LONG,
    ),
    About(
        "hongyan_answer_seconds",
        "histogram",
        ("channel",),
        "Message taken until its answer is stored, with the time that it waited",
        Text("人要等多久", "How long people wait"),
        "seconds",
        LONG,
    ),
    About(
        "hongyan_deliveries",
        "counter",
        ("channel", "route", "state", "code"),
        "Parts of answers by route (passive, push, bubble), state (sent, grown, ready, held, unreachable, "
        "unknown, failed) and the platform's code",
        Text("答案有没有送到，平台为什么不收", "Whether answers arrive, and why platforms refuse them"),
    ),
    About(
        "hongyan_handed",
        "counter",
        ("channel",),
        "Turns that ended with the wish for a human",
        Text("多少要转给人", "How much is handed to people"),
    ),
    About(
        "hongyan_ratings",
        "counter",
        ("channel", "verdict"),
        "What people thought of answers: good, bad, none (taken back)",
        Text("人满不满意", "How happy people are"),
    ),
    About(
        "hongyan_shadow_turns",
        "counter",
        ("outcome",),
        "Messages that a version answers unheard, by what came of it: same, otherwise, unjudged, failed, "
        "dropped (its queue was full), budget (nothing left to spend)",
        Text("影子版本和线上答得一样不一样", "Whether the shadow answers as the live version does"),
    ),
    About(
        "hongyan_trials",
        "gauge",
        ("state",),
        "Publications by what runs beside their version: canary, shadow; and those of which a canary was "
        "taken back by itself in the last day (taken_back)",
        Text(
            "有没有新版本在试用，有没有被撤回", "Whether versions are tried, and whether one was taken back"
        ),
    ),
    About(
        "hongyan_scores",
        "counter",
        ("channel", "score"),
        "What people answered who were asked how satisfied they were: 1 to 5; given again, counted again",
        Text("聊完打几分", "How many points people give"),
    ),
    About(
        "hongyan_turns_running",
        "gauge",
        (),
        "Turns running now",
        Text("此刻有多忙", "How busy it is just now"),
    ),
    About(
        "hongyan_messages_unanswered",
        "gauge",
        (),
        "Messages accepted and not answered yet",
        Text("积压了多少", "How much is waiting"),
    ),
    About(
        "hongyan_queue_age_seconds",
        "gauge",
        (),
        "Seconds since the oldest message was taken that this process has not answered; 0 for none",
        Text("积压的最久等了多久（按它扩容）", "How long the oldest one has waited (scale by it)"),
        "seconds",
    ),
    About(
        "hongyan_turns_waiting",
        "gauge",
        (),
        "Turns that wait for an answer, a decision, a call or a time",
        Text("停在半路等人、等时间的有多少", "How many flows wait in their middle"),
    ),
    About(
        "hongyan_publications",
        "gauge",
        ("channel", "state"),
        "Publications by how they are: well, paused (by their owner), troubled (the account cannot push), "
        "failing (the newest messages were not answered), dead (cannot be read)",
        Text("哪个渠道有问题", "Which surface is unwell"),
    ),
    About(
        "hongyan_quota_left",
        "gauge",
        ("channel", "of"),
        "Share of today's calls that platforms leave, 1 to 0, of the account that has least, where one tells "
        "it: pushes, uploads, tokens",
        Text("平台今天还让发多少", "How much platforms still let through today"),
        "share",
    ),
    About(
        "hongyan_token_fetches",
        "counter",
        (),
        "Access tokens fetched",
        Text("有没有别的程序在抢同一个令牌", "Whether another program fights for the same token"),
    ),
    About(
        "hongyan_machines",
        "counter",
        ("sign",),
        "Senders not answered since they write like machines, by what tells them: same, fast, endless",
        Text("有没有机器人在刷", "Whether machines write"),
    ),
    About(
        "hongyan_runs",
        "counter",
        ("on", "outcome"),
        "Runs of starts by what begins them (schedule, webhook, event, reminder, score) and how it went: "
        "begun, skipped, failed",
        Text("定时等自动开始的有没有跑", "Whether what begins by itself does"),
    ),
)

OF_PEOPLE_WHO_HELP = (
    About(
        "hongyan_tickets",
        "gauge",
        ("what",),
        "Tickets that are not done: open, taken, waiting; of these late; and the seconds that the oldest "
        "open one has waited (oldest)",
        Text("有没有人在等人工", "Whether people wait for an operator"),
    ),
    About(
        "hongyan_ticket_deeds",
        "counter",
        ("deed",),
        "What operators did in this process: taken, said, handed_back, waiting, reopened",
        Text("人工做了什么", "What operators do"),
    ),
)
