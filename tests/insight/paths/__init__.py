"""The shelf `paths`."""
