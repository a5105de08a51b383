"""Which goods, categories and regions bring the money, and which goods are looked at and never bought.

Owns  no table; everything is counted from the daily tables of SKUs, views, orders and postage.
Mind  money of goods is what was paid for them, without postage; refunds are not taken off.
"""
