"""The books: double-entry postings per shop and currency, points included.

Owns     base_ledger_account, base_ledger_entry, base_ledger_posting.
Refuses  Unbalanced, Overdrawn, EntryDiffers.
Mind     postings are only ever added, and a statement that adds them must balance: the database refuses anything else.
         An account's balance is a cache under a CHECK; `audit` adds all postings up again every night.
"""
