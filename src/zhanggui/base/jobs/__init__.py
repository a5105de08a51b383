"""Work for later: queued in the transaction that wants it, tried again when the world fails, shown when it gives up.

Stands on procrastinate, whose tables live in our PostgreSQL. A job is declared with `job`, queued with `later`, and
one that has used up its tries waits among the dead letters for a person.
"""
