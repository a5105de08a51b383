"""The nightly audit: every shelf that keeps books adds them up again.

Owns     base_audit_run: when each of the books was added up last, and what did not agree; the list of audits
         (`ports.audits`, filled by config/wiring.py) and the job that runs them.
Refuses  BooksDisagree, so that a disagreement stands among the dead letters until a person has seen it.
"""
