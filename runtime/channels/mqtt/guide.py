"""What the owner of an MQTT broker is told: what to enter, what to do there, what went wrong."""

from runtime.channels import DEVICES, Guide, Note, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.lang import Text

WORDS = Words(
    platform=Text("MQTT 服务器", "the broker"),
    console=Text("MQTT 服务器的后台", "the broker's console"),
    account=Text("账号", "account"),
    proof=Text("密码", "password"),
    try_it=Text("现在让一台设备发一条消息试试。", "Now let a device send a message."),
)
PROFILE = Profile(
    audience="programs",
    writes=Text(
        "能往这些主题发消息的设备和程序：服务器认得谁，谁就能问",
        "Devices and programs that may publish to these topics: whoever the broker lets",
    ),
    needs=Text(
        "一个 MQTT 服务器（自己的 mosquitto、EMQX，或云上的）和一个账号；不要域名、不要公网地址",
        "An MQTT broker (your own mosquitto or EMQX, or one in a cloud) and an account; no domain, "
        "no public "
        "address",
    ),
    cost=Text("看服务器；自己的免费", "As the broker charges; your own is free"),
    risk=Text(
        "谁能往主题里发，谁就能冒充那台设备：请在服务器上按设备限制主题（ACL），用 TLS",
        "Whoever may publish to a device's topic is that device: let the broker limit topics by device "
        "(ACL), and "
        "use TLS",
    ),
    public_address=False,
    family=DEVICES,
)
ACL = Note(
    Text("每台设备只给自己的主题", "Each device its own topics"),
    Text(
        "在服务器的 ACL 里，设备只能写自己的 …/in、读自己的 …/out；智能体的账号能读所有 "
        "…/in、写所有 …/out。"
        "mosquitto：pattern write hongyan/%u/in、pattern read hongyan/%u/out。",
        "In the broker's ACL a device may write its own …/in and read its own …/out, the agent's account "
        "read "
        "every …/in and write every …/out. mosquitto: pattern write hongyan/%u/in, pattern read "
        "hongyan/%u/out.",
    ),
)
IN_CLEAR = Note(
    Text("没有加密", "Nothing is encrypted"),
    Text(
        "密码和消息在网上是明文。只在自己的内网里这样用；能用 TLS 就改成 mqtts://。",
        "Password and messages travel as they are. Do so in your own network only, and use mqtts:// if you "
        "can.",
    ),
)
OFFLINE = Note(
    Text("不在线时的消息", "Messages while nobody is there"),
    Text(
        "设备用 QoS 1 发，程序不在线时服务器替它留着（MQTT 5 留 7 天），回来后按顺序回答。QoS 0 的不留。",
        "What devices send at QoS 1 the broker keeps while this program is away (7 days by MQTT 5) "
        "and it is "
        "answered in order. QoS 0 is not kept.",
    ),
)
GUIDE = Guide(
    ask=("url", "user", "password", "topic_in", "topic_out"),
    rare=(
        "topic_status",
        "answers",
        "field_text",
        "field_id",
        "retain",
        "version",
        "client_id",
        "ca",
        "certificate",
        "key",
    ),
    title=Text("填写 MQTT 服务器", "Your broker"),
    where=Text(
        "在服务器上给智能体建一个账号（不要和设备共用），把地址、用户名、密码填在这里，主题按您的设备改。",
        "Make an account for the agent at the broker (not one that devices use), enter address, user and "
        "password "
        "here, and change the topics to those of your devices.",
    ),
    advice=(ACL, OFFLINE),
    paste=Text("不用往服务器上复制什么。", "There is nothing to copy to the broker."),
)

