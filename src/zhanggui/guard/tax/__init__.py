"""Taxes on what is sold: rates by place, kind of goods and day.

Owns the rates; refuses RateNotAllowed. Tells nothing: what was taxed, and at which rate, stands on the order's lines.
"""
