"""The lake: every fact and sighting of every shop, kept for good as columns, and the daily tables made from them.

Owns     home()/lake: immutable Parquet files, `<shop>/day=.../` of events and `<shop>/rollup=<name>/` of daily tables.
         insight_lake_segment, insight_lake_rollup: which files are live; the database is the truth, a folder is not.
         insight_lake_batch: deliveries that stand. insight_lake_day: which days changed since they were last rolled.
Hears    every fact, through the reader in `handlers`.
Refuses  BatchKnown, OutsideTransaction, NoSuchEvent, CausesCircle.
Mind     files are written first and added to the manifest last, in one transaction: what a kill leaves behind is a file
         that nobody reads, and `sweep` takes it away. An event's day is computed once, on the way in.
"""
