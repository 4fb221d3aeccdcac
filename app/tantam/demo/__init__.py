"""The demonstration hospital: invented people, lifelike and the same at every start, for `./tantam demo`.

No room and no face: it owns no tables and no pages, only the commands `demo_data`, `demo_logins` and
`demo_code`. It fills the tables of the rooms by COPY, in one transaction, and only where `TANTAM_DEMO=1`.
Nobody in it exists; names, numbers and addresses are drawn by chance from a fixed seed.
"""
