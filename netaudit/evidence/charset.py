"""Bytes of unknown origin to text. Devices declare encodings wrongly more often than rightly, so UTF-8 goes first."""

from typing import Final

# The encodings that firmware is known to write. A closed list: a declared name must never choose any codec of Python.
_KNOWN: Final = frozenset(
    {
        "gb2312", "gbk", "gb18030", "big5", "euc-kr", "euc-jp", "shift_jis",
        "windows-1250", "windows-1251", "windows-1252", "iso-8859-2", "iso-8859-5", "iso-8859-15",
    }
)  # fmt: skip
_SUPERSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030"}
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks."""


def decode(data: bytes, declared: str = "") -> str:
    """Decode: UTF-16 by its mark, else UTF-8 where it fits, else the declared encoding if known, else Latin-1.

    Never fails and never yields lone surrogates.
    """
    if data.isascii():
        return data.decode("ascii")
    if data.startswith(UTF16_MARKS):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        name = declared.strip().lower()
        if name in _KNOWN:
            return data.decode(_SUPERSETS.get(name, name), "replace")
        return data.decode("latin-1")


def scrub(text: str) -> str:
    """Replace lone surrogates (JSON can smuggle them in), so that the text can be written as UTF-8."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")
