"""A WeChat Mini Program of the owner's, which talks to us by itself; people sign in by wx.login.

https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/login.html
"""

import re
from typing import ClassVar

from runtime.channels import (
    ApiAnswer,
    ApiRequest,
    AsksWho,
    Channel,
    Codes,
    Limits,
    Note,
    Profile,
    SignedIn,
    Words,
)
from runtime.channels._tencent.answers import errcode
from runtime.channels._tencent.family import WECHAT
from runtime.channels._tencent.unionid import unionid
from runtime.channels.miniprogram.account import Account
from runtime.channels.miniprogram.codes import ANSWERS, CODES, OTHER_CODE
from runtime.channels.miniprogram.words import WORDS
from runtime.errors import Refused
from runtime.lang import Text
from runtime.person import Described
from runtime.schema import About

CODE = re.compile(r"[\w-]{8,128}", re.ASCII)
OPENID = re.compile(r"[\w-]{6,64}", re.ASCII)
NO_CODE = Text("请给出 wx.login 的 code。", "Give the code of wx.login.")


class MiniProgram(AsksWho, Channel):
    about = About(
        Text("微信小程序", "WeChat Mini Program"),
        Text("自己的小程序里和智能体聊天", "People talk to the agent in your own Mini Program"),
        icon="wechat",
        color="#07c160",
    )
    profile: ClassVar[Profile] = Profile(
        audience="anyone",
        family=WECHAT,
        writes=Text("打开小程序的任何微信用户", "Anyone on WeChat who opens the Mini Program"),
        needs=Text("一个小程序和一个备案过的 https 域名", "A Mini Program and a registered https domain"),
        cost=Text("个人免费注册，认证每年收费", "Free for persons; verification costs yearly"),
        risk=Text(
            "含 AI 问答的小程序要选对类目并备案算法，否则审核不过",
            "A Mini Program with AI answers needs the right category and a filing, else review refuses it",
        ),
        public_address=True,
        mark_asked=True,
    )
    settings: Account
    Settings = Account
    limits: ClassVar[Limits] = Limits(None)
    words: ClassVar[Words] = WORDS
    codes: ClassVar[Codes] = CODES
    api_host: ClassVar[str] = "https://api.weixin.qq.com"
    api_host_setting: ClassVar[str] = "HONGYAN_WECHAT_API"
    proof: ClassVar[str] = "code"
    needs_proof: ClassVar[bool] = True
    known_by: ClassVar[Note] = Note(
        Text("微信给这个小程序的用户编号（OpenID）", "Your id in this Mini Program (OpenID)"),
        Text("用来登录，认出是同一个人", "To sign in and to know you again"),
    )

    @property
    def account(self) -> str:
        return self.settings.app_id

    @classmethod
    def explain(cls, code: str) -> Text:
        return ANSWERS.explain(code) or Channel.explain(code)

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return [markdown] if markdown.strip() else []

    def signs_in(self, proof: str, now: float) -> ApiRequest:
        if not CODE.fullmatch(proof):
            raise Refused(NO_CODE, code="proof")
        query = {
            "appid": self.settings.app_id,
            "secret": self.settings.app_secret.get_secret_value(),
            "js_code": proof,
            "grant_type": "authorization_code",
        }
        return ApiRequest("/sns/jscode2session", query=query)

    def told_who(self, answer: ApiAnswer) -> SignedIn:
        code, openid = errcode(answer.data), answer.data.get("openid")
        if code not in ("", "0") or not isinstance(openid, str) or not OPENID.fullmatch(openid):
            failure = ANSWERS.failure(answer.data)
            if failure.code in OTHER_CODE:
                raise Refused(failure.text, code="proof")
            raise failure
        return SignedIn(openid, Described(unionid(answer.data)))


CHANNEL = MiniProgram
