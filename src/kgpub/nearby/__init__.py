"""What lies around a thing: dates, places, neighbours; bounded in every direction."""
