"""How far it is that everybody is reckoned anew after a rule changed."""

from flask import Response, abort

from catalog import web
from catalog.endorsement import queries
from catalog.endorsement.views.blueprint import pages


@pages.get("/framework/recounts/<int:recount_id>")
@web.needs("is_coordinator")
def recount(recount_id: int) -> Response:
    found = queries.recount(recount_id) or abort(404)
    return web.render("endorsement/recount.html", "endorsement/_recount.html", recount=found)
