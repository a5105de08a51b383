"""The books: double-entry postings per shop and currency, points included.

Owns     base_ledger_account, base_ledger_entry, base_ledger_posting.
Refuses  Unbalanced, Overdrawn, EntryDiffers.
Mind     postings are only ever added, and a statement that adds them must balance: the database refuses anything else.
         What may never fall below nothing (wallets, cards, deposits, points) keeps its balance under a CHECK. What
         everybody posts to (cash, sales, tax) keeps none, so that nobody waits for its row: its balance is what was
         rolled up last and the postings since. `audit` adds all postings up again every night.
"""
