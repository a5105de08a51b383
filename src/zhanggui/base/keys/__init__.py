"""Keys with which other programs work in a shop: what each may do, who made it, and how long it opens.

Owns     base_keys_key; a key itself is shown once, and kept as a digest.
Refuses  KeyNotAllowed, NoSuchKey.
"""
