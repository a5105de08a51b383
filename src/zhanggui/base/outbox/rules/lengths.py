"""How many text messages a text is: what a carrier counts, and what is paid."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

# 3GPP TS 23.038 § 6.2.1, the default alphabet; the second row is sent as two signs, the first of them an escape.
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED: Final = frozenset("\f^{}\\[~]|€")


class Alphabet(StrEnum):
    """How the signs of a text message are sent."""

    GSM_7 = "gsm_7"
    UCS_2 = "ucs_2"


# Signs that fit into one message alone, and into each part of a longer one, whose header takes six bytes.
_ALONE: Final = {Alphabet.GSM_7: 160, Alphabet.UCS_2: 70}
_IN_PART: Final = {Alphabet.GSM_7: 153, Alphabet.UCS_2: 67}


def alphabet_of(text: str) -> Alphabet:
    """The alphabet that a text needs: one sign outside the small one sends all of it in the large one."""
    return Alphabet.GSM_7 if _BASIC.union(_ESCAPED).issuperset(text) else Alphabet.UCS_2


def segments(text: str) -> int:
    """How many messages a text is sent, counted and paid as; at least one.

    A sign that is sent as two is never cut in half: it moves to the next part as a whole.

    source  3GPP TS 23.038 § 6.2.1 and TS 23.040 § 9.2.3.24.1: 160 letters -> 1, 161 -> 2, 306 -> 2, 307 -> 3;
            70 Chinese signs -> 1, 71 -> 2, 134 -> 2, 135 -> 3; 159 letters and a € -> 2; 152 letters, a € and 153
            letters -> 3
    """
    alphabet = alphabet_of(text)
    sizes = [_size(sign, alphabet) for sign in text]
    if sum(sizes) <= _ALONE[alphabet]:
        return 1
    count, filled, most = 1, 0, _IN_PART[alphabet]
    for size in sizes:
        if filled + size > most:
            count, filled = count + 1, 0
        filled += size
    return count


def _size(sign: str, alphabet: Alphabet) -> int:
    """Septets, or units of two bytes: a sign beyond the first plane, such as a face, takes two."""
    if alphabet is Alphabet.GSM_7:
        return 2 if sign in _ESCAPED else 1
    return 2 if ord(sign) > 0xFFFF else 1
