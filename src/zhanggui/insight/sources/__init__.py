"""Where imported facts came from: which files, how far each is, what was left out and why.

Owns     insight_sources_import, insight_sources_bucket, insight_sources_known
Tells    insight.orders_imported, once per file that brought something new
Refuses  ImportMoved, NoSuchImport
Mind     a chunk of a file is in the lake exactly if the cursor has passed it: both move in one transaction
"""
