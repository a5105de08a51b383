"""Reading a Chinese address off a message, as shoppers paste it: name, number and place in any order, run together."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Short names as people type them, and the whole name that stands on a parcel.
_MUNICIPALITIES: Final = ("北京", "天津", "上海", "重庆")
_PLAIN: Final = (
    *("河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北"),
    *("湖南", "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海", "台湾"),
)
_OTHERS: Final = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "香港": "香港特别行政区",
    "澳门": "澳门特别行政区",
}
REGIONS: Final = {name: f"{name}市" for name in _MUNICIPALITIES} | {name: f"{name}省" for name in _PLAIN} | _OTHERS

_LABEL: Final = re.compile(
    r"(收货人|收件人|联系人|姓名|名字|手机号码|手机号|手机|联系电话|电话|所在地区|所在地|地区|省市区|"
    r"详细地址|收货地址|收件地址|地址|邮政编码|邮编)\s*[:：]\s*"
)
_MOBILE: Final = re.compile(r"(?<!\d)(?:(?:\+|00)?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)")
_FIXED: Final = re.compile(r"(?<!\d)(0\d{2,3}-\d{7,8})(?!\d)")
_POSTCODE: Final = re.compile(r"(?<![\dA-Za-z-])(\d{6})(?![\d号栋幢室弄])")
_CITY: Final = re.compile(r"^([^\d\s]{2,12}?(?:自治州|地区|盟|市))")
_DISTRICT: Final = re.compile(r"^([^\d\s]{1,14}?(?:自治县|自治旗|林区|特区|新区|区|县|旗|市))")
_NAME_AT_END: Final = re.compile(r"(?<=[号室楼层栋幢户座])([\u4e00-\u9fff·]{2,4})(?:先生|女士|小姐)?$")
_A_NAME: Final = re.compile(r"^[\u4e00-\u9fff·]{2,6}$|^[A-Za-z][A-Za-z .'-]{1,40}$")
_A_PLACE: Final = re.compile(r"[省市区县镇乡村路街道巷弄号楼栋幢室园苑厦]")


def pasted(text: str) -> dict[str, str]:
    """The parts of an address that can be read off a text, by the names of `Address`; what cannot is left out.

    source   "林小满 13800138000 浙江省杭州市西湖区龙井路1号" -> recipient 林小满, phone 13800138000, region 浙江省,
             city 杭州市, district 西湖区, street 龙井路1号
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text)[:500] if _is_plain(sign))
    plain = _LABEL.sub(" ", plain)
    found: dict[str, str] = {}
    plain = _taken(plain, found, "phone", _MOBILE, _FIXED)
    plain = _taken(plain, found, "postcode", _POSTCODE)
    words = [word for word in re.split(r"[\s,，;；。、|]+", plain) if word]
    name = next((word for word in words if _A_NAME.match(word) and not _is_place(word)), "")
    place = "".join(word for word in words if word != name)
    if not name and (end := _NAME_AT_END.search(place)):
        name, place = end[1], place[: end.start()]
    if name:
        found["recipient"] = name
    found |= _places(place)
    return found if len(found) > 1 else {}


def _is_plain(sign: str) -> bool:
    return sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs", "Cf")


def _taken(plain: str, found: dict[str, str], part: str, *patterns: re.Pattern[str]) -> str:
    """The text without what a pattern found in it, which is kept as that part."""
    for pattern in patterns:
        if hit := pattern.search(plain):
            found[part] = re.sub(r"[- ]", "", hit[1]) if pattern is _MOBILE else hit[1]
            return f"{plain[: hit.start()]} {plain[hit.end() :]}"
    return plain


def _is_place(word: str) -> bool:
    return bool(_A_PLACE.search(word)) or any(word.startswith(region) for region in REGIONS)


def _places(place: str) -> dict[str, str]:
    """Province, city, district and street, in the order in which they stand."""
    found: dict[str, str] = {}
    rest = re.sub(r"^(中国|中华人民共和国)", "", place)
    region = next((name for name in REGIONS if rest.startswith(name)), "")
    if region:
        found["region"] = REGIONS[region]
        rest = re.sub(rf"^({REGIONS[region]}|{region}(省|市|自治区)?)", "", rest)
    if region in _MUNICIPALITIES:
        found["city"] = f"{region}市"
        rest = re.sub(rf"^({region}市|市辖区|{region}(?=[^\d]*区))", "", rest)
    elif city := _CITY.match(rest):
        found["city"] = city[1]
        rest = rest[city.end() :]
    if "city" in found and (district := _DISTRICT.match(rest)):
        found["district"] = district[1]
        rest = rest[district.end() :]
    if rest:
        found["street"] = rest
    return found
