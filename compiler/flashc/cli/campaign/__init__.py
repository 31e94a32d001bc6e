"""Fault campaigns: a night is played again and again, each time with a fault at another place.

`points` finds the places of an undisturbed night, `kinds` says what can go wrong at each, `inject` makes it
happen (`at_statement`, `at_request` and `at_boot` have what each kind does, `scene` what they need), `night`
plays one night with its recovery and the night after it, `forked` plays what nights share once and forks them
off it, side by side, from one deployed world, `campaign` chooses, sums up and shrinks.
"""
