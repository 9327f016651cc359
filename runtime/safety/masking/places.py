"""Where people live, in the middle of a sentence: a road with a number, or what is said to be it."""

import re
from collections.abc import Iterator

from runtime.safety.masking.found import Found
from runtime.safety.masking.names import CAPITAL, HAN

BEFORE = 48
"""Characters before a house's number that may belong to the address."""
COUNTED = r"[\dA-Za-z一二三四五六七八九十百零〇甲乙丙丁]"
UNITS = (
    rf"(?:{COUNTED}{{1,6}}(?:[-－—之]\d{{1,5}}){{0,3}}\s*"
    r"(?:号楼|号院|号|號|弄|栋|幢|座|单元|室|层|楼|户|房)(?![线码]))"
)
HOUSE = re.compile(rf"{UNITS}(?:\s*[{HAN}]{{0,10}}?{UNITS}){{0,5}}(?:\s*\d{{3,4}}(?!\d))?")
ROAD = re.compile(
    r"(?:路|街|大道|道|巷|弄|胡同|里|村|庄|屯|镇|乡|小区|花园|家园|公寓|大厦|广场|苑|园|城|府|湾|院|寨|社区|中心|段|期|坊|轩|阁|庭|[一二三四五六七八九十\d东南西北]区)\s*[（(]?$"
)
LEAD = re.compile(r"(?:[到至在住是于往给：:]|寄|送|发|位于|地址|我家|收货)+(?=[^到至在住是于往给：:]*$)")
ADMIN = r"(?:省|自治区|特别行政区|市|自治州|区|县|旗|镇|乡|村|街道|路|街|大道|巷|小区|花园|公寓|社区)"
LIVES = re.compile(
    rf"(?:家住|住址|我住在?|居住在|住在|地址(?:是|在|为|[:：])|寄[到至往]|寄给我[:：]|送[到至]|收货地址(?:是|[:：])?)\s*"
    rf"(?P<at>[{HAN}A-Za-z\d]{{2,40}})"
)
IS_PLACE = re.compile(rf"[{HAN}]{{2,}}?{ADMIN}")
TOO_GENERAL = re.compile(rf"[{HAN}]{{2,3}}[省市]?")
KINDS = (
    "Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Terrace|Crescent|Highway|Hwy|"
    "Parkway|Pkwy|Close|Mews|Quay|Row|Alley|Strasse|Straße|Platz"
)
INSIDE = r"(?:,?\s*(?:Apt|Apartment|Unit|Suite|Ste|Flat|Floor|Fl|Room|Rm|#)\.?\s*#?\s*\w{1,6})?"
REST = (
    rf"(?:,\s*{CAPITAL}(?: {CAPITAL}){{0,2}}){{0,3}}"
    r"(?:,?\s+(?:[A-Z]{2}\s+)?\d{5}(?:-\d{4})?\b|,?\s+[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b)?"
)
ENGLISH = re.compile(
    r"(?:\b(?:Flat|Apt|Unit|Suite|Room)\.? ?\w{1,5},\s*)?(?:\bNo\.? ?)?\b\d{1,5}[A-Z]?(?:-\d{1,5})?,?\s+"
    rf"(?:(?:{CAPITAL}|\d{{1,3}}(?:st|nd|rd|th)|[NSEW]\.?)\s+){{1,4}}(?:{KINDS})\b\.?"
    rf"(?:\s+(?:NE|NW|SE|SW|[NSEW])\b)?{INSIDE}{REST}"
)
PLAIN = re.compile(
    rf"(?i:\b(?:live at|lives at|address is|address:|deliver(?:ed)? to|ship(?:ped)? to|send it to)\s+)"
    rf"(?P<at>\d{{1,5}}\w?\s+(?:[\w'’.-]+\s+){{1,4}}(?i:{KINDS})\b{INSIDE}{REST})"
)
BOX = re.compile(r"\bP\.?\s?O\.?\s?Box\s+\d{1,6}\b", re.IGNORECASE)


def places(text: str) -> Iterator[Found]:
    for house in HOUSE.finditer(text):
        if (start := _begins(text, house.start())) is not None:
            yield Found(start, house.end(), "address")
    for lives in LIVES.finditer(text):
        said = lives["at"]
        if IS_PLACE.match(said) and not TOO_GENERAL.fullmatch(said):
            yield Found(*lives.span("at"), "address")
    for form in (ENGLISH, BOX):
        for found in form.finditer(text):
            yield Found(*found.span(), "address")
    for found in PLAIN.finditer(text):
        yield Found(*found.span("at"), "address")


def _begins(text: str, house: int) -> int | None:
    """Where the address begins whose number stands at `house`; None where no road stands before it."""
    before = re.split(rf"[^{HAN}A-Za-z\d·（）()-]", text[max(0, house - BEFORE) : house].rstrip())[-1]
    if not ROAD.search(before) or len(before) < 3:
        return None
    if lead := LEAD.search(before):
        before = before[lead.end() :]
    end = len(text[:house].rstrip())
    return end - len(before) if len(before) >= 2 else None


def is_address(value: str) -> bool:
    return any(found.end - found.start >= len(value.strip()) * 0.6 for found in places(value))
