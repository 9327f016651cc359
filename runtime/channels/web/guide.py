"""What the owner of a chat page is told: what to enter, what to do on the site, what its users report."""

from runtime.channels import Guide, Note, Symptom, Words
from runtime.channels._symptoms import symptom
from runtime.lang import Text

WORDS = Words(
    platform=Text("访客的浏览器", "visitors' browsers"),
    console=Text("您网站的服务器", "your site's server"),
    account=Text("网页", "page"),
    proof=Text("身份密钥", "identity secret"),
    try_it=Text("现在打开网页，说一句话试试。", "Now open the page and say something."),
)
GUIDE = Guide(
    ask=("title", "color", "opening", "suggestions", "origins"),
    rare=("position", "branding"),
    title=Text("网页聊天的样子", "How the chat looks"),
    where=Text(
        "什么都可以不填：网页马上就能用。想放进自己的网站，再写上那个网站的地址。",
        "All of it may stay empty: the page works at once. To have it on your own site, name that site.",
    ),
    advice=(),
    paste=Text(
        "只有想让智能体知道来的是哪位会员时才需要：用这个密钥在服务器上签名，不要写进网页。"
        "做法见文档「网页聊天」。",
        "Only when the agent is to know which of your members comes: your server signs with this secret, "
        "which must not stand in a page. See “Web chat” in the documentation.",
    ),
)
SECRET = Text("身份密钥（HS256）", "Identity secret (HS256)")
NO_SITES = Note(
    Text("放进自己的网站？", "On your own site?"),
    Text(
        "在「可以嵌入的网站」里写上它的地址，例如 https://shop.example，再把下面那一行标签贴进网页。",
        "Name it under “Sites that may embed it”, such as https://shop.example, and paste the tag into its "
        "pages.",
    ),
)
PLAIN = Note(
    Text("有网站用的是 http", "A site comes over plain http"),
    Text(
        "http 网页里说的话，路上的人都能看到，也能改。请给网站装上证书，再改成 https 的地址。",
        "Whoever is on the way can read and change what is said on a page that comes over http. Get the site "
        "a certificate, and name its https address.",
    ),
)
SYMPTOMS: tuple[Symptom, ...] = (
    symptom(
        "widget_not_shown",
        r"(按钮|气泡|组件|挂件|widget|bubble|button).{0,12}(不显示|不出现|没有?出|看不到)"
        r"|(widget|bubble|button).{0,12}not (show|appear|load)"
        r"|refused to (load|execute).{0,40}script|blocked by.{0,20}content.security.policy",
        Text(
            "网站上看不到聊天按钮：标签没有贴进每个网页、地址写错了，或网站的内容安全策略（CSP）没有允许我们的"
            "地址。请按「发布」页上的那几项加进 script-src 和 connect-src。",
            "The button is not there: the tag is not in the page, its address is wrong, or the site's "
            "Content-Security-Policy does not allow our address. Add what the Publish page shows to "
            "script-src and connect-src.",
        ),
    ),
    symptom(
        "widget_origin",
        r"网页.{0,80}不能用这个发布|may not use this publication|access-control-allow-origin|cors",
        Text(
            "网站不在允许的名单里。请在「可以嵌入的网站」写上它的地址，要和浏览器地址栏一样"
            "（https、www、端口都算），不带路径。",
            "The site is not on the list. Name it under “Sites that may embed it” just as the browser "
            "shows it (https, www and port count), without a path.",
        ),
    ),
    symptom(
        "widget_mixed",
        r"mixed.content|不安全的(内容|脚本)|insecure (script|content)",
        Text(
            "https 的网站不能用 http 的聊天。请给这台服务器装上证书（「放到服务器上」有现成的配置），"
            "再换成 https 的标签。",
            "A site on https cannot use a chat on plain http. Get this server a certificate (“Put it on a "
            "server” has the files ready), and take the tag with https.",
        ),
    ),
    symptom(
        "widget_socket",
        r"websocket.{0,60}(failed|closed|error|失败|断开)|一个字一个字.{0,10}(不|没)|回答.{0,8}一下子(全|都)?出",
        Text(
            "代理没有放行 WebSocket：聊天会自动改用普通请求，不丢消息。想要更快，在 nginx 里加上 "
            "proxy_set_header Upgrade 和 Connection，并关掉缓冲。",
            "A proxy lets no WebSocket through: the chat goes on by plain requests and loses nothing. "
            "To be faster, set proxy_set_header Upgrade and Connection in nginx, and switch buffering off.",
        ),
    ),
    symptom(
        "widget_member",
        r"身份说明不能用|says of who comes does not count|identity.{0,12}(wrong|invalid|refused)",
        Text(
            "网站签的身份不对。要用 HS256 和这里的身份密钥，写 sub 和一小时内到期的 exp；两边的时钟要准。",
            "What the site signed does not count. Use HS256 with the identity secret from here, sub, and exp "
            "within an hour; both clocks have to be right.",
        ),
    ),
)
