"""Numerals of many scripts as exact decimals, without changing a text's length."""

from __future__ import annotations

import re
from decimal import Context, Decimal, InvalidOperation

# Products of long mantissas and scales must stay exact, so every sum here runs in this context.
EXACT = Context(prec=80)
MAX_DIGITS = 40

_WIDE = {0xFF10 + n: str(n) for n in range(10)}
_ARABIC = {0x0660 + n: str(n) for n in range(10)} | {0x06F0 + n: str(n) for n in range(10)}
_SIGNS = str.maketrans("％﹪٪，．。－−﹣‒～〜＄￡￥％：٫٬　＋／", "%%%,.。---‐~~$£¥%:٫٬ +/")
_SPACES = str.maketrans("\u00a0\u202f\u2009\u2007\u2002\u2003", "\u00a0" * 4 + "  ")
_TRADITIONAL = str.maketrans(
    "億萬兩點個隻條張輛臺檔頭項場屆顆噸畝層歲戶幣圓歐盧韓週時鐘間號約過餘幾數財賬種處筆幅場塊斤滿"
    "檢過從達單門樓間線標顯級針雙盞縣鎮艙",
    "亿万两点个只条张辆台档头项场届颗吨亩层岁户币元欧卢韩周时钟间号约过余几数财账种处笔幅场块斤满"
    "检过从达单门楼间线标显级针双盏县镇舱",
)
_FOLD: dict[int, str] = {}
for _table in (_WIDE, _ARABIC, _SIGNS, _SPACES, _TRADITIONAL):
    _FOLD |= {k: (v if isinstance(v, str) else chr(v)) for k, v in _table.items() if v is not None}

NUMBER = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)"
    r"|\d{1,3}(?:[\u00a0'’٬]\d{3})+(?:[.,٫]\d+)?(?!\d)|\d+[.,٫]\d+|\d+"
)
# A plain space groups thousands in French and Russian, while elsewhere it parts two cells.
SPACED = r"\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d)|" + NUMBER

HANZI_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}

_COMMA_WORDS = re.compile(
    r"\b(?:der|die|das|und|ist|von|mit|im|den|dem|ein|eine|auf|für|Mrd|Mio|Milliarden|Millionen"
    r"|le|les|des|du|et|est|une|dans|pour|au|aux|sur|milliards?"
    r"|el|los|las|del|que|en|por|con|una|millones|mil|il|lo|gli|di|che|della|nel|per|miliardi"
    r"|os|um|uma|da|do|dos|no|na|para|com|bilhões|milhões|mil)\b"
)
_DOT_WORDS = re.compile(
    r"\b(?:the|of|and|to|is|was|were|are|for|with|by|from|its|has|that|at|on|million|billion)\b"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_COMMA_LANGUAGES = {"de", "fr", "es", "it", "pt", "ru"}


def fold(text: str) -> str:
    """Return ``text`` with plain digits, signs and simplified numerals, character for character."""
    return text.translate(_FOLD)


def decimal_comma(text: str, language: str | None = None) -> bool:
    """Tell whether ``text`` writes 2,5 for two and a half, by its language or its small words."""
    if language:
        return language.split("-")[0] in _COMMA_LANGUAGES
    if _CJK.search(text):
        return False
    if _CYRILLIC.search(text):
        return True
    sample = text[:2000]
    return len(_COMMA_WORDS.findall(sample)) > len(_DOT_WORDS.findall(sample))


def digits(written: str, comma: bool) -> tuple[Decimal, Decimal] | None:
    """Return value and step (the worth of the last digit) of a written number."""
    if len(written) > MAX_DIGITS:
        return None
    plain = re.sub(r"[\u00a0 '’٬]", "", written).replace("٫", ".")
    dots, commas = plain.count("."), plain.count(",")
    if dots and commas:
        last = max(plain.rfind("."), plain.rfind(","))
        plain = re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :]
    elif dots + commas > 1:
        plain = re.sub(r"[.,]", "", plain)
    elif dots + commas == 1 and "٫" not in written:
        plain = _single(plain, comma)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    exponent = value.as_tuple().exponent
    return value, Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _single(plain: str, comma: bool) -> str:
    """Read the only separator of ``plain`` as a decimal sign or as a thousands sign."""
    mark = "." if "." in plain else ","
    head, tail = plain.split(mark)
    groups = len(tail) == 3 and head != "0" and len(head) <= 3
    if groups and (mark == "," if not comma else mark == "."):
        return head + tail
    return f"{head}.{tail}"


def hanzi(written: str) -> tuple[Decimal, Decimal] | None:
    """Return value and step of a folded Hanzi numeral such as 二十三, 两百万, 三点五亿, 一万亿."""
    if not written or len(written) > MAX_DIGITS:
        return None
    body, scale = written, Decimal(1)
    if "点" in body:
        while body and body[-1] in "百千万亿兆":
            scale *= _LARGE.get(body[-1]) or _SMALL[body[-1]]
            body = body[:-1]
        whole, _, fraction = body.partition("点")
        if not fraction or any(c not in HANZI_DIGITS for c in fraction):
            return None
        head = _whole(whole)
        places = "".join(str(HANZI_DIGITS[c]) for c in fraction)
        if head is None:
            return None
        value = Decimal(f"{head}.{places}")
        return EXACT.multiply(value, scale), EXACT.multiply(Decimal(1).scaleb(-len(places)), scale)
    number = _whole(body)
    return None if number is None else (Decimal(number), Decimal(_last_unit(body)))


def _whole(body: str) -> int | None:
    """Read a Hanzi integer; 二〇二四 is read digit by digit, 三万五 as 35,000."""
    if all(c in HANZI_DIGITS for c in body):
        # 三五 and 七八 mean "three to five" and "seven or eight", no one figure.
        read = len(body) == 1 or len(body) > 3 or any(c in "零〇○" for c in body)
        return int("".join(str(HANZI_DIGITS[c]) for c in body)) if body and read else None
    total, section, digit, unit = 0, 0, None, 1
    for c in body:
        if c in HANZI_DIGITS:
            if digit:
                return None
            digit, unit = (digit or 0) * 10 + HANZI_DIGITS[c], 1 if c == "零" else unit
        elif c in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[c]
            digit, unit = None, _SMALL[c]
        elif c in _LARGE:
            section += digit or 0
            scaled = (section or (0 if total else 1)) * _LARGE[c]
            total = total * _LARGE[c] if not section and total else total + scaled
            section, digit, unit = 0, None, _LARGE[c]
        else:
            return None
    if digit and unit > 10:
        digit *= unit // 10
    return total + section + (digit or 0)


def _last_unit(body: str) -> int:
    """Return the worth of the last place of a Hanzi integer."""
    worth = 1
    for c in reversed(body):
        if c in _LARGE:
            worth *= _LARGE[c]
        elif c in _SMALL:
            return worth * _SMALL[c]
        else:
            break
    return worth
