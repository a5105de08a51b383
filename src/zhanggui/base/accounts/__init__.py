"""Accounts: who can sign in. Operators come to the console with a password, shoppers to the shop with a code.

Owns     base_accounts_account, base_accounts_session, base_accounts_asked.
Refuses  NotAllowed, WeakPassword, AlreadyOperator, TooManyCodes, NotReachable, AlreadyTaken.
Mind     an account is a way in and nothing else: what is known of a shopper stands in shop.customers. The same mail
         address may open two accounts, one of each kind, and neither opens the other's door.
"""
