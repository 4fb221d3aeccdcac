"""How every page looks: frames, components, template tags, style sheets, small scripts, icons and the menu registry.

This room owns no tables. Rooms above register what shall appear in the frame (`tantam.ui.menu`,
`tantam.ui.sources`); nothing here knows them.
"""
