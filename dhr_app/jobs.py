"""The clockwork: a table of what runs when, in a process of its own, of which one at a time works."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from dhr_app.adapters.clock import LONDON, SystemClock
from dhr_app.adapters.leader import LeaderLock, leader_lock
from dhr_app.casework import (
    checkpoint_mail,
    checkpoint_owed,
    delivery,
    disposal_notice,
    duplicate_epochs,
    emergency_ending,
    file_sweep,
    heartbeat,
    job_runs,
    lapsing,
    nightly,
    outbox,
    question_sweep,
    reminding,
    rotation,
    trail_proof,
    unfinished,
    unsent,
)
from dhr_app.casework.house import House, at_work

LOG = logging.getLogger(__name__)
LOOK_UP_SECONDS = 1.0
Work = Callable[[House, datetime], str]


@dataclass(frozen=True)
class Job:
    """One thing the clockwork does. `when` is London's minute, hour, day, month and weekday, as in a crontab."""

    name: str
    what: Work
    when: str
    sentence: str


def _prove_next_dates(house: House, at: datetime) -> str:
    mended = nightly.prove_next_dates(house, at=at)
    return f"{len(mended)} next dates were mended{': ' if mended else ''}{', '.join(mended)}"


def _sweep_orphan_keys(house: House, at: datetime) -> str:
    aside, removed = nightly.sweep_orphan_keys(house, at=at)
    return f"{aside} unused keys were set aside and {removed} removed"


def _destroy_old_keys(house: House, at: datetime) -> str:
    gone, still_used = rotation.destroy_retired(house, at=at)
    return f"{gone} retired keys were destroyed, {still_used} still seal something" if gone or still_used else ""


def _remind(house: House, at: datetime) -> str:
    return reminding.remind_this_morning(house, at=at)


def _deliver(house: House, at: datetime) -> str:
    if house.settings.mail_url:  # without a mail server nothing is about to be sent
        unsent.freshen(house, at=at)
    return outbox.deliver(house, at=at).sentence


def _ask_after_mail(house: House, at: datetime) -> str:
    return delivery.ask_after(house, at=at).sentence


def _make_checkpoint(house: House, at: datetime) -> str:
    return checkpoint_owed.make_good(house, at=at)


def _beat(house: House, at: datetime) -> str:
    heartbeat.beat(house, at=at)
    return ""


def _mail_checkpoint(house: House, at: datetime) -> str:
    return checkpoint_mail.tell_auditors(house, at=at)


def _prove_trail(house: House, at: datetime) -> str:
    broken = trail_proof.prove_trail(house, at=at)
    return f"the audit trail is broken in {len(broken)} places: {broken[0]}" if broken else "the audit trail holds"


def _tend_duplicates(house: House, at: datetime) -> str:
    return duplicate_epochs.tend(house, at=at)


def _give_notices(house: House, at: datetime) -> str:
    given = disposal_notice.give_notices(house, at=at)
    return f"notice of disposal was given of {len(given)} reviews: {', '.join(given)}" if given else ""


def _finish_disposals(house: House, at: datetime) -> str:
    finished, still = unfinished.finish_all(house, at=at)
    if not finished and not still:
        return ""
    return f"disposals broken off: finished {', '.join(finished) or 'none'}; not finished {', '.join(still) or 'none'}"


def _end_lapsed_seats(house: House, at: datetime) -> str:
    ended = lapsing.end_lapsed(house, at=at)
    return f"{ended} seats that had lapsed were ended" if ended else ""


def _end_emergencies(house: House, at: datetime) -> str:
    lapsed, ended = emergency_ending.write_down(house, at=at)
    return f"{lapsed} questions for emergency access lapsed, {ended} accesses were over" if lapsed or ended else ""


def _sweep_files(house: House, at: datetime) -> str:
    parts, strays, lacking = file_sweep.sweep_files(house, now=SystemClock().now())
    return f"{parts} parts and {strays} files that no row names were removed; {lacking} rows lack their file"


def _sweep_questions(house: House, at: datetime) -> str:
    challenges, questions = question_sweep.sweep_questions(house, at=at)
    if not challenges and not questions:
        return ""
    return f"{challenges} old challenges of passkeys and {questions} questions to organisations were removed"


def _sweep_tries(house: House, at: datetime) -> str:
    halves, tries = question_sweep.sweep_tries(house, at=at)
    return f"{halves} half sign-ins and {tries} old tries at a password were removed" if halves or tries else ""


