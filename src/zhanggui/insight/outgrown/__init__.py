"""What a shop uses that has outgrown one machine: closed days as Delta tables, and other engines over the same files.

owns     the folder `published` of the installation: a Delta table for the events and for each daily table of a shop
tells    nothing
hears    nothing; the clock publishes every night if `ZHANGGUI_LAKE_PUBLISHED` says so
refuses  AnotherDisk, EngineUnknown

All of it needs the extra `outgrown` (Delta, ClickHouse's engine, Spark) and is loaded only where it is asked for.
"""
