"""Starting, testing and examining an installation: what `./tantam` runs.

No room of the product: it owns no tables, imports no room and no Django, and no room imports it. It prepares
(keys, database, browser parts, static files) and then supervises the processes of the product.
"""
