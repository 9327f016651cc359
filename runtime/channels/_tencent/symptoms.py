"""What users of Tencent's surfaces report, and what it comes from."""

from runtime.channels import Symptom
from runtime.channels._symptoms import symptom
from runtime.lang import Text

SYMPTOMS: tuple[Symptom, ...] = (
    symptom(
        "token_verification",
        r"token.{0,6}(验证失败|校验失败|verif)|验证.{0,3}token.{0,4}失败|url.{0,6}(验证|校验).{0,4}(失败"
        r"|不通过)|openapi回调",
        Text(
            "后台的 Token 验证失败：回显被改了（JSON、引号、换行）、前面有登录页或防火墙、端口不是 80/443、"
            "「+」丢了，或 Token 和模式不一致。请运行体检，第一项不通过的就是原因。",
            "The console's check of the Token failed: the echo was changed (JSON, quotes, a newline), a "
            "login or firewall is in front, the port is not 80 or 443, a + was lost, or Token or mode "
            "differ. Run the check-up: the first check that fails is the cause.",
        ),
    ),
    symptom(
        "verified_but_silent",
        r"(后台|console|接口).{0,8}(成功|通过|正常|works).{0,20}(不回|没有?回|没反应|no (answer|reply))"
        r"|收不到(回复|消息)"
        r"|不回复|no (answer|reply) in we",
        Text(
            "后台通过了但微信里没有回答：多半是原始 ID（gh_）填错、收发方写反、XML 模式回了 JSON，"
            "或安全模式没有加密。请看体检里的「账号」和「消息密钥」两项；鸿雁自己会按来信的格式加密回复。",
            "Verified, but no answer in WeChat: usually a wrong original id (gh_), sender and receiver "
            "swapped, JSON in XML mode, or an answer in the clear in safe mode. See “Whose messages” and "
            "“Message key” of the check-up; Hongyan answers in the format that came, sealed.",
        ),
    ),
    symptom(
        "service_unavailable",
        r"(暂时)?无法提供服务|提供的服务出现故障|service (is )?(temporarily )?unavailable",
        Text(
            "公众号显示「暂时无法提供服务」：5 秒内没有回应、程序出错，或回的 XML 不合法。"
            "请确认回调指向鸿雁（它总在 4.5 秒内回应），并看体检里的「响应时间」。",
            "The account shows “cannot provide service now”: nothing within 5 s, an error, or malformed XML. "
            "Let the callback lead to Hongyan, which always answers within 4.5 s, and see “Answer time” of "
            "the check-up.",
        ),
    ),
    symptom(
        "answered_three_times",
        r"(回复|收到|回答|answer\w*|repl\w+).{0,12}(三次|3 ?次|三遍|重复|three times|3 times|twice)|重复回复",
        Text(
            "同一条消息回答了三次：微信没等到回应会重发三次，没有按 MsgId 去重。鸿雁会去重；"
            "请检查是不是还有另一个程序也接了这个账号。",
            "One message is answered three times: WeChat repeats what is not acknowledged, and nobody looked "
            "at the MsgId. Hongyan does; see whether another program answers on this account, too.",
        ),
    ),
    symptom(
        "random_40001",
        r"(随机|偶尔|时不时|有时|经常|时好时坏|random|sporadic|sometimes).{0,20}40001|40001.{0,20}(随机|偶尔"
        r"|有时|经常|random|sometimes)",
        Text(
            "40001 时好时坏：两个系统都在用 /cgi-bin/token 取令牌，互相顶掉。请让另一个系统改用 "
            "stable_token，或只留一处取令牌。",
            "40001 comes and goes: two systems fetch tokens with /cgi-bin/token and void each other's. Let "
            "the other one use stable_token, or keep a single place that fetches.",
        ),
    ),
    symptom(
        "moving_address",
        r"40164.{0,40}(云函数|serverless|function|变|change)|(云函数|出口 ?ip|egress|nat).{0,30}(变|40164"
        r"|chang)",
        Text(
            "出口 IP 在变，白名单总是差一个（40164）：云函数和没有固定出口的主机都会这样。请用固定 IP 的 "
            "NAT，或设置 HONGYAN_PLATFORM_PROXY 从一台固定 IP 的代理出去。",
            "The outgoing IP changes and is never in the allow-list (40164): cloud functions and hosts "
            "without a fixed exit do that. Use a NAT with a fixed IP, or a proxy that has one: "
            "HONGYAN_PLATFORM_PROXY.",
        ),
    ),
    symptom(
        "unverified_push",
        r"48001|api unauthorized|(客服消息|菜单|menu|custom/send).{0,20}(没有权限|无权限|unauthorized)",
        Text(
            "接口没有权限（48001）：未认证的和个人的账号不能发客服消息、不能用接口建菜单。"
            "请关闭「可以发客服消息」改用被动回复，或完成微信认证。",
            "The API is not granted (48001): unverified and personal accounts cannot push or make menus by "
            "API. Turn “May push messages” off to answer passively, or verify the account.",
        ),
    ),
    symptom(
        "tap_is_no_message",
        r"45015|(点(了|击)|click|tap).{0,20}(菜单|链接|menu|link).{0,30}(发不出|过期|45015|fail)",
        Text(
            "用户「刚点过」却发不出（45015）：点跳转菜单和消息里的菜单链接不会打开 48 小时的窗口。"
            "请等对方发一条消息，或用「点击」类菜单。",
            "The person “just clicked”, and sending fails (45015): view buttons and links in messages do not "
            "open the 48 h. Wait for a message of theirs, or use a menu button of the kind click.",
        ),
    ),
    symptom(
        "too_many_parts",
        r"45047|(长|long).{0,8}(回答|回复|answer).{0,20}(缺|断|一半|45047|cut)",
        Text(
            "长回答后半段没发出去（45047）：一条消息最多回 5 条。请让回答更短；剩下的鸿雁会留着，"
            "等对方下次发来消息再给。",
            "The second half of a long answer is missing (45047): one message allows 5 answers. Make answers "
            "shorter; Hongyan keeps the rest until the person writes again.",
        ),
    ),
    symptom(
        "menu_vanished",
        r"菜单.{0,8}(不见|消失|没了|失效)|自动回复.{0,8}(失效|不见|没了)|menu.{0,20}(vanish|disappear|gone)",
        Text(
            "菜单和自动回复不见了：启用服务器地址后，后台里做的菜单和自动回复就停用。"
            "请在鸿雁的发布页重新设置菜单和关键词回复。",
            "The menu or the automatic replies vanished: enabling a server address switches off those made "
            "in the console. Set menu and keyword answers anew on Hongyan's publish page.",
        ),
    ),
    symptom(
        "escaped_chinese",
        r"\\u[0-9a-f]{4}|ensure_ascii|40033",
        Text(
            "中文显示成 \\u4f60 这样的字，或内容检查什么都放行：请求里的中文被转义了。请用 "
            "ensure_ascii=False 发送；鸿雁就是这样发的，请检查中间有没有别的程序。",
            "Chinese shows as \\u4f60, or a content check passes everything: the request was escaped. Send "
            "it with ensure_ascii=False, as Hongyan does; see whether another program is in between.",
        ),
    ),
    symptom(
        "untrusted_address",
        r"60020|not allow to access from your ip|可信 ?ip",
        Text(
            "企业微信不认识服务器的 IP（60020）。请到应用详情的「企业可信IP」添加体检里显示的 IP；"
            "要先设置好接收消息的 URL 或可信域名，才能填。",
            "WeCom does not trust the server's IP (60020). Add the IP that the check-up shows under the "
            "app's trusted IPs [企业可信IP]; the callback URL or a trusted domain must be set before.",
        ),
    ),
    symptom(
        "unfiled_domain",
        r"(域名|domain).{0,20}(备案|主体|filed|icp|不合法|校验失败)|80001|85005",
        Text(
            "企业微信不收这个域名：没有 ICP 备案，或备案主体和企业不一致。请换成本企业备案的域名；"
            "没有域名就用智能机器人的长连接。",
            "WeCom refuses the domain: it has no ICP filing, or another company's. Take one that this "
            "company filed; without a domain use the AI bot over its long connection.",
        ),
    ),
    symptom(
        "raw_markdown",
        r"markdown.{0,12}(原样|星号|不(显示|渲染|支持)|raw|not render)|\*\*.{0,10}(显示|show)",
        Text(
            "微信里看到 Markdown 的星号和井号：公众号和微信插件不渲染它。鸿雁会转成普通文字；仍然看到时，"
            "请检查是不是别的程序在回答。",
            "Stars and hashes of Markdown are seen in WeChat: Official Accounts and the WeChat plugin do not "
            "render it. Hongyan turns it into plain text; if you still see it, another program answers.",
        ),
    ),
    symptom(
        "broken_characters",
        "\ufffd|(流式|分块|chunk|stream).{0,16}(乱码|garbled)",
        Text(
            "流式回答里有 �：分块逐块解码，把一个汉字切成了两半。请用增量解码（TextDecoder 的 stream: "
            "true）。",
            "A streamed answer shows �: chunks were decoded one by one, and cut a character in two. Decode "
            "incrementally (TextDecoder with stream: true).",
        ),
    ),
    symptom(
        "check_passes_all",
        r"msg_?sec_?check|(内容|文本)(安全)?(检查|审核|检测).{0,16}(通过|放行|没用)",
        Text(
            "msgSecCheck 总是通过：看了 errcode 而没有看 result.suggest，中文被转义，或 openid 超过两小时。"
            "请按 result.suggest 判断，并用最近打开过的用户的 openid。",
            "msgSecCheck always passes: errcode was read in place of result.suggest, the JSON was escaped, "
            "or the openid is older than two hours. Read result.suggest, and use a recent openid.",
        ),
    ),
)
