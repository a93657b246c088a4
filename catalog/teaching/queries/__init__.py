"""Reads: what needs a trainer, what those on a session are given and written, and who is written to."""
