"""What the owner of a WebSocket is told."""

from runtime.channels import OWN, Guide, Note, Profile, Words
from runtime.lang import Text

WORDS = Words(
    platform=Text("您的服务", "your server"),
    console=Text("您的服务", "your server"),
    account=Text("WebSocket", "WebSocket"),
    proof=Text("密钥", "secret"),
    try_it=Text("现在让您的服务发一条消息试试。", "Now let your server send a message."),
)
PROFILE = Profile(
    audience="anyone",
    family=OWN,
    writes=Text("用您那个服务的任何人", "Whoever uses that server of yours"),
    needs=Text("一个您自己的 WebSocket 服务；不要域名", "A WebSocket server of your own; no domain here"),
    cost=Text("免费", "Free"),
    risk=Text("密钥要像密码一样保管", "Keep the secret like a password"),
    public_address=False,
)
GUIDE = Guide(
    ask=("url", "secret"),
    rare=("header", "acks", "longest"),
    title=Text("您的 WebSocket 在哪里", "Where your WebSocket is"),
    where=Text(
        "我们连上去，断了自己再连。您发来 {sender, content, msg_type}，带 id 的会收到 {type: ack, id}；"
        "回答也从这条连接上来。",
        "We connect, and again after a cut. You send {sender, content, msg_type}; with an id you get "
        "{type: ack, id}. "
        "Answers come over the same line.",
    ),
    advice=(),
    paste=Text("不用再填别的。", "There is nothing else to enter."),
)
IN_CLEAR = Note(
    Text("没有加密", "It is not encrypted"),
    Text(
        "ws:// 只能用在内网；请尽量换成 wss://。",
        "ws:// is for your own network alone; take wss:// where you can.",
    ),
)
CODES = {
    "lost": Text(
        "连不上，或断开了；正在自己重连。请看您的服务有没有开、地址和密钥对不对。",
        "It is not reached, or was cut; it connects again by itself. See that your server runs, and that "
        "address and "
        "secret are right.",
    ),
    "silent": Text(
        "很久没有声音，也没有回 pong，已重连。",
        "There was no sound for long and no pong; it connects again.",
    ),
    "malformed": Text(
        "收到的不是消息：应是 JSON，有 sender 和 content。",
        "What came is no message: JSON with sender and content is expected.",
    ),
    "uncertain": Text(
        "对方没有确认收到，会再发一次，编号相同。",
        "It was not acknowledged; the same is sent again, under the same id.",
    ),
}
NO_RECEIVER = Text(
    "应是对方的人员编号，不能有空格和换行", "should be the id of a person there, without spaces"
)
