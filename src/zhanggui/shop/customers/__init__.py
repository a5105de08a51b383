"""Who buys. Names, phone numbers, mail and street addresses stand here and nowhere else.

Owns     shop_customers_customer, shop_customers_address, shop_customers_kept, shop_customers_consent,
         shop_customers_note.
Tells    CustomerRegistered, CustomerSignedIn, CustomerJoined, ConsentGiven, ConsentWithdrawn, CustomerUnmasked,
         CustomerNoted, AccountClosed.
Refuses  ContactIncomplete, AddressIncomplete, NoSuchAddress, NoSuchEntry, BookFull, NoSuchCustomer, NoSuchText,
         WordsNotAllowed, AccountNeeded.
Ports    `ports.holders`, who else holds what is a customer's; filled by config/wiring.py.
Mind     a guest is a customer too, known by the browser; who proves the same number or address later is the same one.
"""
