"""Members bring new shoppers: whose first order is kept after coming by a member's link earns the member a reward.

Nobody pays to take part, and nobody is rewarded for more than two steps (rules.md § 7).

Owns     growth_referrals_*: how a shop rewards, links, who came by which, referrals.
Refuses  what `errors` lists.
"""