REFUSED = Text(
    "MQTT 服务器不接受这个账号（代码 {code}）。请核对用户名、密码和客户端编号，再发布一次；"
    "隔一阵也会自动再试。",
    "The broker refuses this account ({code}). See that user, password and client id are right and publish "
    "again; "
    "it is also tried once in a while.",
)
NOT_YET = Text(
    "MQTT 服务器暂时没有接受连接（代码 {code}），稍后重试。",
    "The broker did not take the connection just now ({code}); it is tried again.",
)
NOT_SUBSCRIBED = Text(
    "MQTT 服务器不让这个账号订阅 {topic}。请在服务器的 ACL 里允许它读，或改主题。",
    "The broker does not let this account subscribe to {topic}. Let it read that in the broker's ACL, or "
    "change "
    "the topic.",
)
NOT_KEPT = Text(
    "MQTT 服务器只给 QoS 0：程序不在线时的消息会丢。请换一个支持 QoS 1 的服务器。",
    "The broker grants QoS 0 only, so messages that come while this program is away are lost. Use one that "
    "has "
    "QoS 1.",
)
TAKEN_OVER = Text(
    "另一个程序用同样的客户端编号连上了，这里被断开，不会自动重连（否则两边会互相挤）。"
    "请停掉另一个，或给这里填一个别的客户端编号，再发布一次。",
    "Another program connected with the same client id and ended this connection. It is not opened again "
    "by itself, "
    "since the two would end each other. Stop the other one or enter another client id here, then publish "
    "again.",
)
SILENT = Text(
    "MQTT 服务器没有回应，重新连接。", "The broker does not answer; the connection is opened again."
)
LOST = Text(
    "和 MQTT 服务器的连接断了，正在重连。", "The connection to the broker is down; it is opened again."
)
ENDS = {
    "refused": REFUSED.fill(code="-"),
    "not_yet": NOT_YET.fill(code="-"),
    "topic": NOT_SUBSCRIBED.fill(topic="…"),
    "qos": NOT_KEPT,
    "taken_over": TAKEN_OVER,
    "silent": SILENT,
    "lost": LOST,
}
"""By the code of the end."""

NOBODY = Text(
    "没有设备订阅这个主题：回答发出去了，但没有谁收到。请让设备以 QoS 1 订阅它自己的回答主题。",
    "No device subscribes to that topic: the answer was taken, and nobody has it. Let the device subscribe "
    "to its "
    "own topic of answers at QoS 1.",
)
NOT_ALLOWED = Text(
    "MQTT 服务器不让这个账号往回答的主题发。请在服务器的 ACL 里允许它写。",
    "The broker does not let this account publish to the topic of the answers. Let it write there in the "
    "broker's "
    "ACL.",
)
FULL = Text("MQTT 服务器说已到上限，稍后重发。", "The broker is at a limit; it is sent again.")
NOT_TAKEN = Text("MQTT 服务器没有收下（代码 {code}）。", "The broker did not take it ({code}).")
NO_DEVICE = Text(
    "不是设备的名字：应是字母、数字、. - _ :，最多 64 个",
    "does not look like a device's name: letters, digits, . - _ : up to 64",
)
SYMPTOMS: tuple[Symptom, ...] = (
    symptom(
        "mqtt_no_answer",
        r"mqtt.{0,60}(?:收不到|没有回|no answer|nothing comes|not receiv)",
        Text(
            "设备收不到回答，多半是没有订阅：设备连上后先以 QoS 1 订阅自己的回答主题，再发问。"
            "名字里有特殊字符的设备不会被听见。",
            "A device that gets no answer mostly did not subscribe: let it subscribe to its own topic of "
            "answers "
            "at QoS 1 before it asks. Devices whose names have other signs than letters, digits, . - _ : "
            "are not "
            "heard.",
        ),
    ),
    symptom(
        "mqtt_refused",
        r"mqtt.{0,60}(?:not authori[sz]ed|bad user|connection refused|未授权|拒绝)",
        Text(
            "服务器不认账号或不给主题。请用 mosquitto_sub 以同样的账号订阅一次，看它怎么说。",
            "The broker refuses the account or the topic. Subscribe once with mosquitto_sub as the same "
            "account "
            "and see what it says.",
        ),
    ),
)
