"""A run as JUnit's XML, which every CI reads."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from runtime.testing.running import Ran

NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""https://www.w3.org/TR/xml/#charsets"""


def junit(agent: str, ran: Sequence[Ran], lang: str) -> bytes:
    """One `testsuite` named like the agent, one `testcase` a case."""
    missed = sum(not one.ok for one in ran)
    seconds = f"{sum(one.seconds for one in ran):.3f}"
    about = {"name": agent, "tests": str(len(ran)), "failures": str(missed), "time": seconds}
    top = ElementTree.Element("testsuites", about)
    suite = ElementTree.SubElement(top, "testsuite", about)
    for one in ran:
        _add(suite, agent, one, lang)
    ElementTree.indent(top)
    written: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _add(suite: ElementTree.Element, agent: str, ran: Ran, lang: str) -> None:
    name = _clean(f"{ran.case.id} {ran.case.title}".strip())
    about = {"classname": agent, "name": name, "time": f"{ran.seconds:.3f}"}
    case = ElementTree.SubElement(suite, "testcase", about)
    for missed in ran.missed:
        says = _clean(missed.says.to(lang))
        kind = missed.check.model_dump()["type"] if missed.check else "turn"
        failure = ElementTree.SubElement(case, "failure", {"type": kind, "message": says})
        failure.text = _clean(f"{missed.line}. {ran.case.lines[missed.line - 1].says}\n{says}")


def _clean(text: str) -> str:
    return NO_XML.sub("\ufffd", text)
