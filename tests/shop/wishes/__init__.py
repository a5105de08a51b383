"""The room of wish lists."""
