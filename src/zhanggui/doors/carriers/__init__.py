"""A carrier to try the shop with, run as a carrier would run it: labels, journeys, own pages, signed notifications.

Owns     doors_carriers_shipment, doors_carriers_sight.
Knows    nothing of the shop but the wire format (`shop.fulfilment.rules`) and the key they share.
Mind     it tells some things twice, and some so late that others overtake them, as carriers do.
"""
