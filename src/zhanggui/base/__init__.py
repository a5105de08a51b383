"""Ground floor: money, time, ids, errors, operations, shops, accounts, the ledger, jobs and our own database server."""
