"""The door for other programs: the shop for a storefront of their own, the back office for systems beside it.

Owns     doors_api_answer, what was answered to a call that may be made again.
Refuses  everything in one shape; `refusals` is the table of what every room's no looks like from outside.

Nothing is decided here: every write is one action of a room, every read a query.
"""
