"""The shelf `goods`."""
