"""Dates and figures stay as the hospital writes them, whatever the language of the words around them."""

from tantam.ui.formats.vi.formats import *  # noqa: F403
