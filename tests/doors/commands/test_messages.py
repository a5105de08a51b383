"""What the catalogue of translations is gathered from."""

from __future__ import annotations

import io

from zhanggui.doors.commands import messages

CODE = b"""
plain = _("Plain")
sentence = f"{refused} {_('Nothing was changed.')}"
mark = f'<strong>{gettext("Another address")}</strong>{icon("plus")}'
many = f"{ngettext('%(n)s piece', '%(n)s pieces', n)} {pgettext('return', 'Exchange')}"
"""


def test_what_is_said_inside_an_f_string_is_gathered_too() -> None:
    found = messages.from_python(io.BytesIO(CODE), messages.KEYWORDS, (), {})

    said = {(line, name): words for line, name, words, _comments in found}
    assert said[2, "_"] == "Plain"
    assert said[3, "_"] == "Nothing was changed."
    assert said[4, "gettext"] == "Another address"
    assert said[5, "ngettext"][:2] == ("%(n)s piece", "%(n)s pieces")
    assert said[5, "pgettext"] == ("return", "Exchange")
