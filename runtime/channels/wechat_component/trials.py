"""The accounts with which WeChat tries a third-party platform before it is released, and what it demands.

https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/operation/thirdparty/releases_instructions.html
"""

from collections.abc import Mapping

OFFICIAL_ACCOUNTS = {
    "wx570bc396a51b8ff8": "gh_3c884a361561",
    "wx9252c5e0bb1836fc": "gh_c0f28a78b318",
    "wx8e1097c5bc82cde9": "gh_3f222ed8d140",
    "wx14550af28c71a144": "gh_26128078e9ab",
    "wxa35b9c23cfe664eb": "gh_2b3713f184a6",
}
MINI_PROGRAMS = {
    "wxd101a85aa106f53e": "gh_8dad206e9538",
    "wxc39235c15087f6f3": "gh_905ae9d01059",
    "wx7720d01d4b2a4500": "gh_393666f1fdf4",
    "wx05d483572dcd5d8b": "gh_39abb5d4e1b7",
    "wx5910277cae6fd970": "gh_7818dcb60240",
}
TRIALS: Mapping[str, Mapping[str, str]] = {
    app_id: {"app_id": app_id, "original_id": original_id}
    for app_id, original_id in {**OFFICIAL_ACCOUNTS, **MINI_PROGRAMS}.items()
}
TEXT = "TESTCOMPONENT_MSG_TYPE_TEXT"
ANSWERED = f"{TEXT}_callback"
ASKS = "QUERY_AUTH_CODE:"
"""Before a code, upon which the answer is empty at first."""
PUSHED = "{code}_from_api"
