"""The nightly audit: every shelf that keeps books adds them up again.

Owns     the list of audits (`ports.audits`, filled by config/wiring.py) and the job that runs them.
Refuses  BooksDisagree, so that a disagreement stands among the dead letters until a person has seen it.
"""
