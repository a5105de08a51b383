"""The rules of the wire, pure: bytes, a shop and a moment in; sightings and refusals with reasons out.

    posted = wire.open_post(body, call=wire.CALLS["/v1/batch"])     # whose key, which events
    reading = events.read(posted, arrival=arrival)                  # rows for the lake, refusals for the console

`names` knows what events are called, `moments` when they happened, `columns` what is lifted out of them,
`visits` what a URL and a user agent tell, `privacy` what is left out of a body.
"""
