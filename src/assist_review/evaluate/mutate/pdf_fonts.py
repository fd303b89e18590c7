"""Fonts of a PDF page: from the bytes of a string to its characters and back, and how wide each is."""

import re
from dataclasses import dataclass
from typing import Any

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

UNKNOWN = "\ufffd"
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman", "/StandardEncoding": "latin-1"}
_UNICODE_CMAPS = ("/UniGB-UCS2-H", "/UniGB-UTF16-H")


@dataclass(frozen=True)
class Font:
    """One font of a page. `codes` maps a code to its text, `widths` a code to thousandths of the font size."""

    name: str
    size_bytes: int  # of one code
    codes: dict[int, str]
    widths: dict[int, float]
    default_width: float
    unicode: bool = False  # codes are UTF-16 themselves

    def split(self, raw: bytes) -> list[tuple[bytes, str, float]]:
        """The codes of a string, each with its text and width."""
        step = self.size_bytes
        found = []
        for i in range(0, len(raw) - step + 1, step):
            code = int.from_bytes(raw[i : i + step], "big")
            text = chr(code) if self.unicode else self.codes.get(code, UNKNOWN)
            found.append((raw[i : i + step], text, self.widths.get(code, self.default_width)))
        return found

    def encode(self, char: str) -> bytes | None:
        """The code that shows `char`, None where the font has none."""
        if self.unicode:
            return char.encode("utf-16-be") if len(char.encode("utf-16-be")) == 2 else None
        code = next((c for c, text in self.codes.items() if text == char), None)
        return None if code is None else code.to_bytes(self.size_bytes, "big")


def fonts_of(page: Any) -> dict[str, Font]:
    """The fonts of a page that can be understood, by resource name."""
    resources = page.get("/Resources")
    entries = resources.get_object().get("/Font") if resources is not None else None
    found = {}
    for name, entry in (entries.get_object() if entries is not None else {}).items():
        font = _font(str(name), entry.get_object())
        if font:
            found[str(name)] = font
    return found


def _font(name: str, font: Any) -> Font | None:
    composite = font.get("/Subtype") == "/Type0"
    encoding = font.get("/Encoding")
    encoding = encoding.get_object() if encoding is not None else None
    to_unicode = font.get("/ToUnicode")
    codes = _to_unicode(to_unicode.get_object().get_data()) if to_unicode is not None else {}
    if composite:
        uni = isinstance(encoding, str) and encoding in _UNICODE_CMAPS
        if not codes and not uni:
            return None
        if not uni and encoding not in ("/Identity-H", *_UNICODE_CMAPS):
            return None
        descendant = font["/DescendantFonts"].get_object()[0].get_object()
        widths = {} if uni else _cid_widths(descendant.get("/W"))
        return Font(name, 2, codes, widths, float(descendant.get("/DW", 1000)), uni)
    codes = {**_simple_encoding(encoding), **codes}
    first = int(font.get("/FirstChar", 0))
    listed = font.get("/Widths")
    widths = {first + i: float(w) for i, w in enumerate(listed.get_object() if listed is not None else ())}
    return Font(name, 1, codes, widths, 500.0)


def _simple_encoding(encoding: Any) -> dict[int, str]:
    base = "/WinAnsiEncoding"
    differences: Any = ()
    if isinstance(encoding, str):
        base = encoding
    elif encoding is not None:
        base = encoding.get("/BaseEncoding", base)
        differences = encoding.get("/Differences", ())
    codec = _ENCODINGS.get(base, "cp1252")
    codes = {i: bytes([i]).decode(codec, "replace") for i in range(32, 256)}
    from pypdf._codecs.adobe_glyphs import adobe_glyphs

    at = 0
    for item in differences:
        if isinstance(item, int):
            at = int(item)
        else:
            codes[at] = adobe_glyphs.get(str(item), UNKNOWN)
            at += 1
    return codes


