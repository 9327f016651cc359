"""The certificate of the public address: whether a platform will trust it, and for how long."""

from runtime.channels import Told
from runtime.checkup.address import MOST, Fault
from runtime.checkup.patient import Patient
from runtime.lang import NOTHING, Text
from runtime.network.outside import NotReached

DAY = 86_400
SOON = 14 * DAY
"""Before its end from which on that is told."""


async def tls(patient: Patient) -> Told:
    ends = float("inf")
    for address in patient.addresses[:MOST]:
        try:
            outside = patient.ways.outside
            ends = min(ends, await outside.certificate(patient.host, address, patient.port, patient.patience))
        except NotReached as e:
            fault = CERTIFICATE.get(e.code, UNTRUSTED) if e.why == "certificate" else NO_TLS
            return patient.told(False, *fault, host=patient.host, port=patient.port, why=e.detail or e.why)
    days = int((ends - patient.ways.clock()) // DAY) if ends != float("inf") else 999
    says = Text("证书有效，还有 {days} 天到期。", "The certificate is good for another {days} days.")
    soon = Text(
        "请检查自动续期（certbot renew 或 Caddy）。", "See whether it is renewed by itself (certbot, Caddy)."
    )
    return patient.told(True, says, soon if days * DAY < SOON else NOTHING, days=days)


_CHAIN = Fault(
    Text(
        "{host} 的证书链不完整：缺中间证书，或颁发者不受信任。",
        "The certificate chain of {host} is incomplete, or its issuer is not trusted.",
    ),
    Text(
        "请让服务器发送完整的链：nginx 的 ssl_certificate 要用 fullchain.pem。",
        "Let the server send the whole chain: ssl_certificate in nginx takes fullchain.pem.",
    ),
)
_SELF_MADE = Fault(
    Text(
        "{host} 的证书是自签的，{platform}不信任它。",
        "The certificate of {host} is self-signed, and {platform} does not trust it.",
    ),
    Text(
        "请换成受信任机构颁发的证书，Let's Encrypt 免费。",
        "Take one of a trusted authority; Let's Encrypt is free.",
    ),
)
_NAME = Fault(
    Text("证书不是给 {host} 的。", "The certificate is not for {host}."),
    Text(
        "请申请包含这个域名的证书，并核对反向代理里 server_name 对应的证书。",
        "Get one that has this name in it, and see which certificate the proxy uses for this server_name.",
    ),
)
CERTIFICATE = {
    9: Fault(
        Text("{host} 的证书还没有生效。", "The certificate of {host} is not valid yet."),
        Text(
            "请校准服务器时钟，或换上当前有效的证书。",
            "Set the server's clock, or install one that is valid now.",
        ),
    ),
    10: Fault(
        Text("{host} 的证书已经过期。", "The certificate of {host} has expired."),
        Text(
            "请续期并重新加载反向代理（certbot renew 后 nginx -s reload）。",
            "Renew it and reload the proxy (certbot renew, then nginx -s reload).",
        ),
    ),
    18: _SELF_MADE,
    19: _SELF_MADE,
    20: _CHAIN,
    21: _CHAIN,
    62: _NAME,
    64: _NAME,
}
"""By OpenSSL's X509_V_ERR_ numbers."""
UNTRUSTED = Fault(
    Text("{host} 的证书不被接受（{why}）。", "The certificate of {host} is not accepted ({why})."),
    Text("请换成受信任且链完整的证书。", "Install a trusted one with its whole chain."),
)
NO_TLS = Fault(
    Text(
        "{host} 的端口 {port} 谈不成 https（{why}）。",
        "No https can be spoken with port {port} of {host} ({why}).",
    ),
    Text(
        "请在反向代理里给这个端口和域名打开 TLS 1.2 以上（nginx：listen 443 ssl），或把公网地址改成 http。",
        "Turn TLS 1.2 or newer on for this port and name (nginx: listen 443 ssl), or make the address http.",
    ),
)


def is_https(patient: Patient) -> bool:
    return patient.parts.scheme == "https"
