"""Telling other programs what has happened: each chosen fact is sent to each endpoint that asked for it, until heard.

Owns     spine_webhooks_endpoint, spine_webhooks_delivery.
Hears    every fact, through a reader of the log.
Refuses  EndpointNotAllowed, NoSuchEndpoint, NoSuchDelivery, AddressNotAllowed.

A secret is not kept: it follows from the key of the installation and the endpoint's id and turn.
"""
