"""The house's own small set of line icons, drawn on a grid of 24, round ends, one weight.

Every icon stands beside a word or carries a label; none means anything alone.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# name -> what stands inside the <svg>
ICONS: Final = {
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "cart": (
        '<path d="M3 4h2.4l2.2 11h10.2L20 7.5H6"/><circle cx="9" cy="19.5" r="1.3"/>'
        '<circle cx="16.5" cy="19.5" r="1.3"/>'
    ),
    "home": '<path d="m4 11 8-7 8 7M6 9.5V20h12V9.5M10 20v-5.5h4V20"/>',
    "grid": '<path d="M4 4h6.5v6.5H4zM13.5 4H20v6.5h-6.5zM4 13.5h6.5V20H4zM13.5 13.5H20V20h-6.5z"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>',
    "people": (
        '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.7-3.5 3-5.2 6.5-5.2s5.8 1.7 6.5 5.2'
        'M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14.8c1.9.8 3 2.4 3.5 4.7"/>'
    ),
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "bin": '<path d="M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5 7.5 20h9l1-13.5M10.2 10.5v6M13.8 10.5v6"/>',
    "star": '<path d="m12 3.8 2.5 5.3 5.8.7-4.3 4 1.1 5.7-5.1-2.8-5.1 2.8 1.1-5.7-4.3-4 5.8-.7z"/>',
    "shield": '<path d="M12 3.5 19 6v5.5c0 4.3-2.7 7.4-7 9-4.3-1.6-7-4.7-7-9V6zM8.8 12l2.3 2.3 4.2-4.6"/>',
    "truck": (
        '<path d="M2.5 6h11.5v10.5H2.5zM14 9.5h4l3.5 3.7v3.3H14z"/><circle cx="7" cy="17.5" r="1.8"/>'
        '<circle cx="17" cy="17.5" r="1.8"/>'
    ),
    "box": '<path d="m12 3.5 8 4v9l-8 4-8-4v-9zM4 7.5l8 4 8-4M12 11.5v9"/>',
    "return": '<path d="M8.5 5 4.5 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H8"/>',
    "card": '<path d="M3 6h18v12.5H3zM3 10h18M6.5 15h4"/>',
    "pin": (
        '<path d="M12 21c4.3-4.5 6.5-8 6.5-11a6.5 6.5 0 1 0-13 0c0 3 2.2 6.5 6.5 11z"/>'
        '<circle cx="12" cy="10" r="2.3"/>'
    ),
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.6v.1"/>',
    "warning": '<path d="M12 4 21 19.5H3zM12 10v4.5M12 17v.1"/>',
    "good": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8L16.2 9.5"/>',
    "bad": '<circle cx="12" cy="12" r="8.5"/><path d="m9 9 6 6M15 9l-6 6"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.5 2"/>',
    "calendar": '<path d="M4 5.5h16V20H4zM4 10h16M8.5 3v4M15.5 3v4"/>',
    "report": '<path d="M6 3.5h8.5L18.5 8v12.5H6zM14.5 3.5V8h4M9 12.5h6.5M9 16h6.5"/>',
    "trace": (
        '<circle cx="5.5" cy="18.5" r="2"/><circle cx="12" cy="12" r="2"/><circle cx="18.5" cy="5.5" r="2"/>'
        '<path d="m7 17 3.5-3.5M13.5 10.5 17 7"/>'
    ),
    "sun": (
        '<circle cx="12" cy="12" r="4"/>'
        '<path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>'
    ),
    "moon": '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
    "half": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17M12 7l6.5 0M12 12h8.3M12 17h6.5"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>',
    "right": '<path d="m9 5 7 7-7 7"/>',
    "left": '<path d="m15 5-7 7 7 7"/>',
    "down": '<path d="m5 9 7 7 7-7"/>',
    "up": '<path d="m5 15 7-7 7 7"/>',
    "link": '<path d="M10 6H5v13h13v-5M13.5 4.5h6v6M19.5 4.5 11 13"/>',
    "download": '<path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 19.5h15"/>',
    "filter": '<path d="M4 6h16M7 12h10M10.5 18h3"/>',
    "chart": '<path d="M4 4v16h16M8 16v-4M12 16V8M16 16v-6"/>',
    "goal": '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="4.5"/><circle cx="12" cy="12" r=".6"/>',
    "today": '<path d="M4 17.5h16M6.5 14a5.5 5.5 0 0 1 11 0M12 4v2.5M4.5 8l1.7 1.5M19.5 8l-1.7 1.5M8 20.5h8"/>',
    "shop": (
        '<path d="M4.5 10v10h15V10'
        'M3.5 9.5 5.5 4h13l2 5.5a2.9 2.9 0 0 1-5.6.5 3 3 0 0 1-5.8 0 2.9 2.9 0 0 1-5.6-.5zM10 20v-5.5h4V20"/>'
    ),
    "growth": '<path d="m3.5 17 6-6 4 4 7-8M15 7h5.5v5.5"/>',
    "stock": '<path d="M3.5 20V9L12 4l8.5 5v11M7 20v-8h10v8M7 16h10"/>',
    "care": '<path d="M12 20C5.5 15.5 3.5 12 3.5 9a4.5 4.5 0 0 1 8.5-2 4.5 4.5 0 0 1 8.5 2c0 3-2 6.5-8.5 11z"/>',
    "gear": (
        '<circle cx="12" cy="12" r="3"/><path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1'
        'M15.9 15.9 18 18M6 18l2.1-2.1M15.9 8.1 18 6"/>'
    ),
    "import": '<path d="M12 3.5v10M8 10l4 4 4-4M4 14.5V20h16v-5.5"/>',
    "bell": '<path d="M5.5 17V11a6.5 6.5 0 0 1 13 0v6l1.5 1.5H4zM10 20.5h4"/>',
    "out": '<path d="M14 4.5H5v15h9M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5"/>',
}


@lru_cache(maxsize=512)
def icon(name: str, *, label: str = "", extra: str = "") -> SafeString:
    """The icon of that name as an inline picture that takes the colour and size of its words.

    label   said aloud; empty if words stand beside it
    extra   further class names, such as is-solid
    refuses a name that is not drawn, loudly
    """
    inside = mark_safe(ICONS[name])  # noqa: S308 -- our own drawings, above
    classes = f"icon {extra}".strip()
    if not label:
        return format_html('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', classes, inside)
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', classes, label, inside
    )
