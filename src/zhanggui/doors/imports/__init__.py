"""The way in for what another shop sold and what its visitors did, from files.

Owns     nothing of its own; `insight.sources` keeps how far each file is, the lake keeps the facts
Tells    the shop's facts (orders, payments, refunds, parcels, products, reviews) straight to the lake, in whole chunks
Refuses  files that are broken or cannot be read in one way only; lines that make no sense wait in a file to be mended
Mind     an order is taken in whole or not at all, once however often it comes
"""
