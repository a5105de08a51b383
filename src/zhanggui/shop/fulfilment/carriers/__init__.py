"""Adapters of carriers; `config/wiring.py` plugs them in."""
