"""Codes of the weather as the World Meteorological Organization writes them (table 4677), in words."""

from runtime.lang import Text

WORDS: dict[int, Text] = {
    0: Text("晴", "clear"),
    1: Text("晴间多云", "mostly clear"),
    2: Text("多云", "partly cloudy"),
    3: Text("阴", "overcast"),
    45: Text("雾", "fog"),
    48: Text("雾凇", "rime fog"),
    51: Text("毛毛雨", "light drizzle"),
    53: Text("毛毛雨", "drizzle"),
    55: Text("密毛毛雨", "dense drizzle"),
    56: Text("冻毛毛雨", "freezing drizzle"),
    57: Text("冻毛毛雨", "dense freezing drizzle"),
    61: Text("小雨", "light rain"),
    63: Text("中雨", "rain"),
    65: Text("大雨", "heavy rain"),
    66: Text("冻雨", "freezing rain"),
    67: Text("强冻雨", "heavy freezing rain"),
    71: Text("小雪", "light snow"),
    73: Text("中雪", "snow"),
    75: Text("大雪", "heavy snow"),
    77: Text("米雪", "snow grains"),
    80: Text("小阵雨", "light showers"),
    81: Text("阵雨", "showers"),
    82: Text("强阵雨", "violent showers"),
    85: Text("小阵雪", "light snow showers"),
    86: Text("大阵雪", "heavy snow showers"),
    95: Text("雷雨", "thunderstorm"),
    96: Text("雷雨伴冰雹", "thunderstorm with hail"),
    99: Text("强雷雨伴冰雹", "thunderstorm with heavy hail"),
}


def words(code: float | None, lang: str) -> str:
    """ "" for a code that nobody knows."""
    found = WORDS.get(int(code)) if code is not None and code == int(code) else None
    return found.to(lang) if found else ""
