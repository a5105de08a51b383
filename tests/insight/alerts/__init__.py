"""The shelf `alerts`."""
