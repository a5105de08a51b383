"""Funnels: how many who began went on to the next step, how long it took, and who did not.

Owns     no table; everything is counted from the daily table of steps.
Refuses  FunnelUnfit.
Mind     people are told apart by 64 bits of their id, as that is half the work of comparing texts: among 10 million
         people the chance that any two are taken for one is 3 in a million.
"""
