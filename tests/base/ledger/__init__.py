"""Tests of `base.ledger`."""
