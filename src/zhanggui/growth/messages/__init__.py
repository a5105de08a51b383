"""Messages to people, each step once to a person: planned, asked again, sent or refused with the reason.

Owns     growth_messages_step, growth_messages_message, growth_messages_terms.
Ports    `ports.links`, the addresses that stand in a letter; filled by config/wiring.py.
Hears    that a consent was withdrawn, and takes back what is on its way.
Tells    growth.message_sent, growth.message_clicked, growth.message_refused.
Refuses  what `errors` lists.
Mind     one step goes to one person once, whatever is killed: the row and the letter change in one transaction, and the
         outbox hands a letter over at most once. A process that dies while it hands a letter to its carrier leaves that
         letter `leaving`, for all to see, and it is not sent again: rather none than two.
         Whoever erases a person takes it out of these tables through `actions.erase`.
"""
