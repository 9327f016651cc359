"""What the owner of a mailbox is told: what to switch on, what to enter, what went wrong."""

from runtime.channels import Guide, Note, Profile, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.lang import Text

WORDS = Words(
    platform=Text("邮件服务器", "the mail server"),
    console=Text("邮箱的设置页", "the mailbox's settings"),
    account=Text("邮箱", "mailbox"),
    proof=Text("授权码", "password for apps"),
    try_it=Text("现在给这个邮箱写一封信试试。", "Now write a letter to the mailbox."),
)
PROFILE = Profile(
    audience="anyone",
    writes=Text("谁都可以，往这个地址写信", "Anybody who writes to the address"),
    needs=Text(
        "一个只给智能体用的邮箱，开了 IMAP 和 SMTP，和一个授权码；不要域名、不要公网地址",
        "A mailbox for the agent alone with IMAP and SMTP switched on, and a password for apps; no domain, "
        "no public "
        "address",
    ),
    cost=Text("免费；邮箱有每天发信的上限", "Free; providers limit letters a day"),
    risk=Text(
        "发件人的地址谁都可以冒充，除非收信服务器检查（见「由谁检查发件人」）；自动回复、群发、退信不会回答",
        "Anybody may pose as any sender unless your server checks it (see “Who checks senders”); automatic "
        "letters, "
        "lists and bounces are not answered",
    ),
    public_address=False,
)
QQ = Note(
    Text("QQ 邮箱、企业邮", "QQ Mail, Exmail"),
    Text(
        "QQ 邮箱：设置 → 账号 → 开启 IMAP/SMTP 服务 → 生成授权码。腾讯企业邮：设置 → 客户端设置，"
        "开启 IMAP，"
        "绑定微信后用「客户端专用密码」。",
        "QQ Mail: 设置 → 账号 → IMAP/SMTP 服务 → 生成授权码. Exmail: 设置 → 客户端设置, IMAP on, and a "
        "客户端专用密码.",
    ),
)
NETEASE = Note(
    Text("网易 163 / 126", "NetEase 163 / 126"),
    Text(
        "设置 → POP3/SMTP/IMAP → 开启 IMAP/SMTP → 新增授权密码。授权密码会过期，过期就再生成一个。",
        "设置 → POP3/SMTP/IMAP → IMAP/SMTP on → 新增授权密码. It expires: make another one then.",
    ),
)
GMAIL = Note(
    Text("谷歌和苹果的邮箱", "Gmail, iCloud"),
    Text(
        "先开两步验证，再生成「应用专用密码」填在这里。Outlook.com 和 Microsoft 365 不再接受密码，用不了。",
        "Switch two-step verification on, then make an app password and enter it here. Outlook.com and "
        "Microsoft 365 take "
        "no passwords any more and cannot be used.",
    ),
)
GUIDE = Guide(
    ask=("provider", "address", "password", "name", "imap", "smtp"),
    rare=("user", "folder", "mark", "subject", "trusts"),
    title=Text("填写邮箱", "Your mailbox"),
    where=Text(
        "在邮箱的设置里开启 IMAP 和 SMTP，生成授权码，填在这里。发布以前的信不会回答。",
        "Switch IMAP and SMTP on in the mailbox's settings, make a password for apps and enter it here. "
        "Letters from "
        "before you publish are not answered.",
    ),
    advice=(QQ, NETEASE, GMAIL),
    paste=Text("不用往邮箱里复制什么。", "There is nothing to copy to the mailbox."),
)
UNPROVEN = Note(
    Text("发件人没有人检查", "Nobody checks senders"),
    Text(
        "谁都可以冒充别人的地址写信，智能体会当成那个人；删除数据、取消关联、同意之类，要先回一个发到那个地址的"
        "确认码。要认人就填「由谁检查发件人」。",
        "Anybody may write as anybody, and the agent takes them for that person; to delete, part or agree, a "
        "code that is sent to the address has to come back. If it matters who writes, enter who checks "
        "senders.",
    ),
)

