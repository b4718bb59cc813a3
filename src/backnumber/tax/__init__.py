"""Which tax is in a price: rates by country, kind and date, and the numbers of businesses that account for it themselves."""
