"""Tests of doors/sandbox."""
