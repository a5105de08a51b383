"""A payment provider and a carrier of text messages to try the shop with, as a process of their own with own books.

Speaks   Stripe, Alipay and WeChat Pay, version 3, and Tencent Cloud SMS as their SDKs speak them, and a plain protocol
         of our own.
Owns     the folder `sandbox` in the home folder: keys, and the books in SQLite. Nothing in the shop's database.
Knows    nothing of the shop but what its server asks and the address it listens at.
Goes     wrong on demand: late, twice, forged, never; chosen on the page or through /control.
"""
