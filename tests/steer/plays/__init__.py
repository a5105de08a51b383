"""Tests of `steer.plays`."""
