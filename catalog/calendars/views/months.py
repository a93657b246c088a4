"""The state's sessions on one page a month."""

from datetime import date
from itertools import groupby

import sqlalchemy as sa
from flask import Response, current_app, request
from flask_login import current_user

from catalog import clock, web
from catalog.calendars import months as asking
from catalog.calendars.queries.months import InMonth, month
from catalog.calendars.views.blueprint import pages
from catalog.courses.queries import coordinated_by
from catalog.courses.wording import FORMATS
from catalog.places import counties


@pages.get("/months")
def months() -> Response:
    today = clock.today(current_app.config["CATALOG"].site_zone)
    asked = asking.read(request.args, today)
    # Whoever coordinates a part sees that part first, as on the other pages of the desk.
    has_part = current_user.coordinates_some and not current_user.is_coordinator
    of = coordinated_by(current_user) if has_part and not asked.whole else sa.true()
    by_day: dict[date, list[InMonth]] = {
        day: list(found) for day, found in groupby(month(asked, of), lambda one: one.starts_wall.date())
    }
    page = web.render(
        "calendars/months.html",
        asked=asked,
        has_part=has_part,
        by_day=by_day,
        before=asking.before(asked.month),
        after=asking.following(asked.month),
        today=today,
        counties=counties(),
        formats={form: FORMATS[form] for form in asking.MET},
    )
    return web.may_be_shared(page)
