"""How families take part in the demo: their choice, what they were offered and told, what they said, days to avoid."""

from __future__ import annotations

from datetime import date, datetime

from dhr_app.casework import family_comments, family_part, family_part_page, family_steps, promises
from dhr_app.casework.demo.playing import Playing, Step
from dhr_app.casework.family_comments import CommentEntry
from dhr_app.casework.family_part import DayEntry, PartEntry
from dhr_app.casework.family_steps import StepEntry
from dhr_app.casework.promises import NewsEntry
from dhr_app.workflows.family_steps import answers_to
from dhr_app.workflows.roles import Role

CHAIR = Role.INDEPENDENT_CHAIR


def takes_part(day: int, how: str = "yes", advocate: str = "", *, number: int = 1, by: Role = CHAIR) -> Step:
    """A family member says whether they take part; their advocate is written down."""

    def do(case: Playing, at: datetime) -> None:
        member, person = case.family[number - 1], case.person(by)
        version = family_part_page.open_part_form(case.reference, member, by=person, at=at).version
        family_part.record_part(case.reference, member, PartEntry(how, advocate), version, by=person, at=at)

    return Step(day, do, sealed=(advocate,))


def offered(
    day: int,
    kind: str,
    answer: str = "",
    *,
    channel: str = "letter",
    about: int | None = None,
    note: str = "",
    number: int = 1,
    by: Role = CHAIR,
) -> Step:
    """A family member is offered, given or told something; an answer, if there is one, came on the same day."""

    def do(case: Playing, at: datetime) -> None:
        on, said = case.days.working(day), answer or answers_to(kind)[0]
        answered_on = None if said in ("awaited", "not_needed") else on
        about_on = None if about is None else case.days.working(about)
        entry = StepEntry(on, channel, about_on, said, answered_on, note)
        family_steps.add_step(case.reference, case.family[number - 1], kind, entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(note,))


def hears(day: int, wish: str, *, number: int = 1, by: Role = Role.COORDINATOR) -> Step:
    """A family member says how often they wish to hear how the review is going."""

    def do(case: Playing, at: datetime) -> None:
        member, person = case.family[number - 1], case.person(by)
        version = promises.open_news(case.reference, member, by=person, at=at).version
        promises.settle_news(case.reference, member, NewsEntry(wish), version, by=person, at=at)

    return Step(day, do)


def commented(day: int, said: str, answer: str = "", *, number: int = 1, by: Role = CHAIR) -> Step:
    """A family member says something of the draft, and is answered on the same day, or not yet."""

    def do(case: Playing, at: datetime) -> None:
        on = case.days.working(day)
        entry = CommentEntry(on, said, answer, on if answer else None)
        family_comments.add_comment(case.reference, case.family[number - 1], entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(said, answer))


def avoided(day: int, on: str, why: str, *, number: int = 1, by: Role = Role.COORDINATOR) -> Step:
    """A family member names a day of every year on which nothing may reach them: 1987-02-11."""

    def do(case: Playing, at: datetime) -> None:
        entry = DayEntry(date.fromisoformat(on), every_year=True, why=why)
        family_part.add_date_to_avoid(case.reference, case.family[number - 1], entry, by=case.person(by), at=at)

    return Step(day, do, sealed=(on, why))


def offered_a_part(day: int, folder: str) -> tuple[Step, ...]:
    """The first family member takes part, and before the report begins is offered everything that belongs to it."""
    return (
        takes_part(day - 58, advocate=f"Advocacy After Fatal Domestic Abuse (AAFDA), card in folder {folder}"),
        offered(day - 58, "advocate", "accepted", channel="in_person"),
        offered(day - 57, "leaflet"),
        offered(day - 35, "terms", "accepted", channel="advocate", note=f"Two questions of theirs, folder {folder}"),
        offered(day - 3, "meeting", "declined", channel="advocate", note=f"Would rather write, folder {folder}"),
    )


def read_the_draft(day: int, folder: str, *, round_: int = 1) -> tuple[Step, ...]:
    """The first family member reads the draft in private, says something of it, and is answered."""
    return (
        offered(day - 14, "reading", "accepted", channel="in_person", note=f"Reading room {round_}, folder {folder}"),
        commented(
            day - 12,
            f"Comment {round_} on page nine, kept in folder {folder}",
            f"Changed as asked in round {round_}, folder {folder}",
        ),
    )


def told_of_publication(day: int, folder: str) -> tuple[Step, ...]:
    """The first family member knows the day before anybody else, and has a copy."""
    return (
        offered(day - 14, "publication_date", channel="in_person", about=day, note=f"Told at home, folder {folder}"),
        offered(day - 14, "copy", channel="in_person"),
    )
