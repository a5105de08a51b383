"""Retention: of those who began in a day, week or month, how many came back after how long, and what they paid.

Owns     no table; everything is counted from the daily tables of visits, orders and steps.
Refuses  RetentionUnfit.
Mind     a share is only ever of cohorts that are old enough for it: the others' cells are marked and left out of sums.
"""
