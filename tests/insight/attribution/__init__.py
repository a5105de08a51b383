"""The shelf `attribution`."""
