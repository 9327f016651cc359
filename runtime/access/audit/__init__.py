"""Who did what here: a chain of records that is only added to, in the database of the messages.

An action is written down before it begins, which fails where that cannot be kept, and again with how it
ended: nothing is changed that leaves no trace, and whoever is killed in between leaves what was begun.
"""
