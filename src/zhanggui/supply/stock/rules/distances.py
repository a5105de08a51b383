"""How far it is from one place to another, near enough to prefer one warehouse to another."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_KM: Final = 6371


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point on the earth, in thousandths of a degree, north and east positive."""

    latitude_milli: int
    longitude_milli: int


def km_between(one: Spot, other: Spot) -> int:
    """The way along a great circle, in whole kilometres, rounded half to even.

    source  haversine formula; Beijing (39.904, 116.407) to Shanghai (31.230, 121.474) is 1,067 km
    """
    lat1, lat2 = radians(one.latitude_milli / 1000), radians(other.latitude_milli / 1000)
    across = radians((other.longitude_milli - one.longitude_milli) / 1000)
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(across / 2) ** 2
    return round(2 * EARTH_KM * asin(min(1.0, sqrt(chord))))


def spot_of(country: str, region: str) -> Spot | None:
    """Where a region's seat of government lies, or a country's capital; None if neither is known."""
    if country == "CN":
        for name, spot in _PROVINCES.items():
            if region.startswith(name):
                return spot
    return _CAPITALS.get(country) if country != "CN" else None


def _spots(said: str) -> dict[str, Spot]:
    rows = (row.split() for row in said.strip().splitlines())
    return {
        name: Spot(latitude_milli=round(float(lat) * 1000), longitude_milli=round(float(lon) * 1000))
        for names, lat, lon in rows
        for name in names.split("/")
    }


_PROVINCES: Final = _spots(
    """
    北京/Beijing 39.904 116.407
    天津/Tianjin 39.084 117.201
    河北/Hebei 38.042 114.515
    山西/Shanxi 37.871 112.551
    内蒙古/Inner 40.842 111.750
    辽宁/Liaoning 41.806 123.432
    吉林/Jilin 43.817 125.324
    黑龙江/Heilongjiang 45.804 126.535
    上海/Shanghai 31.230 121.474
    江苏/Jiangsu 32.060 118.797
    浙江/Zhejiang 30.274 120.155
    安徽/Anhui 31.821 117.227
    福建/Fujian 26.074 119.297
    江西/Jiangxi 28.682 115.858
    山东/Shandong 36.651 117.120
    河南/Henan 34.747 113.625
    湖北/Hubei 30.593 114.305
    湖南/Hunan 28.228 112.939
    广东/Guangdong 23.129 113.264
    广西/Guangxi 22.817 108.367
    海南/Hainan 20.044 110.199
    重庆/Chongqing 29.563 106.551
    四川/Sichuan 30.573 104.066
    贵州/Guizhou 26.647 106.630
    云南/Yunnan 25.039 102.718
    西藏/Tibet/Xizang 29.653 91.172
    陕西/Shaanxi 34.342 108.940
    甘肃/Gansu 36.061 103.834
    青海/Qinghai 36.617 101.778
    宁夏/Ningxia 38.487 106.231
    新疆/Xinjiang 43.826 87.617
    香港/Hong 22.320 114.169
    澳门/Macau/Macao 22.199 113.544
    台湾/Taiwan 25.033 121.565
    """
)
_CAPITALS: Final = _spots(
    """
    HK 22.320 114.169
    MO 22.199 113.544
    TW 25.033 121.565
    JP 35.676 139.650
    KR 37.566 126.978
    SG 1.352 103.820
    MY 3.139 101.687
    TH 13.756 100.502
    VN 21.028 105.834
    ID -6.209 106.846
    PH 14.600 120.984
    IN 28.614 77.209
    AU -35.281 149.129
    NZ -41.286 174.776
    US 38.907 -77.037
    CA 45.421 -75.697
    MX 19.433 -99.133
    BR -15.794 -47.882
    GB 51.507 -0.128
    IE 53.350 -6.260
    FR 48.857 2.352
    DE 52.520 13.405
    NL 52.368 4.904
    BE 50.850 4.352
    ES 40.417 -3.704
    PT 38.722 -9.139
    IT 41.903 12.496
    AT 48.208 16.373
    CH 46.948 7.447
    PL 52.230 21.012
    SE 59.329 18.069
    RU 55.756 37.617
    AE 24.454 54.377
    SA 24.714 46.675
    """
)
