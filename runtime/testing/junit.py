"""A run as JUnit's XML, which every CI reads."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from runtime.lang import NOTHING, Text
from runtime.testing.running import Ran
from runtime.testing.suite import Case

NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""https://www.w3.org/TR/xml/#charsets"""


def junit(agent: str, ran: Sequence[Ran], lang: str, left: Sequence[Case] = (), why: Text = NOTHING) -> bytes:
    """One `testsuite` named like the agent, one `testcase` a case. `left`: what was not run, and why."""
    missed = sum(not one.ok for one in ran)
    seconds = f"{sum(one.seconds for one in ran):.3f}"
    counts = {"tests": str(len(ran) + len(left)), "failures": str(missed), "skipped": str(len(left))}
    about = {"name": agent, **counts, "time": seconds}
    top = ElementTree.Element("testsuites", about)
    suite = ElementTree.SubElement(top, "testsuite", about)
    for one in ran:
        _add(suite, agent, one, lang)
    for case in left:
        named = {"classname": agent, "name": _name(case), "time": "0.000"}
        skipped = ElementTree.SubElement(suite, "testcase", named)
        ElementTree.SubElement(skipped, "skipped", {"message": _clean(why.to(lang))})
    ElementTree.indent(top)
    written: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add(suite: ElementTree.Element, agent: str, ran: Ran, lang: str) -> None:
    about = {"classname": agent, "name": _name(ran.case), "time": f"{ran.seconds:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", about)
    for missed in ran.missed:
        says = _clean(missed.says.to(lang))
        kind = missed.check.model_dump()["type"] if missed.check else "turn"
        failure = ElementTree.SubElement(case, "failure", {"type": kind, "message": says})
        failure.text = _clean(f"{missed.line}. {ran.case.lines[missed.line - 1].says}\n{says}")


def _name(case: Case) -> str:
    return _clean(f"{case.id} {case.title}".strip())


def _clean(text: str) -> str:
    return NO_XML.sub("\ufffd", text)