ELSEWHERE = Note(
    Text("邮箱选得可能不对", "Perhaps another provider"),
    Text(
        "{address} 是{house}的地址，而「邮箱」选的是别家：那里的服务器登录不了。请改选{house}再保存。",
        "{address} is an address of {house}, and “Provider” says another, whose server lets nobody in with "
        "it. Choose {house} and save.",
    ),
)


def elsewhere(house: Text, address: str) -> Note:
    """`house`: whose the address is."""
    return Note(ELSEWHERE.title, ELSEWHERE.hint.fill(house=house, address=address))


SIGNS_IN = Text("登录邮箱", "Signing in to the mailbox")
SIGNED_IN = Text("收信、发信都能登录。", "Both IMAP and SMTP let us in.")
LOGIN = Text(
    "邮件服务器不接受登录。请到邮箱的设置里看 IMAP / SMTP 开了没有，重新生成授权码（不是登录密码），"
    "填在这里再发布一次。",
    "The mail server does not let us in. See in the mailbox's settings that IMAP and SMTP are on, make a "
    "new password for "
    "apps (not the one you sign in with), enter it here and publish again.",
)
IMAP = Text(
    "收信服务器说：{says}。请核对文件夹的名字，稍后会再试。",
    "The IMAP server says: {says}. See that the folder's name is right; it is tried again.",
)
NO_ADDRESS = Text(
    "没有这个收件人，或对方的服务器不收。", "There is no such receiver, or their server refuses."
)
LATER = Text("发信服务器说现在发不了，稍后重发。", "The SMTP server cannot take it now; it is sent again.")
QUOTA = Text(
    "发信到了邮箱的上限，过一阵再发。需要发得更多请换企业邮箱。",
    "The mailbox's limit of letters is reached; it goes on later. For more letters use a business mailbox.",
)
SPAM = Text(
    "发信服务器当成垃圾邮件拒收了。请检查发件域名的 SPF、DKIM，回答里少放链接。",
    "The SMTP server refused it as spam. See to SPF and DKIM of your domain, and let answers have fewer "
    "links.",
)
FULL = Text(
    "对方的邮箱满了，收不下信。对方再写来时会接着发。",
    "The person's mailbox is full. It goes on when they write again.",
)
NOT_TAKEN = Text("发信服务器没有收下（{code}）。", "The SMTP server did not take it ({code}).")
GONE = Text(
    "这封信或附件已经不在邮箱里。", "The letter, or what came with it, is not in the mailbox any more."
)
UNREADABLE = Text("邮件服务器的回应读不懂。", "What the mail server answered cannot be read.")
WRONG_RECEIVER = Text("应是一个邮箱地址", "should be an address such as name@example.com")

SYMPTOMS: tuple[Symptom, ...] = (
    symptom(
        "email_unsafe_login",
        r"unsafe login|不安全登录|kefu@188",
        Text(
            "163 / 126 要先在设置里开启 IMAP，并用授权密码登录。这里已经按它的要求报了名字（IMAP ID）。",
            "163 and 126 want IMAP switched on and a 授权密码. Who we are (IMAP ID) is told to them as "
            "they ask.",
        ),
    ),
    symptom(
        "email_login",
        r"\b535\b.{0,60}(?:auth|login|认证|登录)"
        r"|(?:imap|smtp).{0,40}(?:auth|login|invalid credentials|登录失败)",
        LOGIN,
    ),
    symptom(
        "email_not_answered",
        r"(?:邮件|信|e-?mail|letter).{0,40}(?:不回|没有回|no answer|not answer|ignored)",
        Text(
            "自动回复、群发（有退订）、退信、从 no-reply 和自己地址来的信都不回答。"
            "填了「由谁检查发件人」时，没通过检查的也不回答。",
            "Automatic letters, lists (with unsubscribe), bounces and letters from no-reply or your own "
            "address "
            "are not answered. With “Who checks senders” nor are those that did not pass.",
        ),
    ),
    symptom("email_spam", r"(?:邮件|信|e-?mail|letter|554).{0,40}(?:垃圾|spam|junk)", SPAM),
)
