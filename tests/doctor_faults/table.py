"""The faults of an address, of what stands in front of it, of an Official Account."""

from doctor_faults.fault import (
    CHECK,
    CLOSED,
    DEAF,
    HELLO,
    HERE,
    LOGIN,
    NOT_FOUND,
    NOWHERE,
    PUBLIC,
    SECOND,
    TEMPORARY,
    THERE,
    VIA,
    Fault,
    answer,
    proxied,
)
from doctor_faults.nginx import WAF_PAGE
from doctor_faults.wecom import WECOM

WELL = [
    Fault("well"),
    Fault("well, over http", url="http://{host}"),
    Fault("well, by another public address", names={"a": [SECOND], "aaaa": []}, api={CHECK: THERE}),
    Fault("well, through a proxy", proxy="up"),
    Fault("well, with IPv6 as well", names={"a": [PUBLIC], "aaaa": ["2001:4860:4860::8888"]}),
    Fault("well, below a path", url="https://{host}/ai", nginx="location /ai/ { proxy_pass http://{app}/; }"),
    Fault("well, one that answers passively", settings={"push": False, "app_secret": ""}),
    Fault("well, in plain mode", settings={"mode": "plain", "encoding_aes_key": ""}),
    Fault("well, and verified", call="verify"),
    Fault("well, with messages", call="message"),
    Fault("well, a platform that does not say its time", skew=None),
    Fault("well, its token is asked for while it is busy", api={"cgi-bin/stable_token": -1}),
    Fault("well, an account that may not ask for quotas", api={"cgi-bin/openapi/quota/get": 48001}),
    Fault("well, no address at the platform yet", api={"cgi-bin/callback/check": 40201}),
    Fault("well, a certificate that ends in three days", certificate="soon"),
    Fault("well, a clock that is a little off", skew=20.0),
]

ADDRESS = [
    Fault("no address", "url", "No public address", url=""),
    Fault("localhost", "public", "this machine itself", url="http://localhost:7860", names=HERE),
    Fault("loopback", "public", "this machine itself", names=HERE),
    Fault("loopback, and another fault", "reaches", "another site", names=HERE, nginx=answer(HELLO)),
    Fault("a name of the home network", "url", "only near", url="https://nas.local", names=NOWHERE),
    Fault("a bare name", "url", "only near", url="https://server", names={"a": ["192.168.1.9"], "aaaa": []}),
    Fault("taken offline", "published", "offline", enabled=False),
    Fault("the program's own port", "port", "only calls the ports 80 and 443", url="http://{host}:7860"),
    Fault("https on 8443", "port", "says 8443", url="https://{host}:8443"),
    Fault("no such name", "dns", "no address", names=NOWHERE),
    Fault("no DNS server", "dns", "did not answer", names={"a": TEMPORARY, "aaaa": TEMPORARY}),
    Fault("an address of the own network", "dns", "not public", names={"a": ["192.168.1.8"], "aaaa": []}),
    Fault("carrier NAT", "dns", "100.72.3.4", names={"a": ["100.72.3.4"], "aaaa": []}),
    Fault("one address of two is private", "dns", "10.0.0.5", names={"a": [PUBLIC, "10.0.0.5"], "aaaa": []}),
    Fault("a proxy's fake address", "dns", "fake address", names={"a": ["198.18.0.9"], "aaaa": []}),
    Fault("IPv6 only", "dns", "IPv6", names={"a": NOT_FOUND, "aaaa": ["2001:4860:4860::8888"]}),
    Fault("a private IP as the address", "dns", "not public", url="http://10.1.2.3"),
    Fault("nothing listens", "tcp", "refuses", names={"a": [CLOSED], "aaaa": []}),
    Fault("a closed firewall", "tcp", "does not answer", names={"a": [DEAF], "aaaa": []}, patience=3.0),
    Fault("one of two servers is down", "tcp", "now and then", names={"a": [PUBLIC, CLOSED], "aaaa": []}),
    Fault("an expired certificate", "tls", "expired", certificate="expired"),
    Fault("a certificate of tomorrow", "tls", "not valid yet", certificate="future"),
    Fault("another name's certificate", "tls", "not for", certificate="other_name"),
    Fault("a missing chain", "tls", "chain", certificate="no_chain"),
    Fault("a self-signed certificate", "tls", "self-signed", certificate="self_signed"),
    Fault("somebody's own root", "tls", "self-signed", certificate="private_root"),
    Fault("a name that the proxy does not know", "tls", "No https", more="ssl_reject_handshake on;"),
    Fault("http on the https port", "tls", "No https", names={"a": ["9.9.9.10"], "aaaa": []}),
]

