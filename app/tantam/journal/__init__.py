"""What was done, by whom, to whose record: the audit, the timeline's spine and the outbox, in one table.

An act (`@operation`) changes rows, records at least one entry and defers its reactions in one transaction.
"""
