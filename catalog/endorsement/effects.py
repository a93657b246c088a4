"""Tells the floor of the rules who is affected when one of them changes, and reckons them anew afterwards."""

from catalog.competencies import effects
from catalog.endorsement import queries
from catalog.endorsement.services import recount

effects.register(effects.Above(queries.standings_within, recount.ask, queries.running))
