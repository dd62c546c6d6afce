"""Who may do what: three tables, run against the real application (`test_who_may`) and rendered into the docs.

A cell is the status that this kind of caller gets. 401: nobody known. 404: not for them to know of. 403: they may know,
and not do it. Anything else: allowed, and answered so.
"""
