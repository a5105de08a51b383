"""Programs that send through the clients of the field, as a shop would."""
