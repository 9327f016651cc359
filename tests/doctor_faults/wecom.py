"""The faults of WeCom's surfaces, which check an address by a sealed echo, and of what is held or scanned."""

from doctor_faults.fault import CLOSED, NOWHERE, VIA, Fault, proxied
from doctor_faults.surfaces import KF
from runtime.channels.ilink import codes as ilink
from runtime.channels.wecom_bot import guide as bot

APP, KFS, ROBOT, HELD, ILINK = "wecom_app", "wecom_kf", "wecom_bot", "connected", "ilink"
SEALED = (APP, KFS, ROBOT)
GETTOKEN, AGENT, ACCOUNTS = "cgi-bin/gettoken", "cgi-bin/agent/get", "cgi-bin/kf/account/list"
STATE, SYNC = "cgi-bin/kf/service_state/get", "cgi-bin/kf/sync_msg"
OTHER_KEY, OTHER_CORP = "k" * 43, "wwffffffffffffffff"
STRANGER = {
    "errcode": 60020,
    "errmsg": "not allow to access from your ip, hint: [1606122450_2_9a1c], from ip: 203.0.113.9, more info",
}
# a firewall's rule against long parameters
NO_ECHO = "if ($args ~ echostr=) { return 403; } location / { proxy_pass http://{app}; }"
ANOTHER = {"errcode": 0, "account_list": [{"open_kfid": "wkAnother", "name": "别的"}]}
NOT_MANAGED = {
    "errcode": 0,
    "account_list": [{"open_kfid": KF.open_kfid, "name": "茶铺", "manage_privilege": False}],
}
UP = {"up": True}


def ended(text, again=None):
    return {"up": False, "why": text.by_language(), "again": again}


