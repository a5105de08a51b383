"""Tests of `growth.referrals`."""
