"""Tests of `base.outbox`."""
