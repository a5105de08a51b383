"""What is left out of a body: what would name a person, and the query string of an address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

from zhanggui.spine.sightings.rules.visits import parameters_of

DEEPEST: Final = 64

_WORDS: Final = (
    "email",
    "e mail",
    "email address",
    "mail",
    "phone",
    "phone number",
    "telephone",
    "tel",
    "mobile",
    "mobile phone",
    "mobile number",
    "cellphone",
    "first name",
    "last name",
    "full name",
    "user name",
    "nick name",
    "real name",
    "receiver name",
    "consignee",
    "address",
    "address1",
    "address2",
    "street",
    "street address",
    "shipping address",
    "billing address",
    "birthday",
    "birth date",
    "date of birth",
    "id card",
    "passport",
    "password",
    "token",
    "api key",
    "card number",
    "ip",
    "ip address",
    "traits",
    "set",
    "set once",
)
_CHINESE: Final = frozenset(
    (
        *("手机", "手机号", "手机号码", "电话", "邮箱", "姓名"),
        *("地址", "收货地址", "收货人", "身份证", "生日", "密码"),
    )
)


def _spellings(words: Iterable[str]) -> frozenset[str]:
    """Each key as clients write it: email, Email, EMAIL, $email, firstName, first_name, first-name, FirstName."""
    found: set[str] = set()
    for phrase in words:
        parts = phrase.split()
        pascal = "".join(part.capitalize() for part in parts)
        plain = {"_".join(parts), "-".join(parts), " ".join(parts), "".join(parts), parts[0] + pascal[len(parts[0]) :]}
        found |= plain | {pascal, pascal[0].lower() + pascal[1:]} | {word.upper() for word in plain}
        found |= {word.capitalize() for word in plain}
    return frozenset(found | {f"${word}" for word in found})


# `set` without a dollar may be a set of cups; `traits` carries whatever a client knows of a person.
PERSONAL: Final = (_spellings(_WORDS) - {"set", "Set", "SET"}) | _CHINESE

# An address, or a bare query string, that carries parameters or a fragment.
_ADDRESS = re.compile(r"(?:(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?/[^\s?#]*|)[?#]\S*")


def needs_cleaning(raw: bytes, keys: Iterable[str]) -> bool:
    """Whether a body may hold what is left out, or be too deep; in doubt, yes. Cheap, because every event is asked."""
    return (
        raw.count(b"{") > 1
        or b"?" in raw
        or b"#" in raw
        or b"\\u00" in raw
        or raw.count(b"[") >= DEEPEST
        or not PERSONAL.isdisjoint(keys)
    )


def clean(value: object) -> object:
    """The same JSON value without personal fields, and with addresses cut to what `clean_address` keeps."""
    if isinstance(value, dict):
        return {key: clean(part) for key, part in value.items() if key not in PERSONAL}
    if isinstance(value, list):
        return [clean(part) for part in value]
    if isinstance(value, str) and ("?" in value or "#" in value) and _ADDRESS.fullmatch(value.strip()):
        return clean_address(value.strip())
    return value


def clean_address(url: str) -> str:
    """An address without its query and fragment, except campaign parameters and click ids."""
    kept = parameters_of(url)
    bare = re.split(r"[?#]", url, maxsplit=1)[0]
    return f"{bare}?{urlencode(kept)}" if kept else bare


def is_too_deep(value: object) -> bool:
    """Whether a JSON value is nested more than 64 levels deep."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            return True
        level = [
            part
            for whole in level
            if isinstance(whole, dict | list)
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, dict | list)
        ]
    return False