def _to_unicode(cmap: bytes) -> dict[int, str]:
    """The bfchar and bfrange lines of a ToUnicode map."""
    codes: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        tokens = _HEX.findall(block)
        for code, text in zip(tokens[::2], tokens[1::2], strict=False):
            codes[_number(code)] = _text(text)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for low, high, target in re.findall(rb"<([^>]*)>\s*<([^>]*)>\s*(\[[^\]]*\]|<[^>]*>)", block):
            start, end = _number(low), min(_number(high), _number(low) + 0xFFFF)
            if target.startswith(b"["):
                for i, text in enumerate(_HEX.findall(target)):
                    codes[start + i] = _text(text)
            else:
                first = _text(target.strip(b"<>"))
                for i in range(end - start + 1):
                    last = ord(first[-1]) + i if first else 0
                    codes[start + i] = first[:-1] + chr(last) if 0 < last < 0x110000 else UNKNOWN
    return codes


def _number(digits: bytes) -> int:
    return int(re.sub(rb"\s", b"", digits) or b"0", 16)


def _text(digits: bytes) -> str:
    raw = bytes.fromhex(re.sub(rb"\s", b"", digits).decode("ascii"))
    return raw.decode("utf-16-be", "replace") if len(raw) > 1 else raw.decode("latin-1")


def _cid_widths(listed: Any) -> dict[int, float]:
    """The /W array: `c [w1 w2 …]` and `first last w`."""
    widths: dict[int, float] = {}
    items = list(listed.get_object()) if listed is not None else []
    i = 0
    while i + 1 < len(items):
        second = items[i + 1].get_object()
        if isinstance(second, list):
            widths.update({int(items[i]) + k: float(w) for k, w in enumerate(second)})
            i += 2
        else:
            if i + 2 < len(items):
                widths.update(dict.fromkeys(range(int(items[i]), int(second) + 1), float(items[i + 2])))
            i += 3
    return widths


SPARE = "/FAssistSpare"
_SPARE_FONT = Font(SPARE, 2, {}, dict.fromkeys(range(32, 127), 500.0), 1000.0, unicode=True)


def spare_font(page: Any, writer: Any) -> Font:
    """A font for characters that the page's own fonts lack, added to the page.

    Adobe's STSong-Light by name, which readers replace by a Chinese font of the machine; nothing is embedded. Its
    map to Unicode is written out, so that every extractor finds the text.
    """
    descriptor = _dictionary(
        Type=NameObject("/FontDescriptor"), FontName=NameObject("/STSong-Light"), Flags=NumberObject(6),
        FontBBox=ArrayObject([NumberObject(n) for n in (-25, -254, 1000, 880)]), ItalicAngle=NumberObject(0),
        Ascent=NumberObject(880), Descent=NumberObject(-120), CapHeight=NumberObject(880), StemV=NumberObject(93),
    )  # fmt: skip
    system = _dictionary(
        Registry=TextStringObject("Adobe"), Ordering=TextStringObject("GB1"), Supplement=NumberObject(4)
    )
    descendant = _dictionary(
        Type=NameObject("/Font"), Subtype=NameObject("/CIDFontType0"), BaseFont=NameObject("/STSong-Light"),
        CIDSystemInfo=system, FontDescriptor=writer._add_object(descriptor), DW=NumberObject(1000),
        W=ArrayObject([NumberObject(1), NumberObject(95), FloatObject(500)]),
    )  # fmt: skip
    to_unicode = StreamObject()
    to_unicode.set_data(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Spare def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        + b"".join(
            b"%d beginbfrange\n%s endbfrange\n"
            % (len(part), b"".join(b"<%02X00> <%02XFF> <%02X00>\n" % (n, n, n) for n in part))
            for part in (range(i, min(i + 100, 256)) for i in range(0, 256, 100))
        )
        + b"endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    font = _dictionary(
        Type=NameObject("/Font"), Subtype=NameObject("/Type0"), BaseFont=NameObject("/STSong-Light-UniGB-UCS2-H"),
        Encoding=NameObject("/UniGB-UCS2-H"), DescendantFonts=ArrayObject([writer._add_object(descendant)]),
        ToUnicode=writer._add_object(to_unicode),
    )  # fmt: skip
    resources = DictionaryObject(page["/Resources"].get_object())
    known = resources.get("/Font")
    entries = DictionaryObject(known.get_object() if known is not None else {})
    entries[NameObject(SPARE)] = writer._add_object(font)
    resources[NameObject("/Font")] = entries
    page[NameObject("/Resources")] = resources
    return _SPARE_FONT


def _dictionary(**entries: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})
