"""Turn the bytes of a text file into text whatever encoding they are in.

A byte order mark or valid UTF-8 settles it. Otherwise every candidate decodes a sample and the
most plausible text wins: GB18030 and Big5 mostly "succeed" on each other's bytes, but what comes
out is rare characters, so frequent ones decide. ``charset_normalizer`` is asked for the rest.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from index.reading.frequent import HAN, HANGUL

SAMPLE_BYTES = 32_768
MIN_PLAUSIBLE = 0.0  # text in the wrong encoding scores below, the right one around 0.5
MIN_WIDE = 0.1  # below it, zero bytes mean a program or a picture rather than UTF-16
MAX_DAMAGED = 0.01  # share of undecodable characters that is still a text, with � in their place

MAX_ODD = 0.05  # with fewer bytes beyond ASCII than this, a text is readable whatever they mean

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_MAGIC = (
    b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x7fELF", b"\x1f\x8b", b"BZh",
    b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\xd0\xcf\x11\xe0", b"SQLite format 3", b"OggS", b"ID3",
    b"RIFF", b"MZ\x90",
)  # fmt: skip
_CHINESE, _JAPANESE, _KOREAN = ("gb18030", "big5hkscs"), ("euc_jp", "cp932"), ("cp949",)
_SINGLE_BYTE = ("cp1252", "cp1251", "koi8-r", "cp1256", "cp1250", "cp1253", "cp1254")
_EAST_ASIAN = _CHINESE + _JAPANESE + _KOREAN
_AMONG_FOREIGN = re.compile(r"(?<=[^\W\d_a-zA-Z])[^\W\d_a-zA-Z](?=[^\W\d_a-zA-Z])")
_AMONG_PLAIN = re.compile("(?<=[a-zA-Z])[^\\W\\d_a-zA-Z]|[^\\W\\d_a-zA-Z](?=[a-zA-Z])")
_LONELY = {
    **dict.fromkeys(("cp1252", "cp1250", "cp1254"), _AMONG_FOREIGN),
    **dict.fromkeys(("cp1251", "koi8-r", "cp1253", "cp1256"), _AMONG_PLAIN),
    "cjk": re.compile(
        r"(?<![^\x00-\x7f])[^\x00-\x7f](?=[a-z])|(?<=[a-z])[^\x00-\x7f](?![^\x00-\x7f])"
    ),
}
_FREQUENT = frozenset(
    "оеаинтсрвлкмдпуяыьОВПСНКαοιετσνηυρκόίάέاليمنترودةبعéèêàçñáíóúãõüöäßìòùâôûîëïåøæłąęśżğış"
)
_TABLES = {
    "gb18030": ("gb2312",),
    "big5hkscs": ("big5",),
    "euc_jp": ("shift_jis",),
    "cp932": ("shift_jis",),
}
_RARE_FROM = {"gb2312": 0xD8, "big5": 0xC9, "shift_jis": 0x98}
_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "cp950": "big5hkscs",
    "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-1": "cp1252", "ascii": "cp1252",
}  # fmt: skip
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_ESCAPED = re.compile(rb"\x1b\$[@B(]|\x1b\$\)C")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufeff\ufffe\uffff]")


class UnknownEncodingError(ValueError):
    """The bytes are no text in any encoding that was tried."""


class BinaryDataError(ValueError):
    """The bytes are a picture, an archive, a program or the like."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Return ``data`` as tidy text; ``declared`` is an encoding to prefer when it fits.

    Raises ``BinaryDataError`` or ``UnknownEncodingError``.
    """
    if data.startswith(_MAGIC):
        raise BinaryDataError
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return tidy(_whole(data[len(mark) :], encoding))
    return tidy(_whole(data, _encoding(data, declared)))


def tidy(text: str) -> str:
    """Return ``text`` with ``\\n`` line ends, no control characters and no lone surrogates."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n")
    text = _UNWANTED.sub("", text)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _whole(data: bytes, encoding: str) -> str:
    """Decode everything; a few damaged characters become �, many are an error."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    if text.count("\ufffd") > max(1, MAX_DAMAGED * len(text)):
        raise UnknownEncodingError
    return text


def _encoding(data: bytes, declared: str | None) -> str:
    wide = _wide_encoding(data)
    if wide:
        return wide
    if b"\0" in data and data.count(b"\0") > 0.01 * len(data):
        raise BinaryDataError
    sample = _sample(data)
    if _ESCAPED.search(sample):  # before UTF-8: these encodings are all ASCII bytes
        return "iso2022_kr" if b"\x1b$)C" in sample else "iso2022_jp"
    if _is_utf8(data):
        return "utf-8"
    scores = {name: _score(sample, name) for name in _candidates(sample, declared)}
    best = max(scores, key=lambda name: scores[name])
    known = _known(declared)
    if known and scores[known] > max(MIN_PLAUSIBLE, scores[best] - 0.3):
        return known
    nearly_ascii = sum(byte > 127 for byte in sample) < MAX_ODD * len(sample)
    if scores[best] > MIN_PLAUSIBLE or (nearly_ascii and not _mostly_control(sample)):
        return best
    if _mostly_control(sample):
        raise BinaryDataError
    raise UnknownEncodingError


def _sample(data: bytes) -> bytes:
    """Return the bytes to judge: from the beginning, or from the line where ASCII ends."""
    found = _BEYOND_ASCII.search(data)
    if found is None or found.start() < SAMPLE_BYTES // 2:
        return data[:SAMPLE_BYTES]
    start = data.rfind(b"\n", found.start() - SAMPLE_BYTES // 2, found.start()) + 1
    start = start or found.start()
    return data[start : start + SAMPLE_BYTES]


def _candidates(sample: bytes, declared: str | None) -> list[str]:
    from charset_normalizer import from_bytes

    names = ["utf-8", *_CHINESE, *_JAPANESE, *_KOREAN, *_SINGLE_BYTE]
    if len(sample) % 2 == 0:
        names += ["utf-16-le", "utf-16-be"]
    known = _known(declared)
    if known and known not in names:
        names.append(known)
    if max(_score(sample, name) for name in names) <= MIN_PLAUSIBLE:
        guess = from_bytes(sample[:4096]).best()
        names += [guess.encoding] if guess and guess.encoding not in names else []
    return names


def _known(declared: str | None) -> str | None:
    """Return Python's name for a declared encoding, its superset where pages mean that one."""
    try:
        name = codecs.lookup(declared or "").name
        "".encode(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return _WIDER.get(name, name)


def _is_utf8(data: bytes) -> bool:
    """Tell whether the bytes are UTF-8, a cut last character aside."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _wide_encoding(data: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 order of bytes, which zero bytes give away, without a mark."""
    zeros = [data[place:SAMPLE_BYTES:4].count(0) for place in range(4)]
    quarter = max(1, min(len(data), SAMPLE_BYTES) // 4)
    if len(data) % 4 == 0 and min(zeros[2:]) > 0.95 * quarter and zeros[0] < 0.9 * quarter:
        return "utf-32-le"
    if len(data) % 4 == 0 and min(zeros[:2]) > 0.95 * quarter and zeros[3] < 0.9 * quarter:
        return "utf-32-be"
    if len(data) % 2 or b"\0" not in data:
        return None
    scores = {name: _score(data[:SAMPLE_BYTES], name) for name in ("utf-16-le", "utf-16-be")}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > MIN_WIDE else None


def _mostly_control(sample: bytes) -> bool:
    control = sum(byte < 32 and byte not in b"\t\n\r\f\v\x1b" for byte in sample)
    return control > 0.02 * len(sample)


def _score(sample: bytes, encoding: str) -> float:
    """Return how plausible the sample is in an encoding: mean per character that isn't ASCII."""
    text = sample.decode(encoding, "replace")
    foreign = [character for character in text if not (" " <= character <= "~")]
    if not foreign:
        return 1.0 if encoding.startswith("utf-16") else 0.0
    if len(sample) == SAMPLE_BYTES and text.endswith("\ufffd"):
        foreign.pop()
    total = sum(_plausible(character, encoding) for character in foreign)
    return total / len(foreign) - _odd_case(text, encoding) - _odd_company(text, encoding)


def _odd_case(text: str, encoding: str) -> float:
    """Return the penalty for words that go on in capitals: the wrong single-byte table."""
    if encoding not in _SINGLE_BYTE:
        return 0.0
    odd = sum(a.islower() and b.isupper() for a, b in pairwise(text))
    return 2.0 * odd / max(1, sum(character > "~" for character in text))


def _odd_company(text: str, encoding: str) -> float:
    """Return the penalty for letters among the wrong neighbours, 0 to about 1.

    Accented Latin letters stand among plain ones, Cyrillic among Cyrillic, and a Han character or
    a syllable alone between plain letters is what "é" and the next letter look like in GB18030.
    """
    pattern = _LONELY.get(encoding, _LONELY["cjk"] if encoding in _EAST_ASIAN else None)
    if pattern is None:
        return 0.0
    letters = sum(character > "~" and character.isalpha() for character in text)
    return 1.2 * len(pattern.findall(text)) / max(1, letters)


@lru_cache(maxsize=50_000)
def _plausible(character: str, encoding: str) -> float:
    """Return how likely a character is in running text of the encoding's languages, -4 to 1."""
    if character in "\n\r\t\f":
        return 0.3
    if character == "\ufffd" or "\ue000" <= character <= "\uf8ff":
        return -4.0
    if "\u4e00" <= character <= "\u9fff":
        return _plausible_han(character, encoding)
    if "ぁ" <= character <= "ー":
        return 0.8 if encoding in _JAPANESE or encoding.startswith("utf") else -0.4
    if "가" <= character <= "힣":
        return 1.0 if character in HANGUL else 0.3 if _in(character, "euc_kr") else -1.0
    if character in "。，、；：？！「」『』“”‘’（）《》…—～％·　・ー【】":
        return 0.6
    return _plausible_letter(character, encoding)


def _plausible_han(character: str, encoding: str) -> float:
    if encoding in _KOREAN:
        return -0.2
    if character in HAN:
        return 1.0
    charsets = _TABLES.get(encoding, ("gb2312", "big5"))
    if any(_is_common(character, charset) for charset in charsets):
        return 0.3
    return -0.8


def _is_common(character: str, charset: str) -> bool:
    """Tell whether a character is in the first, commonly used part of a national table."""
    return _in(character, charset) and character.encode(charset)[0] < _RARE_FROM[charset]


def _plausible_letter(character: str, encoding: str) -> float:
    category = unicodedata.category(character)
    if category in ("Cc", "Cn", "Co", "Cs"):
        return -3.0
    name = unicodedata.name(character, "")
    if "FULLWIDTH" in name:
        return 0.4
    if "HALFWIDTH" in name:
        return -0.6
    if encoding in _EAST_ASIAN:
        return -0.5
    if character in _FREQUENT:
        return 0.8
    if category == "Ll":
        return 0.2
    if category == "Lo":
        return 0.4 if "ARABIC" in name or encoding.startswith("utf") else -1.0
    if category == "Lu":
        return 0.2
    return 0.3 if character in "€£«»–—’‘“”„…©®°№§½¿¡\xa0،؟" else -0.8


def _in(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
