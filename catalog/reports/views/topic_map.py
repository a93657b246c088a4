"""The map and the table of one topic, county by county."""

from flask import Response, abort, current_app, request

from catalog import clock, web
from catalog.reports import drawing, masking
from catalog.reports.counties import map as maps
from catalog.reports.demand.found import find
from catalog.reports.demand.tables import topic_by_county
from catalog.reports.forms import AskForm, address
from catalog.reports.frame import TOTAL, Asked
from catalog.reports.questions.demand import QUESTION
from catalog.reports.saying import say
from catalog.reports.views.blueprint import pages


@pages.get("/reports/demand/map")
@web.needs("is_coordinator")
def topic_map() -> Response:
    asked = _asked()
    found = find(asked) or abort(404)
    code = request.args.get("topic", "")
    topic = next((one for one in found.topics if one.code == code), None) or abort(404)
    table = topic_by_county(asked, found, topic)
    shown = masking.mask(table) if asked.masked else table
    return web.render(
        "reports/topic_map.html",
        question=QUESTION,
        asked=asked,
        topic=topic,
        table=shown,
        drawn=maps.drawn(current_app.config["CATALOG"].state, shown, "short", asked.counties),
        as_of=found.run.at,
        address=address,
        drawing=drawing,
        say=say,
        total=TOTAL,
    )


def _asked() -> Asked:
    """The form stands on the report's own page; an address that cannot be read is refused."""
    settings = current_app.config["CATALOG"]
    form = AskForm(request.args)
    form.fill(settings.state)
    return form.asked(QUESTION, clock.today(settings.site_zone)) if form.validate() else abort(400)
