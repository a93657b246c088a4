"""The roof: the only file that knows every feature."""

import os
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import catalog.accounts.views
import catalog.attendance.views
import catalog.browse.views
import catalog.calendars.views
import catalog.certificates.views
import catalog.checkin.views
import catalog.competencies.views
import catalog.coordinating.views
import catalog.courses.views
import catalog.disputes.views
import catalog.endorsement.views
import catalog.enrollment.views
import catalog.evaluation.views
import catalog.factors.views
import catalog.following.views
import catalog.groups.views
import catalog.notices.views
import catalog.organisation.views
import catalog.privacy.views
import catalog.records.views
import catalog.reports.views
import catalog.teaching.views
import catalog.video.views
import catalog.watching.views
from catalog import cli, logs, replica, web
from catalog.config import Settings, read
from catalog.extensions import csrf, db, migrate, prepare

ROOT = Path(__file__).parent.parent

FEATURES = (
    catalog.accounts.views,
    catalog.notices.views,
    catalog.factors.views,
    catalog.organisation.views,
    catalog.competencies.views,
    catalog.courses.views,
    catalog.enrollment.views,
    catalog.calendars.views,
    catalog.browse.views,
    catalog.following.views,
    catalog.attendance.views,
    catalog.checkin.views,
    catalog.video.views,
    catalog.disputes.views,
    catalog.evaluation.views,
    catalog.certificates.views,
    catalog.records.views,
    catalog.groups.views,
    catalog.endorsement.views,
    catalog.teaching.views,
    catalog.coordinating.views,
    catalog.reports.views,
    catalog.watching.views,
    catalog.privacy.views,
)


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """The application. Settings come from the environment unless given; overrides are Flask configuration.

    Raises catalog.config.ConfigError with one sentence when a setting cannot be read or is not safe."""
    app = Flask(
        __name__,
        root_path=str(ROOT),
        template_folder="templates",
        static_folder="static",
        instance_path=os.environ.get("INSTANCE") or str(ROOT / "instance"),
    )
    settings = settings or read(os.environ, Path(app.instance_path))
    app.config.from_mapping(settings.flask_config(), **overrides)
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    logs.set_up(settings)

    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)

    replica.init_app(app, settings)
    web.init_app(app, settings)
    for feature in FEATURES:
        app.register_blueprint(feature.pages)
    app.cli.add_command(cli.catalog)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    return app
