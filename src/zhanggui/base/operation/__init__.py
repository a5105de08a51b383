"""What a verb is: one transaction, one actor, and at most once per idempotency key.

Owns   base_operation_key, the keys that have been used and what they answered.
Tells  nothing; each operation tells its own fact.
"""
