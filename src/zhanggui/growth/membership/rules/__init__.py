"""Members, as values: tiers, points, the points shop, paid membership, recycling, and what is told ahead.

The parts are called by their names, such as `rules.points.earned`.
"""

from zhanggui.growth.membership.rules import notices, points, recycling, rewards, terms, tiers

__all__ = ["notices", "points", "recycling", "rewards", "terms", "tiers"]
