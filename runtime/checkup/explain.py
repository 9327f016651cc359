"""Say what a code, a request id or a described symptom means, of whichever surface."""

import re
from collections.abc import Iterator, Mapping

from runtime.channels import Channel, registry
from runtime.checkup import managed
from runtime.checkup.check import Finding
from runtime.checkup.known import is_known
from runtime.checkup.patient import Patient
from runtime.checkup.sentences import in_two
from runtime.lang import Text, as_it_is

LONGEST = 4000
"""Characters of what was pasted that are looked at."""
MOST = 12
"""Explanations of one text."""
CODE = re.compile(
    r"""(?ix) (?<![\w.:/-]) (?:
        (?: err_?code | error\ code | 错误码 | 错误代码 | 返回码 | ret ) \W{0,6}?
            (?P<named> -?\d{1,6} | 99991\d{3} )
      | (?P<bare> -?\d{5,6} | 99991\d{3} | -\d{1,2} )
    ) (?![\w-])"""
)
WORD = re.compile(r"[a-z][a-z_]{2,30}")
RID = re.compile(r"(?i)\b[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}\b")
UNKNOWN = Text("没有找到「{pasted}」的解释。", "There is no explanation of “{pasted}”.")
LOOK_UP = Text(
    "请贴上完整的报错，或运行体检：python app.py doctor 发布。",
    "Paste the whole message, or run the check-up: python app.py doctor PUBLICATION.",
)
RID_TITLE = Text("请求编号", "Request id")
A_RID = Text("{rid} 是一次调用的编号（rid）。", "{rid} is the id of one call (rid).")
ASK_RID = Text(
    "带上发布就能查到这次调用：python app.py doctor 发布 --explain {rid}（7 天内）。",
    "Name the publication to look that call up: python app.py doctor PUBLICATION --explain {rid} (7 days).",
)


def explain(pasted: str, kind: type[Channel] | None = None) -> list[Finding]:
    """At least one finding. `kind`: of that channel only; None: of whichever knows it."""
    pasted = pasted.strip()[:LONGEST]
    kinds = {"": kind} if kind else dict(registry())
    found: dict[str, Finding] = {}
    for finding in (*_codes(pasted, kinds), *_symptoms(pasted, kinds)):
        found.setdefault(finding.says.en + finding.do.en, finding)
    if rid := request_id(pasted):
        found["rid"] = Finding("rid", RID_TITLE, None, A_RID.fill(rid=rid), ASK_RID.fill(rid=rid))
    nothing = Finding("unknown", as_it_is(pasted[:40]), None, UNKNOWN.fill(pasted=pasted[:80]), LOOK_UP)
    return list(found.values())[:MOST] or [nothing]


def request_id(pasted: str) -> str:
    """The id of a call in it; "" when there is none."""
    found = RID.search(pasted[:LONGEST])
    return found[0] if found else ""


def codes(pasted: str) -> list[str]:
    """What may be a platform's code, or a word of ours, each once."""
    without = RID.sub(" ", pasted)
    numbers = [match["named"] or match["bare"] for match in CODE.finditer(without)]
    if re.fullmatch(r"-?\d{1,6}", pasted):
        numbers.append(pasted)
    words = [pasted] if WORD.fullmatch(pasted) else []
    return list(dict.fromkeys([*numbers, *words]))


def _codes(pasted: str, kinds: Mapping[str, type[Channel]]) -> Iterator[Finding]:
    for code in codes(pasted):
        for kind in kinds.values():
            if is_known(kind, code):
                says, do = in_two(kind.explain(code))
                title = Text("{channel} {code}", "{channel} {code}").fill(channel=kind.about.title, code=code)
                yield Finding(code, title, None, says, do)


def _symptoms(pasted: str, kinds: Mapping[str, type[Channel]]) -> Iterator[Finding]:
    for kind in kinds.values():
        for symptom in kind.symptoms:
            if symptom.matches(pasted):
                says, do = in_two(symptom.hint)
                yield Finding(symptom.id, kind.about.title, None, says, do)


async def looked_up(pasted: str, patient: Patient) -> list[Finding]:
    """The same of one publication's channel, whose platform is asked what became of the call."""
    found = explain(pasted, type(patient.channel))
    rid = request_id(pasted)
    if not rid or not managed.management("call_made")(patient):
        return found
    look = managed.managed(lambda their: their.call_made(rid), managed.call_made)
    told = await look(patient)
    asked = Finding("rid", RID_TITLE, told.ok, told.says, told.do)
    return [asked, *(one for one in found if one.check not in ("rid", "unknown"))]
