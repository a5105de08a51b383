"""Messages on their way out: one by mail, one by text message, each handed to whoever is plugged in to send it.

Owns     base_outbox_letter, base_outbox_enclosure.
Ports    `ports.senders`, one per channel; filled by config/wiring.py.
Tells    nothing: what a message was about is told where it was decided.
Refuses  NoSender.
Mind     words are kept only until they are sent, unless this is no real shop (`settings.OUTBOX_SHOWS_WORDS`).
"""
