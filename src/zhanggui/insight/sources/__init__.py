"""Where imported facts came from: which files or events, how far each file is, what was left out and why.

Owns     insight_sources_import, insight_sources_bucket, insight_sources_known
Tells    insight.orders_imported, once per file that brought something new
Refuses  ImportMoved, NoSuchImport
Mind     a chunk of a file is in the lake exactly if the cursor has passed it: both move in one transaction. An order
         that a foreign shop's sighting tells of is promoted under the key its file would have, so that it counts once.
"""
