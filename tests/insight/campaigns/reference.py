"""What offers gave and what their goods sold, worked out event by event; and the line through a history, exactly."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from statistics import median

import msgspec

from zhanggui.insight.campaigns.rules import Kind

USED = {"growth.promotion_redeemed": Kind.PROMOTION, "growth.flash_taken": Kind.FLASH}
GONE = {"growth.promotion_undone": Kind.PROMOTION, "growth.flash_returned": Kind.FLASH}
IDS = {Kind.PROMOTION: "promotion_id", Kind.FLASH: "sale_id"}


def touched(events, paid_in):
    """Offer -> orders, units, money, given by the shop, given by others; of orders paid while `paid_in` says so."""
    paid = {one.order_number for one in events if one.name == "shop.payment_settled" and paid_in(one.at)}
    placed = {one.order_number: one.lines for one in events if one.name == "shop.order_placed"}
    used, payer, gone = defaultdict(lambda: [0, 0]), {}, defaultdict(lambda: [0, 0])
    for one in events:
        kind, sign = USED.get(one.name) or GONE.get(one.name), used if one.name in USED else gone
        if kind is None:
            continue
        body = msgspec.json.decode(one.body)
        offer = (kind, body[IDS[kind]])
        place = (offer, one.order_number, one.sku)
        sign[place][0] += one.quantity or 0
        sign[place][1] += one.amount_minor or 0
        payer[offer] = body.get("funded_by") or payer.get(offer, "shop")
    found = {}
    for (offer, number, sku), (units, minor) in used.items():
        less_units, less_minor = gone[offer, number, sku]
        if offer[0] is Kind.FLASH:
            left = math.floor(Fraction(minor * (units - less_units), units) + Fraction(1, 2)) if units else 0
            is_kept = units > less_units
        else:
            left, is_kept = minor - less_minor, minor > less_minor
        if number not in paid or not is_kept:
            continue
        orders, pieces, given = found.setdefault(offer, (set(), {}, []))
        orders.add(number)
        given.append(left)
        for n, line in enumerate(placed.get(number, ())):
            if offer[0] is Kind.PROMOTION or line.sku == sku:
                pieces[number, n] = (line.quantity, line.amount_minor)
    return {
        offer: (
            len(orders),
            sum(units for units, _ in pieces.values()),
            sum(minor for _, minor in pieces.values()),
            sum(given) if payer[offer] == "shop" else 0,
            0 if payer[offer] == "shop" else sum(given),
        )
        for offer, (orders, pieces, given) in found.items()
    }


def line_through(history):
    """Days learnt from, the variance of a day, and a function from days ahead to expected and its own variance.

    The normal equations in fractions, by elimination.
    """
    known = {n - len(history): Fraction(size) for n, size in enumerate(history) if size is not None}
    middles = {weekday: median([s for d, s in known.items() if d % 7 == weekday] or [0]) for weekday in range(7)}
    away = {day: abs(size - middles[day % 7]) for day, size in known.items()}
    usual = median(away.values())
    days = sorted(day for day in known if not usual or away[day] * Fraction("0.6745") <= 4 * usual)
    rows = [row(day) for day in days]
    square = [[sum(one[i] * one[j] for one in rows) for j in range(8)] for i in range(8)]
    right = [sum(one[i] * known[day] for one, day in zip(rows, days, strict=True)) for i in range(8)]
    weights = solved(square, right)
    off = [
        known[day] - sum(a * b for a, b in zip(one, weights, strict=True)) for one, day in zip(rows, days, strict=True)
    ]
    variance = sum(one * one for one in off) / (len(days) - 8)

    def ahead(first, count):
        """What so many days sum to, and the variance of that sum as so many times that of a day."""
        whole = [sum(row(day)[i] for day in range(first, first + count)) for i in range(8)]
        lever = sum(a * b for a, b in zip(whole, solved(square, whole), strict=True))
        each = [sum(a * b for a, b in zip(row(day), weights, strict=True)) for day in range(first, first + count)]
        return sum(max(size, Fraction(0)) for size in each), count + lever

    return len(days), variance, leaning(days, off), ahead


def leaning(days, off):
    """How much each day leans on the one before."""
    whole = sum(one * one for one in off)
    pairs = [off[n] * off[n + 1] for n in range(len(days) - 1) if days[n + 1] == days[n] + 1]
    if not whole or not pairs:
        return Fraction(0)
    return min(max(sum(pairs) / whole * len(days) / len(pairs), Fraction(0)), Fraction("0.6"))


def row(day):
    """A day as the fit sees it."""
    return [Fraction(day % 7 == weekday) for weekday in range(7)] + [Fraction(day, 7)]


def solved(square, right):
    """The solution of linear equations."""
    size = len(square)
    rows = [[*map(Fraction, square[n]), Fraction(right[n])] for n in range(size)]
    for n in range(size):
        pivot = next(m for m in range(n, size) if rows[m][n])
        rows[n], rows[pivot] = rows[pivot], rows[n]
        rows[n] = [one / rows[n][n] for one in rows[n]]
        for m in range(size):
            if m != n and rows[m][n]:
                rows[m] = [one - rows[m][n] * other for one, other in zip(rows[m], rows[n], strict=True)]
    return [one[-1] for one in rows]