WAY = [
    Fault(
        "http leads to https",
        "redirect",
        "https://",
        url="http://{host}",
        nginx="location / { return 301 https://$host$request_uri; }",
    ),
    Fault("a login redirect", "redirect", "/login", nginx="location / { return 302 /login?next=$uri; }"),
    Fault(
        "www in front", "redirect", "www.", nginx="location / { return 301 https://www.$host$request_uri; }"
    ),
    Fault("a slash at the end", "redirect", "adds a slash", nginx="rewrite ^(/c/[^/]+)$ $1/ permanent;"),
    Fault(
        "a domain that is not filed",
        "redirect",
        "not filed",
        nginx="location / { return 302 https://dnspod.qcloud.com/static/webblock.html?d=$host; }",
    ),
    Fault(
        "a domain that is not filed, as a page",
        "reaches",
        "not filed",
        nginx=answer("<title>Non-compliance ICP Filing</title>", 403),
    ),
    Fault("a redirect to nowhere", "redirect", "redirected", nginx="location / { return 307 ''; }"),
    Fault(
        "basic auth", "reaches", "password", nginx=proxied("auth_basic bot; auth_basic_user_file /dev/null;")
    ),
    Fault("a firewall's page", "reaches", "firewall", nginx=answer(WAF_PAGE)),
    Fault("a firewall that blocks", "reaches", "firewall", nginx=answer("<h1>request blocked</h1>", 403)),
    Fault("the proxy denies it", "reaches", "forbids it", nginx="location / { deny all; }"),
    Fault("a login page", "reaches", "login page", nginx=answer(LOGIN)),
    Fault("a challenge", "reaches", "firewall", nginx=answer("<html>cf-chl-bypass challenge</html>", 503)),
    Fault("a tunnel's warning page", "reaches", "tunnel", nginx=answer("<html>ERR_NGROK_6024</html>")),
    Fault(
        "a tunnel that is down",
        "reaches",
        "tunnel",
        nginx=answer("<html>ERR_NGROK_3200 not found</html>", 404),
    ),
    Fault(
        "a certificate is wanted of the caller",
        "reaches",
        "certificate of whoever calls",
        more="ssl_verify_client on; ssl_client_certificate {folder}/good.pem;",
    ),
    Fault("http to the https port", "reaches", "wants https", url="http://{host}:443"),
    Fault("an error of the program's", "reaches", "HTTP 500", nginx="location / { return 500; }"),
    Fault("another site", "reaches", "another site", nginx=answer(HELLO)),
    Fault("another program", "reaches", "not this program", nginx=answer("{}", kind="application/json")),
    Fault("a wrong path", "reaches", "no such path", nginx="location / { return 404; }"),
    Fault(
        "the prefix is cut off", "reaches", "no such path", nginx="location /c/ { proxy_pass http://{app}/; }"
    ),
    Fault(
        "only one location",
        "reaches",
        "no such path",
        nginx="location /agent/ { proxy_pass http://{app}; } location / { return 404; }",
    ),
    Fault(
        "no program behind",
        "reaches",
        "does not reach",
        nginx="location / { proxy_pass http://127.0.0.1:1; }",
    ),
    Fault("service unavailable", "reaches", "HTTP 503", nginx="location / { return 503; }"),
    Fault("a wrong upstream", "reaches", "another server", elsewhere=True),
    Fault("an older version", "reaches", "older version", nginx=VIA, through="old"),
    Fault(
        "the path is rewritten",
        "reaches",
        "became /c/other",
        nginx="location / { rewrite ^ /c/other break; proxy_pass http://{app}; }",
    ),
    Fault("GET is not let through", "reaches", "does not let", nginx="location / { return 405; }"),
    Fault("a rate limit", "reaches", "how often", nginx=proxied("limit_req zone=few; limit_req_status 429;")),
    Fault("a plus is lost", "reaches", "A + in the parameters", nginx=VIA, through="plus"),
    Fault("decoded twice", "reaches", "once too often", nginx=VIA, through="decoded"),
    Fault("a parameter is dropped", "reaches", "lost or added", nginx=VIA, through="dropped"),
    Fault("a parameter is added", "reaches", "lost or added", nginx=VIA, through="added"),
    Fault(
        "POST is not let through",
        "carries",
        "does not let",
        nginx="location / { limit_except GET { deny all; } proxy_pass http://{app}; "
        "error_page 403 =405 @no; } location @no { return 405; }",
    ),
    Fault("bodies are too large", "carries", "too large", more="client_max_body_size 1k;"),
    Fault("bodies are recoded", "carries", "body was changed", nginx=VIA, through="recoded"),
    Fault("bodies are masked", "carries", "body was changed", nginx=VIA, through="masked"),
    Fault("line ends are changed", "carries", "body was changed", nginx=VIA, through="trimmed"),
    Fault("POST becomes GET", "carries", "became a GET", nginx=proxied("proxy_method GET;")),
]

