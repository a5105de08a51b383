"""The database under the house: DATABASE_URL if it is set, else our own PostgreSQL server.

Owns     the data folder, its socket, its lock and the life of the server on it
Refuses  a server older than 15, a data folder of another version or another owner, a second start on the same home

Only `zhanggui run` (and a test session) starts a server; web and job processes ask `place.database_url` and connect.
No Django here: the server must stand before Django can be asked anything.
"""
