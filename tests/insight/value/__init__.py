"""The shelf `value`."""
