"""The colours can be read by everyone, in light and in dark, and nothing but the tokens sets one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import zhanggui

ROOT = Path(zhanggui.__file__).parent
TOKENS = (ROOT / "base/look/static/look/tokens.css").read_text()
LEAST_CONTRAST = 4.5

GROUNDS = {
    "--ink": ("--paper", "--raised", "--sunken", "--accent-soft", "--good-soft", "--watch-soft", "--bad-soft"),
    "--ink-soft": ("--paper", "--raised", "--sunken"),
    "--accent": ("--paper", "--raised", "--sunken", "--accent-soft"),
    "--good": ("--paper", "--raised", "--sunken", "--good-soft"),
    "--watch": ("--paper", "--raised", "--sunken", "--watch-soft"),
    "--bad": ("--paper", "--raised", "--sunken", "--bad-soft"),
    "--on-fill": ("--fill", "--fill-hover"),
    "--focus": ("--paper", "--raised"),
}
BLOCKS = {
    "light": ":root {",
    "dark by choice": ':root[data-theme="dark"] {',
    "dark by device": ':root:not([data-theme="light"]) {',
}


def tokens_of(block: str) -> dict[str, str]:
    start = TOKENS.index(block)
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", TOKENS[start : TOKENS.index("}", start)]))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: black on white is 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast_is_the_published_one() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("block", BLOCKS)
def test_words_can_be_read_on_every_ground_they_stand_on(block: str) -> None:
    tokens = tokens_of(BLOCKS[block])
    too_faint = {
        f"{words} on {ground}": round(contrast(tokens[words], tokens[ground]), 2)
        for words, grounds in GROUNDS.items()
        for ground in grounds
        if contrast(tokens[words], tokens[ground]) < LEAST_CONTRAST
    }

    assert too_faint == {}


def test_dark_by_choice_is_dark_by_device() -> None:
    assert tokens_of(BLOCKS["dark by choice"]) == tokens_of(BLOCKS["dark by device"])


def test_dark_sets_every_colour_that_light_sets() -> None:
    is_colour = re.compile(r"#|rgb")
    light = {name for name, value in tokens_of(BLOCKS["light"]).items() if is_colour.search(value)}

    assert light <= tokens_of(BLOCKS["dark by choice"]).keys()


def test_no_other_style_sheet_sets_a_colour() -> None:
    sheets = [path for path in ROOT.glob("**/static/**/*.css") if path.name != "tokens.css"]
    colours = {
        path.name: found
        for path in sheets
        if (found := re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|rgba?\([^)]*\)", path.read_text()))
    }

    assert sheets
    assert colours == {}


def test_every_token_that_is_used_is_set() -> None:
    known = set(re.findall(r"(--[\w-]+):", TOKENS))
    unknown = {
        f"{path.name} {name}"
        for path in ROOT.glob("**/static/**/*.css")
        for name in re.findall(r"var\((--[\w-]+)\)", path.read_text())
        if name not in known | set(re.findall(r"(--[\w-]+):", path.read_text()))
    }

    assert unknown == set()


def test_no_stylesheet_minds_which_way_a_phone_is_held() -> None:
    assert not [path.name for path in ROOT.glob("**/static/**/*.css") if "orientation:" in path.read_text()]
