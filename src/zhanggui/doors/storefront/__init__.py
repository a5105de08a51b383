"""The shop's pages: shelves, goods, cart, one-page checkout, orders; all of them work without a script.

Knows   who walks here (`visit`): visitor, session and page view, as `request.visit`.
Tells   nothing of its own: pages call the actions of the shop, with the page view as the cause.
"""
