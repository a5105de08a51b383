"""The demonstration shop: its goods, their pictures and reviews, and a year of people who walked through it.

Owns     nothing in the database; the catalogue, the stock and the lake keep what it makes.
Tells    through the actions it calls, and through the simulated facts it puts into the lake.
Refuses  shop codes that already hold somebody's real catalogue.
"""
