"""The shelf `retention`."""
