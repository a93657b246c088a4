"""A worker that sends what waits to one mail server and ends, and what became of the letter."""

import threading
from dataclasses import replace

import sqlalchemy as sa
from flask import Flask

from catalog.cli.work import handlers
from catalog.config import MailServer, Settings
from catalog.extensions import db
from catalog.notices import worker
from catalog.notices.models import Job


def run(app: Flask, settings: Settings, server: MailServer) -> None:
    db.session.rollback()
    worker.work(app, handlers(replace(settings, mail=server)), stop=threading.Event(), once=True)
    db.session.rollback()
    db.session.expire_all()


def the_job() -> Job:
    return db.session.scalars(sa.select(Job).where(Job.kind == "mail")).one()
