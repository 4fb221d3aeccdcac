"""The people who work here: members, what each may do at which site, how they sign in, and the door.

Practitioners are the doctors and nurses the records speak of; most are members too, some are only known
from the hospital's own database.
"""
