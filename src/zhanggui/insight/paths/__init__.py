"""Paths: which way people take, how long they stay on a page, and what they use to come and to order.

Owns     no table; everything is counted from the daily tables of steps, sessions and orders.
Refuses  PathUnfit.
Mind     nobody tells when a visitor leaves: how long the last page of a session was looked at is not known, and counts
         nowhere.
"""
