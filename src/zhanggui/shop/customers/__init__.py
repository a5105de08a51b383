"""Who buys. Names, phone numbers, mail and street addresses stand here and nowhere else.

Owns     shop_customers_customer, shop_customers_address.
Tells    CustomerRegistered.
Refuses  ContactIncomplete, AddressIncomplete, NoSuchAddress.
"""
