"""How slides are lettered and coloured: look.md's ink on paper, in faces that every office machine has."""

from __future__ import annotations

from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Pt

from zhanggui.doors.console import words

# look.md: ink on paper, the colour-blind safe order, cinnabar for the one thing that matters.
INK: Final = RGBColor(0x1C, 0x1B, 0x19)
SOFT: Final = RGBColor(0x5F, 0x5B, 0x54)
PAPER: Final = RGBColor(0xFA, 0xF8, 0xF4)
LINE: Final = RGBColor(0xDD, 0xD8, 0xCF)
BLUE: Final = RGBColor(0x1F, 0x4E, 0x79)
RED: Final = RGBColor(0xB8, 0x37, 0x2A)
GREEN: Final = RGBColor(0x2F, 0x7D, 0x5B)
GREY: Final = RGBColor(0x7C, 0x88, 0x8F)
LATIN: Final = "Segoe UI"
HAN: Final = "Microsoft YaHei"


def letter(font: Any, *, size: int, colour: RGBColor = INK, is_bold: bool = False) -> None:
    """Latin letters in one face and Chinese ones in another, which a viewer would else choose by itself.

    Marks that both writings have, such as “ ” and …, are drawn in the face of the language that is said of the text:
    without it, quotation marks of an English slide are as wide as a Chinese sign.
    """
    font.size, font.bold, font.name = Pt(size), is_bold, LATIN
    font.color.rgb = colour
    properties = font._element
    is_chinese = words.language().startswith("zh")
    properties.set("lang", "zh-CN" if is_chinese else "en-GB")
    properties.set("altLang", "en-GB" if is_chinese else "zh-CN")
    for tag in ("a:ea", "a:cs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    properties.find(qn("a:latin")).addnext(properties.makeelement(qn("a:ea"), {"typeface": HAN}))


def breadth(said: str) -> int:
    """How broad a text is in letters; a Chinese one counts twice."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in said)
