"""The self-check: published figures, worked out anew by the code that works for the shop, and held against each other.

Owns     no table; nothing of a shop is read, so every installation checks the same.
Mind     a data set whose rows may not be copied is no part of it. What follows from published parameters or from a
         handful of published events can be checked everywhere; what cannot is listed with the reason.
"""
