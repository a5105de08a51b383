"""Tests of tests/journeys."""
