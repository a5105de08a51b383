"""The door for sightings: it takes events from pages, apps and servers in the field's wire formats.

Owns     doors_ingest_source: who may send for which shop, by write key.
         doors_ingest_refusal: events that were not kept, with the reason, counted.
Refuses  NotJson, TooLarge, KeyUnknown, TooOften and the like; an answer of 200 means that every event of the request is
         durable in the lake or stands among the refusals.
Mind     an event is told once however often it is sent: within a process by its id at once, in the lake for good, where
         twins of one day are read as one. The network address is counted, never kept.
"""
