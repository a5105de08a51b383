"""Sightings: what visitors did on a page or in an app, as the clients of the field report it.

Owns     the rules of the wire: which shapes are read, what each event is called, when it happened, which id it keeps.
         No table: the ingest door writes sightings to the lake.
Refuses  an event at a time, with a reason in words; a whole request only if it is not JSON or too large.
Mind     sightings are taken on trust and never used for money, but for the orders of a shop that we do not run; none
         may carry the name of a fact.
"""
