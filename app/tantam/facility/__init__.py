"""The organisation and its places: sites, departments, rooms, opening hours, public holidays, time zone."""
