"""Members: tiers by growth value, and points that are earned, spent and expire.

Owns     growth_membership_*: scheme, tiers, members, lots of points, what they were spent on, what orders earn, the
         points shop, paid membership, recycling; the folder `recycled` in the home folder.
Plugs    `steps.points` into the pipeline of the checkout, `actions.spend_on_order` into its claims.
Hears    that orders were paid, called off, ran out of time or were refunded, and that a guest turned out to be a
         customer; then it looks at the order as it stands.
Tells    growth.points_earned, _spent, _returned, _taken_back, _expired, growth.tier_changed, growth.reward_redeemed,
         _cancelled, growth.membership_started, _ended, growth.item_recycled.
Refuses  what `errors` lists.
Mind     points are booked as POINTS in the ledger, with the person as their holder; the nightly audit holds the lots
         against it. Whoever moves the points of a person locks that person's member row first.
"""
