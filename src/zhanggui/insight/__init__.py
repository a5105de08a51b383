"""Knowing: reads only the spine and the lake, so that everyone above may ask it."""
