"""Where pieces lie and where they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from zhanggui.supply.stock.rules.distances import Spot, km_between, spot_of
from zhanggui.supply.stock.rules.levels import MAIN

# What is promised of a warehouse that does not say how long it takes.
USUAL_DAYS: Final = 3
USUAL_DAYS_ABROAD: Final = 12
# How far a place is taken to be if nobody knows where it lies: in the same region, the same country, abroad.
NEAR_KM, INLAND_KM, ABROAD_KM = 50, 1_000, 8_000


class WarehouseKind(StrEnum):
    """What a warehouse is for: one for a region, a small one near the shoppers, one that a partner runs, one abroad."""

    REGIONAL = "regional"
    FRONT = "front"
    CLOUD = "cloud"
    OVERSEAS = "overseas"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel goes, as far as stock needs to know.

    country  two letters, as in ISO 3166
    region   the province or state, as the shopper wrote it
    """

    country: str
    region: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """How long a warehouse takes to somewhere: a region, a whole country, or (without both) everywhere.

    days  whole days from the order to the door, 0 for the same day
    """

    country: str = ""
    region: str = ""
    days: int

    def covers(self, place: Place) -> bool:
        """Whether the place lies in it."""
        return self.country in ("", place.country) and place.region.startswith(self.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """A house that pieces lie in.

    shop                 whose it is; empty for the one that every shop has
    latitude, longitude  in thousandths of a degree, None if nobody has said
    handling_minor       what one parcel from here costs, in minor units of the shop's currency
    zones                where it delivers to; none means everywhere, in the usual time
    sells                whether orders may be promised pieces from here
    priority             of two that are alike in everything else, the lower goes first
    restock_days         how much longer it takes if a piece is sold before it is here
    closed_until         no orders are promised pieces from here before that moment
    """

    code: str
    shop: str
    name_zh: str
    name_en: str = ""
    kind: WarehouseKind = WarehouseKind.REGIONAL
    country: str = ""
    region: str = ""
    latitude_milli: int | None = None
    longitude_milli: int | None = None
    handling_minor: int = 0
    zones: tuple[Zone, ...] = ()
    sells: bool = True
    priority: int = 0
    restock_days: int = 7
    closed_until: datetime | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether orders may be promised pieces from here."""
        return self.sells and (self.closed_until is None or self.closed_until <= at)

    def days_to(self, place: Place | None) -> int | None:
        """Days from the order to the door, by the zone that fits the place best; None if it does not deliver there."""
        if place is None:
            return min((zone.days for zone in self.zones), default=USUAL_DAYS)
        if not self.zones:
            is_abroad = self.country not in ("", place.country)
            return USUAL_DAYS_ABROAD if is_abroad else USUAL_DAYS
        covering = [zone for zone in self.zones if zone.covers(place)]
        if not covering:
            return None
        return min(covering, key=lambda zone: (zone.region == "", zone.country == "", zone.days)).days

    def km_to(self, place: Place | None) -> int:
        """How far it is, in whole kilometres; a rough figure where nobody has said where the two lie."""
        if place is None:
            return 0
        here, there = self._spot, spot_of(place.country, place.region)
        if here and there:
            return km_between(here, there)
        if self.country not in ("", place.country):
            return ABROAD_KM
        return NEAR_KM if self.region and self.region == place.region else INLAND_KM

    @property
    def _spot(self) -> Spot | None:
        if self.latitude_milli is None or self.longitude_milli is None:
            return spot_of(self.country, self.region)
        return Spot(latitude_milli=self.latitude_milli, longitude_milli=self.longitude_milli)


# The house that every shop has before anybody has described one.
THE_MAIN_ONE: Final = Warehouse(code=MAIN, shop="", name_zh="主仓", name_en="Main warehouse")
