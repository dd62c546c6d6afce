"""What the application lives on: PostgreSQL, or memory alone.

A file for each feature says which adapters of each store it has; `postgres.py` and `memory.py` make the stores of them.
What has a technology of its own, as passwords have, is chosen apart.
"""
