"""Tests of `growth.teams`."""
