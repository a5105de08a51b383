"""A year of a shop, simulated: people, visits, orders and all that follows, as rows of the lake.

plan      what to simulate
seasons   how busy a day is
people    who comes, from where, by which way
visits    when they come and how far they get
baskets   what they buy, what becomes of it
sights    the sightings of a month, facts: its facts
world     all of it, month by month

Everything is pure: the same plan and the same random generator make the same bytes. Numbers are NumPy columns; text is
Arrow's, joined a column at a time.
"""
