"""The architecture, as tests: floors, drawers, what may meet and what may not."""
