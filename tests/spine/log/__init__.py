"""Tests of `spine.log`."""
