"""What one currency is worth in another, by day. Tells nothing: rates are the world's, not ours.

Owns the table of rates; refuses NoRate rather than guess.
"""
