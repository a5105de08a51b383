"""Tests of `spine.webhooks`."""
