"""Work in the background, done here and now."""

from datetime import datetime

from flask import Flask

from pme.jobs import registry
from pme.jobs.registry import DUTIES, Round
from pme.jobs.worker import Worker
from pme.scope import EVERYWHERE


def run_jobs(app: Flask, *, raises: bool = True) -> int:
    """Do every job that is due by the application's clock; tells how many. What breaks down is raised."""
    at = app.extensions["pme_clock"]
    worker = Worker(app.extensions["pme_database"], app.extensions["pme_settings"], at, raises=raises)
    jobs = 0
    while worker.work_on_a_job():
        jobs += 1
    return jobs


def run_duty(app: Flask, name: str, *, at: datetime | None = None) -> None:
    """Do one of the duties that come due by themselves, whether it is due or not."""
    registry.load()
    clock = app.extensions["pme_clock"]
    given = Round(
        app.extensions["pme_database"].seeing(EVERYWHERE),
        app.extensions["pme_settings"],
        (lambda: at) if at else clock,
    )
    DUTIES[name].act(given)
