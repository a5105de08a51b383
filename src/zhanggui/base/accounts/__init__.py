"""Operators: the people at the console, what they may do, and how they sign in.

Owns     base_accounts_operator.
Refuses  NotAllowed.
Mind     shoppers are not operators; they are the shop's customers.
"""
