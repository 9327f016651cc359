"""What translated programs call, as Python functions: each is shipped with the programs that use it.

They run in the sandbox, whose Python has no `del`, no inheritance and no functions given to `re.sub`. A value
that JavaScript calls undefined is None; a Set is a list of different values, a Map a dict, a Date a datetime,
a regular expression a dict of `re`, `g` (all of them) and `at` (where the next search begins).
"""