# Each job must be safe to run at any time and twice: all of them also run once when the clockwork starts, which makes
# good what was missed while it stood still.
JOBS: tuple[Job, ...] = (
    Job("prove_next_dates",  _prove_next_dates,  "15 2 * * *", "Prove the next date of every review, and mend it"),
    Job("sweep_orphan_keys", _sweep_orphan_keys, "45 2 * * *", "Sweep keys that seal nothing"),
    Job("sweep_questions",   _sweep_questions,   "40 2 * * *", "Sweep what passkeys and organisations were asked"),
    Job("sweep_tries",       _sweep_tries,       "42 2 * * *", "Sweep half sign-ins and old tries at a password"),
    Job("tend_duplicates",   _tend_duplicates,   "0 3 * * *",  "Keep the check for duplicates in order"),
    Job("destroy_old_keys",  _destroy_old_keys,  "10 3 * * *", "Destroy the keys that were retired a month ago"),
    Job("give_notices",      _give_notices,      "30 2 * * *", "Give notice of records whose last day is over"),
    Job("finish_disposals",  _finish_disposals,  "50 2 * * *", "Finish disposals of records that were broken off"),
    Job("sweep_files",       _sweep_files,       "15 3 * * *", "Sweep files that no row names"),
    Job("end_lapsed_seats",  _end_lapsed_seats,  "5 0 * * *",  "End seats that lapsed after a publication"),
    Job("make_checkpoint",   _make_checkpoint,   "*/15 * * * *", "Make a checkpoint where the audit trail has grown"),
    Job("mail_checkpoint",   _mail_checkpoint,   "40 7 * * *", "Send the auditors the newest checkpoint"),
    Job("prove_trail",       _prove_trail,       "30 3 * * *", "Prove the audit trail, and every record by it"),
    Job("remind",            _remind,            "30 7 * * *", "Write the morning’s reminders"),
    Job("beat",              _beat,              "* * * * *",  "Show that the clockwork works"),
    Job("end_emergencies",   _end_emergencies,   "* * * * *",  "Write down which emergency access is over"),
    Job("deliver",           _deliver,           "* * * * *",  "Send the mail that waits"),
    Job("ask_after_mail",    _ask_after_mail,    "*/5 * * * *", "Ask GOV.UK Notify what became of its mail"),
)  # fmt: skip


def run(job: Job, house: House, over: Event | None = None) -> None:
    """Do one job in its house, now, and log what it said, if anything: counts and references, never a person.

    That it did something, or failed, is in the audit trail; a failure is raised again. Nothing is done once the
    clockwork is `over`: what was in the queue is for whoever works next.
    """
    if over is not None and over.is_set():
        return
    with at_work(house):
        at = house.clock.now()
        try:
            said = job.what(house, at)
        except Exception as failure:
            job_runs.failed(house, job.name, failure, at=at)
            raise
        if said:
            job_runs.done(house, job.name, at=at)
    if said:
        LOG.info("%s: %s", job.name, said)


def wind_up(house: House, over: Event) -> BackgroundScheduler:
    """The scheduler with every job in it, not yet started. Jobs live in the code alone, never in a database."""
    scheduler = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        timezone=LONDON,
    )
    for job in JOBS:
        scheduler.add_job(
            run,
            CronTrigger.from_crontab(job.when, timezone=LONDON),
            args=(job, house, over),
            id=job.name,
            name=job.sentence,
            replace_existing=True,
            next_run_time=SystemClock().now(),
        )
    return scheduler


def keep_time(house: House, *, beside: int | None = None) -> None:
    """Run the jobs until SIGTERM or SIGINT; a job under way is finished first, and none begun.

    While another clockwork works this one waits for it, and takes over once that one is gone: in the same instance
    folder with SQLite, at the same server with PostgreSQL. With `beside`, the process id of whoever started it, it also
    ends when that process does.
    """
    stopping = _Stopping(beside)
    lock = leader_lock(house.settings.database_url, house.settings.instance)
    while _taken(lock, stopping):
        over = Event()
        scheduler = wind_up(house, over)
        scheduler.start()
        LOG.info("the clockwork runs %d jobs", len(JOBS))
        while lock.held() and not stopping.now():
            time.sleep(LOOK_UP_SECONDS)
        if not stopping.now():
            LOG.warning("the clockwork has lost its lock: it finishes its job, and waits until the lock is to be had")
        over.set()
        scheduler.shutdown(wait=True)
        lock.leave()
    LOG.info("the clockwork has stopped")


class _Stopping:
    """Whether it is time to stop: looked up every second, so that a signal has nothing to do but leave a mark."""

    def __init__(self, beside: int | None) -> None:
        self._asked = False
        self._beside = beside
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, self._ask)

    def now(self) -> bool:
        """Whether somebody asked, or whoever started this process has gone."""
        return self._asked or (self._beside is not None and os.getppid() != self._beside)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True


def _taken(lock: LeaderLock, stopping: _Stopping) -> bool:
    """Whether the lock is ours, waited for; False once it is time to stop."""
    waited = False
    while not stopping.now():
        if lock.take():
            return True
        if not waited:
            LOG.info("another clockwork is at work, or the database cannot be reached: waiting")
        waited = True
        time.sleep(LOOK_UP_SECONDS)
    return False
