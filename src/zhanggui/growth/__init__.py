"""Bringing people, and bringing them back: promotions, membership, and what grows out of them."""
