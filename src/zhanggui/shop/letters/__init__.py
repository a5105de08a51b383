"""Letters about an order: what its shopper is told of it without asking, each once.

Owns     shop_letters_due, shop_letters_terms, shop_letters_language.
Ports    `ports.pages`, where a letter leads, and `ports.looks`, how it looks; filled by config/wiring.py.
Hears    that an order was paid or given up, a parcel left or arrived, a return was accepted, money went back.
Tells    nothing: what a letter is about is a fact already.
Refuses  nothing; who cannot be reached gets no letter, and the row says why.
Mind     a letter of service needs no consent to advertising, is counted by no cap and can be sent at night: it is about
         a contract of the reader's own. What was told more than a day ago, and what another shop sold, is written about
         to nobody. The row is keyed by the fact and changes together with the outbox: one letter a fact, whatever dies.
         Whoever erases a person finds no name, number or address here.
"""
