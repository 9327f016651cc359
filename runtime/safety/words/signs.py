"""What stands for what: signs that look like letters, and characters that look like others."""

LETTERS = str.maketrans(
    # Cyrillic and Greek letters, as casefold leaves them, and Latin ones that NFKD does not take apart.
    "аеорсухіјѕһԁԛԝӏгкнмтвпиαεορτυχικνωγβσɑɡɩıłøđħŧ"
    # Armenian, small capitals
    "ոօսհյզցᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ"
    # Cherokee, and Canadian syllables
    "ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏚᎢᏙᎳᏃᑕᗩᑎᗷᗪᖴᕼᒍᒪᗰᑭᖇᔕᑌᐯᗯ",
    "aeopcyxijshdqwlrkhmtbnuaeoptuxiknwybo"
    "agiilodht"
    "nouhjqgabcdefghijklmnopqrstuvwyz"
    "abcdeghijklmpstvwzcanbdfhjlmprsuvw",
)
FLAGS = {0x1F1E6 + i: chr(97 + i) for i in range(26)}
SQUARES = {start + i: chr(97 + i) for start in (0x1F150, 0x1F170) for i in range(26)}
DRAWN = {**FLAGS, **SQUARES, 0x3F2: "c", 0x3F9: "c"}
"""Letters that are drawn as flags, white on a round or square ground, and one that NFKD makes another."""
FILLERS = frozenset("〇丶ㅤﾠᅠ")
"""Letters to Unicode that only stand between, where somebody wants to hide a word."""

LEET = {
    "0": "o",
    "1": "i",
    "3": "e",
    "4": "a",
    "5": "s",
    "7": "t",
    "@": "a",
    "$": "s",
    "|": "i",
    "!": "i",
    "(": "c",
}
"""Digits and signs that stand for letters…"""
BESIDE_LETTERS = frozenset("@$|!(")
"""…of which these do only between two; $ and ( also before one."""
SKELETON = str.maketrans({**LEET, "l": "i"})
"""What all spellings of a word have in common: l, 1, I and | look alike."""

LOOKS = {
    "徽": "微", "溦": "微", "嶶": "微", "徴": "微", "搏": "博", "愽": "博", "傅": "博",
    "膊": "博", "睹": "赌", "毐": "毒", "伩": "信", "㐰": "信", "訫": "信",
    "纱": "钞", "抢": "枪", "呛": "枪", "犮": "友", "彂": "发", "棵": "裸", "踝": "裸",
    "稞": "裸", "榨": "诈", "砟": "诈", "碥": "骗", "伎": "妓", "驴": "炉", "漂": "票",
    "摽": "票", "廗": "带", "帐": "账", "賬": "账", "佄": "付", "咑": "打",
}  # fmt: skip
"""Characters that are written for others which they look like, with what is meant. Not those of which
either is as usual as the other (人 入, 己 已): they would find more in harmless texts than in others."""
