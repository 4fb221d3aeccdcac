"""Pure helpers every room leans on: names, phones, identity, dates, money, crypto, fields, text.

Nothing here imports anything of ours, touches the database or knows what a patient is.
"""
