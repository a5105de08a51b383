"""Whoever shops and whoever works in the shop, walking in a real browser.

To look at what they saw: `mkdir /tmp/seen; ZHANGGUI_PICTURES=/tmp/seen .venv/bin/python -m pytest tests/journeys`. Then
each page at which a walk stops is kept as a picture, and what differs by night in colours only is walked by night too.
"""
