"""Tests of `spine.relay`."""
