"""What somebody is asked before anything of theirs goes to a model or is kept."""

import hashlib
from typing import Literal
from urllib.parse import urlsplit

from pydantic import field_validator

from runtime.choices import Choice, written
from runtime.errors import Wrong
from runtime.lang import Text
from runtime.schema import Strict, setting

ASKED = Text(
    "开始之前，请先看一下：为了回答你，你发来的内容会保存下来，并交给 AI 模型处理。你随时可以发"
    "「导出我的数据」或「删除我的数据」。同意吗？",
    "Before we begin: to answer you, what you send is kept and is given to an AI model. You can send “export "
    "my data” or “delete my data” at any time. Do you agree?",
)
"""What people agreed to: other words, and each of them is asked anew."""
REFUSED = Text(
    "好的，不同意也没关系，你发来的内容没有保存。以后想用了，发「同意」就行。",
    "That is all right. Nothing of what you sent was kept. If you change your mind, send “I agree”.",
)
THANKS = Text(
    "谢谢，可以开始了。请把刚才的问题再发一次。", "Thank you, we can begin. Please send your question again."
)
"""What was said before it is no part of the conversation."""
YES, NO = Text("同意", "I agree"), Text("不同意", "I do not agree")
POLICY = Text("隐私政策：{policy}", "Privacy policy: {policy}")


class Consent(Strict):
    """Asked once of each person; another text is asked anew."""

    asks: bool = setting(
        False,
        title=Text("第一次来时先征求同意", "Ask for consent first"),
        hint=Text(
            "同意之前，发来的内容不交给任何模型，也不保存；改了下面的文字，会重新问一次",
            "Until somebody agrees nothing they send goes to a model or is kept; another text asks again",
        ),
    )
    text: str = setting(
        "",
        title=Text("征求同意时说", "How it asks"),
        hint=Text("留空就说预览里的那段话", "Empty: what the preview shows"),
        widget="area",
        max_length=1500,
    )
    policy: str = setting(
        "",
        title=Text("隐私政策的网址", "Address of the privacy policy"),
        hint=Text("写在上面那段话后面，留空就没有", "Stands behind that text; empty: none"),
        max_length=500,
    )
    refused: str = setting(
        "",
        title=Text("不同意时说", "Said to whoever does not agree"),
        hint=Text("留空就说「{refused}」", "Empty: “{refused}”").fill(refused=REFUSED),
        widget="area",
        max_length=500,
    )

    @field_validator("policy")
    @classmethod
    def _is_a_page(cls, value: str) -> str:
        value = value.strip()
        if not value:
            return ""
        try:
            parts = urlsplit(value)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and value.isprintable()
        except ValueError:
            good = False
        if not good or any(sign in value for sign in ' <>"()[]\\'):
            raise Wrong(
                Text(
                    "要写完整的网址，例如 https://example.com/privacy",
                    "should be a full address such as https://example.com/privacy",
                )
            )
        return value

    def question(self, language: Literal["zh", "en"]) -> str:
        """What is asked, with what may be chosen."""
        policy = [POLICY.fill(policy=self.policy).to(language)] if self.policy else []
        said = "\n\n".join([self.text.strip() or ASKED.to(language), *policy])
        return said + "\n" + written([Choice(one.to(language), one.to(language)) for one in (YES, NO)])

    def says_no(self, language: Literal["zh", "en"]) -> str:
        return self.refused.strip() or REFUSED.to(language)

    def version(self, agent: str, language: Literal["zh", "en"]) -> str:
        """Names this very text of that agent's."""
        whole = "\n".join((agent, self.question(language)))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]
