"""The rules of the wire."""
