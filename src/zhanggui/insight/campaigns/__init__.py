"""What promotions, flash sales and presales cost and brought: what passed through them, and what came on top.

Owns     nothing; what orders took is read from the daily table `offers`, names, days and goods are asked of a port.
Refuses  NoSuchOffer.
Mind     touched and added are never mixed. Touched is the money of the orders that used an offer, whether or not they
         would have come anyway. Added is what its goods sold beyond what the weeks before let expect: no experiment,
         so the weaker evidence, and always with its interval. Offers that overlap share what was added; it cannot be
         summed over them.
"""
