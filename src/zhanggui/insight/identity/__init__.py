"""Who is who: under which ids the same person walked, learned from what clients say and from who signs in.

Owns     insight_identity_link: an id, the person it turned out to be, how that is known, and whether it still holds.
Tells    insight.identity_merged, insight.identity_parted.
Hears    shop.customer_signed_in, shop.customer_joined.
Refuses  SameId, NobodysId, IdTaken, PairCircles, NoSuchLink.
Mind     an id belongs to one person: the first who was known under it. When somebody else signs in on the same device,
         the two are not merged; what is done there from then on counts for neither until it is known whose it is. An
         id that clients send for nobody merges nobody. No event is ever rewritten, so a pair can be parted again.
"""
