"""A chat page of ours, and the same as a widget on the owner's own site: people come to us by themselves."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from runtime.channels import (
    OWN,
    Channel,
    Corner,
    Guide,
    Guides,
    Limits,
    Note,
    Opens,
    Profile,
    SignedIn,
    SignsIn,
    Symptom,
    ToCopy,
    Words,
)
from runtime.channels.web import guide, visitors
from runtime.channels.web.settings import Page
from runtime.lang import Text
from runtime.schema import About


class Web(SignsIn, Opens, Guides, Channel):
    about = About(
        Text("网页聊天", "Web chat"),
        Text("一个聊天网页，也可以嵌进自己的网站", "A chat page, which also goes into your own site"),
        icon="globe",
        color="#0f766e",
    )
    profile: ClassVar[Profile] = Profile(
        audience="anyone",
        family=OWN,
        foremost=True,
        writes=Text("打开网页的任何人", "Anyone who opens the page"),
        needs=Text("一个公网网址", "A public address"),
        cost=Text("免费，只付模型的费用", "Free; you pay the model alone"),
        risk=Text("谁都能来问，请设好每日额度", "Anyone can ask: set limits a day"),
        public_address=True,
        mark_asked=True,
    )
    settings: Page
    Settings = Page
    limits: ClassVar[Limits] = Limits(None)
    words: ClassVar[Words] = guide.WORDS
    symptoms: ClassVar[Sequence[Symptom]] = guide.SYMPTOMS
    guide: ClassVar[Guide] = guide.GUIDE
    place: ClassVar[str] = "/chat/{publication}"
    widget: ClassVar[str] = "widget.js"
    proof: ClassVar[str] = "visitor"
    needs_proof: ClassVar[bool] = False
    origins_in: ClassVar[str] = "origins"
    known_by: ClassVar[Note] = Note(
        Text("这个浏览器里的一个随机编号", "A random number in this browser"),
        Text("用来认出是同一个人", "To know you again"),
    )

    @classmethod
    def render(cls, markdown: str) -> list[str]:
        return [markdown] if markdown.strip() else []

    def signs_in(self, proof: str, now: float) -> SignedIn:
        secret = self.settings.identity_secret.get_secret_value()
        return visitors.stated(proof, secret, now) if proof else visitors.new()

    @classmethod
    def suggest(cls) -> Mapping[str, str]:
        return {"identity_secret": secrets.token_urlsafe(32)}

    def to_copy(self, address: str) -> Sequence[ToCopy]:
        secret = self.settings.identity_secret.get_secret_value()
        return [ToCopy("secret", guide.SECRET, secret)] if secret else []

    @property
    def reminders(self) -> Sequence[Note]:
        return () if self.settings.sites else (guide.NO_SITES,)

    @property
    def caution(self) -> Note | None:
        return guide.PLAIN if any(one.startswith("http:") for one in self.settings.sites) else None

    @property
    def origins(self) -> Collection[str]:
        return self.settings.sites

    @property
    def title(self) -> str:
        return self.settings.title

    @property
    def color(self) -> str:
        return self.settings.color

    @property
    def opening(self) -> str:
        return self.settings.opening

    @property
    def suggestions(self) -> Sequence[str]:
        return self.settings.asked

    @property
    def corner(self) -> Corner:
        return self.settings.position

    @property
    def names_us(self) -> bool:
        return self.settings.branding


CHANNEL = Web
