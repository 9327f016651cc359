"""What a number counts, by the word behind it: 3 个人 are no number of days."""

import re

UNITS = {
    "days": r"天|日|晚|夜|days?\b|nights?\b",
    "weeks": r"周|星期|礼拜|weeks?\b",
    "months": r"月|months?\b",
    "years": r"年|岁|years?\b",
    "hours": r"小时|钟头|hours?\b",
    "minutes": r"分钟|minutes?\b",
    "people": r"人|位|名|口|people\b|persons?\b|guests?\b|adults?\b|children\b|kids?\b",
    "times": r"次|趟|回|times?\b|trips?\b",
    "money": r"元|块|钱|价|费|租|薪|预算|yuan\b|rmb\b|dollars?\b|usd\b|euros?\b|budget\b|price\b|rent\b",
}
COUNTED = re.compile("|".join(f"(?P<{unit}>{words})" for unit, words in UNITS.items()))
"""No longer word begins with a shorter one of another unit."""
BETWEEN = re.compile(r"^[\s个大小]{0,3}(?!时)")
LONGEST = 12
"""Characters behind a number that are looked at."""


def fits(wanted: str, behind: str) -> bool:
    """Whether a number with that behind it may be what is wanted, by its title: not where each names a unit,
    and they are different ones."""
    counted = COUNTED.match(BETWEEN.sub("", behind, count=1))
    names = {match.lastgroup for match in COUNTED.finditer(wanted)}
    return counted is None or not names or counted.lastgroup in names
