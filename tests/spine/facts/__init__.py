"""Tests of `spine.facts`."""
