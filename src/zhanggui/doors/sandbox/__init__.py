"""A payment gateway to try the shop with, run as a provider would run it: own pages, own table, signed messages.

Owns     doors_sandbox_charge.
Knows    nothing of the shop but the wire format (`shop.payments.rules`) and the key they share.
"""
