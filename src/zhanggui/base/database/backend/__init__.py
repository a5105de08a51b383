"""Django's way to PostgreSQL, with a health check of a kept connection that costs no round trip."""
