"""The plan: the exact best set of open sessions for what somebody is missing. Pure: no database, no clock.

`problem` says what is asked and what is allowed, `bars` why a session cannot be planned at all, `solve` finds the
best set, `explain` says of each session why it is in it, `reasons` of each need why it stays open."""