ANSWER = [
    Fault(
        "nobody answers behind the proxy",
        "answers",
        "no answer within",
        nginx=VIA,
        through="deaf",
        patience=3.0,
    ),
    Fault("a proxy that hangs up", "answers", "ended before", nginx="location / { return 444; }"),
    Fault("an answer that is cut off", "answers", "ended before", nginx=VIA, through="cut"),
    Fault("an answer in quotes", "echo", "wrapped", nginx=VIA, through="quoted"),
    Fault("an answer as JSON", "echo", "wrapped", nginx=VIA, through="json"),
    Fault("a newline more", "echo", "newline", nginx=VIA, through="newline"),
    Fault("a BOM", "echo", "BOM", nginx=VIA, through="bom"),
    Fault("a script put in", "echo", "page", nginx=VIA, through="script"),
    Fault("a comment put in", "echo", "wrapped", nginx=VIA, through="commented"),
    Fault("an empty answer", "echo", "empty", nginx=VIA, through="emptied"),
    Fault("a cached answer", "echo", "cached", nginx=VIA, through="stale"),
    Fault("compressed unasked", "echo", "compressed (gzip)", nginx=VIA, through="packed"),
    Fault(
        "chunked by nginx", "echo", "chunks", nginx=proxied("sub_filter nothing more; sub_filter_types *;")
    ),
    Fault("chunked by a gateway", "echo", "chunks", nginx=VIA, through="chunked"),
    Fault("too slow", "pace", "3.90 s", slow=3.9),
]

TOKEN, SEND, PROBE = "cgi-bin/stable_token", "cgi-bin/message/custom/send", "cgi-bin/message/custom/typing"
WHITELIST = {
    "errcode": 40164,
    "errmsg": "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: x",
}
PING = {
    "dns": [{"ip": "8.8.8.8"}],
    "ping": [{"ip": "8.8.8.8", "from_operator": "UNICOM", "package_loss": "100%", "time": "0ms"}],
}
ELSEWHERE = {"dns": [{"ip": "203.0.113.80"}], "ping": []}

PLATFORM = [
    Fault("the API is not reached", "api", "Cannot reach", api_down=True),
    Fault("the platforms' proxy is down", "api", "See whether the proxy", proxy="down"),
    Fault("the platforms' proxy wants a password", "api", "proxy", proxy="up", api={"": (407, {})}),
    Fault("a clock that is fast", "clock", "fast", skew=-400.0),
    Fault("a clock that is slow", "clock", "slow", skew=90.0),
    *(
        Fault(f"the token is refused with {code}", "secret", says, api={TOKEN: code})
        for code, says in (
            (40001, "AppSecret"),
            (40013, "AppID"),
            (40125, "AppSecret"),
            (40243, "frozen"),
            (41002, "AppID"),
            (41004, "AppSecret"),
            (45009, "quota"),
            (48004, "banned"),
            (50007, "50007"),
        )
    ),
    Fault("not in the allow-list", "allow_list", "203.0.113.9", api={TOKEN: WHITELIST}),
    *(
        Fault(f"the address is refused with {code}", "allow_list", says, api={TOKEN: code})
        for code, says in (
            (61004, "allow-list"),
            (89501, "administrator"),
            (89503, "administrator"),
            (89506, "denied"),
            (89507, "denied"),
        )
    ),
    Fault("an account that is not verified", "permissions", "may not send", api={PROBE: 48001}),
    Fault("another system fetches tokens", "permissions", "another system", api={PROBE: 40001}),
    Fault("the token is void at once", "permissions", "another system", api={PROBE: 42001}),
    Fault("the API is banned", "permissions", "banned", api={PROBE: 48004}),
    Fault("the platform's packets are lost", "callback_check", "100%", api={"cgi-bin/callback/check": PING}),
    Fault(
        "another name at the platform",
        "callback_check",
        "203.0.113.80",
        api={"cgi-bin/callback/check": ELSEWHERE},
    ),
    Fault(
        "the day's calls are used up",
        "quota",
        "used up",
        api={"cgi-bin/openapi/quota/get": {"quota": {"daily_limit": 500, "used": 500, "remain": 0}}},
    ),
]

OTHER_KEY = "k" * 43
ATTEMPTS = [
    Fault("another Token in the console", "signature", "Token", call="verify", theirs={"token": "another1"}),
    Fault("another Token, and messages", "signature", "Token", call="message", theirs={"token": "another1"}),
    Fault(
        "another AES key", "aes_key", "EncodingAESKey", call="message", theirs={"encoding_aes_key": OTHER_KEY}
    ),
    Fault(
        "another AppID",
        "receive_id",
        "wxffffffffffffffff",
        call="message",
        theirs={"app_id": "wxffffffffffffffff"},
    ),
    Fault(
        "another original id", "receive_id", "gh_other", call="message", theirs={"original_id": "gh_other"}
    ),
    Fault("plain text in the console", "call", "modes differ", call="message", theirs={"mode": "plain"}),
    Fault(
        "plain text here",
        "call",
        "modes differ",
        call="message",
        settings={"mode": "plain", "encoding_aes_key": ""},
    ),
    Fault("a real call of another time", "call", "5 minutes", call="message", late=-900.0),
]

FAULTS = [*WELL, *ADDRESS, *WAY, *ANSWER, *PLATFORM, *ATTEMPTS, *WECOM]
