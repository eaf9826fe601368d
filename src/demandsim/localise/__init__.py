"""From the returns a council has, and the tables the Department publishes, to a scenario of one authority.

What a return's columns and codes are called and what they mean stands in `rules`, in files that need no Python. Nothing
of a child leaves this package: no id, no date, no row, in no file, message or error.
"""