WELL = [
    *(Fault(f"{on}: well", on=on) for on in (*SEALED, ILINK)),
    *(Fault(f"{on}: well, and verified", on=on, call="verify") for on in SEALED),
    *(Fault(f"{on}: well, with messages", on=on, call="message") for on in SEALED),
    Fault("wecom_app: well, on a port of its own", on=APP, url="https://{host}:443"),
    Fault("connected: well", on=HELD, link=UP, holder=3.0),
    Fault("connected: well, it was not started yet", on=HELD),
    Fault("wecom_kf: well, WeCom is busy", on=KFS, api={GETTOKEN: -1}),
]
ADDRESS = [
    Fault("wecom_app: no such name", "dns", "no address", on=APP, names=NOWHERE),
    Fault("wecom_kf: nothing listens", "tcp", "refuses", on=KFS, names={"a": [CLOSED], "aaaa": []}),
    Fault("wecom_bot: an expired certificate", "tls", "expired", on=ROBOT, certificate="expired"),
    Fault("wecom_app: a plus is lost", "reaches", "A + in the parameters", on=APP, nginx=VIA, through="plus"),
    Fault(
        "wecom_app: POST becomes GET", "carries", "became a GET", on=APP, nginx=proxied("proxy_method GET;")
    ),
]
ECHO = [
    *(
        Fault(f"{on}: {id}", "echo", says, on=on, nginx=VIA, through=way)
        for on, id, says, way in (
            (APP, "an answer in quotes", "wrapped", "quoted"),
            (APP, "a newline more", "newline", "newline"),
            (KFS, "a BOM", "BOM", "bom"),
            (KFS, "an answer as JSON", "wrapped", "json"),
            (ROBOT, "an empty answer", "empty", "emptied"),
            (ROBOT, "a cached answer", "cached", "stale"),
        )
    ),
    *(Fault(f"{on}: what is sealed is held back", "echo", "403", on=on, nginx=NO_ECHO) for on in SEALED),
    Fault("wecom_bot: a slow answer", "pace", "1.50 s", on=ROBOT, slow=1.5),
]
ATTEMPTS = [
    *(
        Fault(
            f"{on}: another Token, {call}",
            "signature",
            "Token",
            on=on,
            call=call,
            theirs={"token": "another1"},
        )
        for on in SEALED
        for call in ("verify", "message")
    ),
    *(
        Fault(
            f"{on}: another AES key",
            "aes_key",
            "EncodingAESKey",
            on=on,
            call="verify",
            theirs={"encoding_aes_key": OTHER_KEY},
        )
        for on in SEALED
    ),
    *(
        Fault(
            f"{on}: another CorpID, {call}",
            "receive_id",
            OTHER_CORP,
            on=on,
            call=call,
            theirs={"corp_id": OTHER_CORP},
        )
        for on in (APP, KFS)
        for call in ("verify", "message")
    ),
    Fault(
        "wecom_bot: a bot of a provider's",
        "receive_id",
        "ww-provider",
        on=ROBOT,
        call="verify",
        theirs={"receiver": "ww-provider"},
    ),
    Fault(
        "wecom_app: another app's messages",
        "receive_id",
        "1000009",
        on=APP,
        call="message",
        theirs={"agent_id": "1000009"},
    ),
    Fault("wecom_kf: a call of another time", "call", "5 minutes", on=KFS, call="message", late=-900.0),
]
PLATFORM = [
    Fault("wecom_app: the API is not reached", "api", "Cannot reach", on=APP, api_down=True),
    *(
        Fault(f"{on}: {id}", "secret", says, on=on, api={GETTOKEN: code})
        for on in (APP, KFS)
        for id, code, says in (
            ("another Secret", 40001, "Secret"),
            ("another enterprise's CorpID", 40013, "CorpID"),
        )
    ),
    *(
        Fault(
            f"{on}: the address is not trusted", "allow_list", "203.0.113.9", on=on, api={GETTOKEN: STRANGER}
        )
        for on in (APP, KFS)
    ),
    Fault(
        "wecom_app: the address is not trusted, as the app says",
        "allow_list",
        "203.0.113.9",
        on=APP,
        api={AGENT: STRANGER},
    ),
    Fault("wecom_app: a wrong AgentId", "permissions", "AgentId", on=APP, api={AGENT: 40056}),
    Fault("wecom_app: another app's Secret", "permissions", "same app", on=APP, api={AGENT: 301002}),
    Fault(
        "wecom_app: it is disabled",
        "permissions",
        "disabled",
        on=APP,
        api={AGENT: {"errcode": 0, "close": 1}},
    ),
    Fault(
        "wecom_app: nobody sees it",
        "visible",
        "nobody",
        on=APP,
        api={
            AGENT: {
                "errcode": 0,
                "close": 0,
                "allow_userinfos": {"user": []},
                "allow_partys": {"partyid": []},
                "allow_tags": {"tagid": []},
            }
        },
    ),
    Fault("wecom_app: people without a licence", "sending", "licence", on=APP, trouble="unlicenseduser"),
    Fault("wecom_kf: the app may not call", "permissions", "may not call", on=KFS, api={STATE: 48002}),
    Fault("wecom_kf: the API is switched off", "permissions", "switched off", on=KFS, api={STATE: 95017}),
    Fault(
        "wecom_kf: the account is another app's", "kf_account", KF.open_kfid, on=KFS, api={ACCOUNTS: ANOTHER}
    ),
    Fault(
        "wecom_kf: the account is not managed by the app",
        "kf_account",
        KF.open_kfid,
        on=KFS,
        api={ACCOUNTS: NOT_MANAGED},
    ),
    Fault(
        "wecom_kf: no such account",
        "permissions",
        "no such customer-service account",
        on=KFS,
        api={STATE: 95004},
    ),
    Fault(
        "wecom_kf: the account is used within WeCom",
        "permissions",
        "used within WeCom",
        on=KFS,
        api={STATE: 95011},
    ),
]
LASTING = [
    Fault(
        "connected: another program took it over",
        "connected",
        "Another program",
        on=HELD,
        link=ended(bot.TAKEN_OVER),
    ),
    Fault(
        "connected: another Secret",
        "connected",
        "refused this Bot ID",
        on=HELD,
        link=ended(bot.REFUSED.fill(code="40001")),
    ),
    Fault("connected: no heartbeat", "connected", "heartbeat", on=HELD, link=ended(bot.SILENT, 4.0)),
    Fault("connected: the network is down", "connected", "is down", on=HELD, link=ended(bot.LOST, 4.0)),
    Fault("connected: taken offline", "published", "offline", on=HELD, enabled=False),
    Fault(
        "ilink: not scanned yet",
        "paired",
        "not scanned",
        on=ILINK,
        settings={"bot_token": "", "bot_id": "", "user_id": ""},
    ),
    Fault(
        "ilink: scanned elsewhere, or expired",
        "permissions",
        "no longer valid",
        on=ILINK,
        api={"ilink/bot/getconfig": {"ret": -14}},
    ),
    Fault("ilink: too many answers", "sending", "too fast", on=ILINK, trouble=ilink.BUSY),
    Fault("ilink: the API is not reached", "api", "Cannot reach", on=ILINK, api_down=True),
]
WECOM = [*WELL, *ADDRESS, *ECHO, *ATTEMPTS, *PLATFORM, *LASTING]
