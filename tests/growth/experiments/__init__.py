"""Tests of `growth.experiments`."""
