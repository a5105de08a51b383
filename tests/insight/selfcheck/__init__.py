"""The shelf `selfcheck`."""
