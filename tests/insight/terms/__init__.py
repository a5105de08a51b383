"""The shelf `terms`."""
