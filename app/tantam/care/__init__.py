"""Care between visits: rules plan contacts, agents make them, what patients say reaches the record and the doctor."""
