"""The map and the table of one topic, county by county."""

from flask import Response, abort, current_app, request

from catalog import clock, web
from catalog.reports import drawing, masking
from catalog.reports.counties import map as maps
from catalog.reports.demand import reading
from catalog.reports.demand.found import find
from catalog.reports.demand.tables import topic_by_county
from catalog.reports.forms import AskForm, address
from catalog.reports.frame import TOTAL, Asked
from catalog.reports.questions.demand import QUESTION
from catalog.reports.saying import say
from catalog.reports.views.blueprint import pages


@pages.get("/reports/demand/map")
@web.needs("is_coordinator")
@web.may_lag(signed_in=True)
def topic_map() -> Response:
    asked = _asked()
    topics = reading.topics()
    code = request.args.get("topic") or (topics[0].code if topics else "")
    topic = next((one for one in topics if one.code == code), None) or abort(404)
    found = find(asked)
    table = topic_by_county(asked, found, topic) if found else None
    shown = masking.mask(table) if table and asked.masked else table
    state = current_app.config["CATALOG"].state
    return web.render(
        "reports/topic_map.html",
        question=QUESTION,
        asked=asked,
        topic=topic,
        table=shown,
        drawn=maps.drawn(state, shown, "short", asked.counties) if shown else None,
        as_of=found.run.at if found else None,
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
