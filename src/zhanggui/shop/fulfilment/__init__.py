"""Fulfilment: what was paid for is picked, packed, handed to a carrier and followed until it arrives.

Owns     shop_fulfilment_plan, _handover, _parcel, _line, _event.
Tells    ParcelPacked, ParcelShipped, ParcelDelivered, ParcelLate, ParcelLost, ParcelSentBack.
Hears    PaymentSettled, DifferenceSettled.
Refuses  NoSuchParcel, TransitionRefused, AlreadyLeft, UnitsDiffer, NotWanted, CannotSplit, CannotMerge,
         WeightNotAllowed, TrackingTaken, NoSuchCarrier, CarrierRefused, Forged, Stale, Unreadable.
Mind     locks are taken in one order: the order's plan, its parcels, the stock, the order itself.
"""
