"""What a way in yields: who came, and by what they proved it. Every way in ends in the same place,
runtime.server.door.arrivals, which asks for more where more is needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runtime.lang import Text, as_it_is

PASSWORD, CODE, RECOVERY, PASSKEY, LINK = "password", "code", "recovery", "passkey", "link"
WORDS: Mapping[str, Text] = {
    PASSWORD: Text("密码", "password"),
    CODE: Text("验证码", "code"),
    RECOVERY: Text("恢复码", "recovery code"),
    PASSKEY: Text("通行密钥", "passkey"),
    LINK: Text("邀请链接", "invitation"),
}


@dataclass(frozen=True)
class Proof:
    """`by`: keys of WORDS, or the name of whoever else vouches for them, such as a company's sign-in."""

    user: str
    by: tuple[str, ...]
    is_strong: bool = False
    """Two factors in one, or somebody else has asked for two: nothing more is asked for here."""

    def and_by(self, factor: str) -> "Proof":
        """With a second factor."""
        return Proof(self.user, (*self.by, factor), is_strong=True)


def said(by: Iterable[str]) -> list[Text]:
    """In words, for whoever looks at a list of sessions."""
    return [WORDS.get(one, as_it_is(one)) for one in by]
