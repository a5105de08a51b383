"""The log: outbox, audit trail, analytics source and replay tape in one table, partitioned by month.

Owns     spine_log_entry. Rows are only ever added.
Refuses  NotInTransaction, so that nothing can be told that did not happen.
Mind     a sequence number is given at insert, not at commit: a reader that has passed 42 could miss a 41 that commits
         later. Each row keeps its transaction's id, and readers go by (xid, seq) below the oldest running transaction.
"""
