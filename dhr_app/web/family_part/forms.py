"""The forms about a family member taking part: their choice, a step, a comment on the draft, a day to avoid."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm

from dhr_app.casework.family_comments import CommentEntry
from dhr_app.casework.family_part import DayEntry, PartEntry
from dhr_app.casework.family_steps import StepEntry
from dhr_app.casework.promises import NewsEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import line, long_text, one_of
from dhr_app.workflows.family_steps import answers_to
from dhr_app.workflows.promises import NEWS_WISHES
from dhr_app.workflows.record_wording import FAMILY_ANSWERS, TAKES_PART
from dhr_app.workflows.wording import CHANNELS

EVERY_YEAR = {"every_year": "Every year", "once": "Only this once"}
WORDS_OF_A_DAY = "For example, 27 3 2026."

# What a step means for them, above its form.
MEANING = {
    "advocate": "A specialist advocate stands beside a family through the whole review. If they are not ready now, "
    "offer it again later.",
    "leaflet": "The Home Office has a leaflet for families, one for friends, and one for employers and colleagues.",
    "terms": "They may say what the review should ask about, in whatever way suits them.",
    "meeting": "They may meet the panel, with their advocate beside them if they wish.",
    "update": "How the review is going, in the way and at the times they chose.",
    "reading": "They read the draft in private and with plenty of time. Writing down the offer sets a date to plan "
    "with; it hurries nobody.",
    "changes": "What was changed after the Home Office letter, as far as it touches them.",
    "publication_date": "The family knows the day five working days before agencies and press. If the day changes, "
    "they are told again, and it is written down here again.",
    "copy": "Their own copy of the report, given in the way they chose.",
    "withholding": "Why the report will not be published, and what they think of it.",
    "what_changed": "What agencies have done since. Somebody may ask not to be told.",
}


class PartForm(Versioned):
    """Whether they take part, and who speaks with them or for them."""

    takes_part = one_of(
        "Do they take part?", TAKES_PART, hint="It is their own choice, and they may change their mind at any time."
    )
    advocate = line(
        "Who is their advocate?", autocomplete="off",
        hint="Name, organisation, and how to reach them. Leave it empty if they have none.",
    )  # fmt: skip

    @property
    def entry(self) -> PartEntry:
        """What was typed."""
        return PartEntry(self.takes_part.data or "", self.advocate.data or "")


class NewsForm(Versioned):
    """How often they wish to hear of the review, and a day that was agreed with them."""

    wish = one_of(
        "How often do they wish to hear how the review is going?", NEWS_WISHES,
        hint="Ask them. It is theirs to choose, and to change.",
    )  # fmt: skip
    by = DayField(
        "If another day was agreed with them: by which day?", called="The day",
        hint="Leave it empty, and the day counts from when somebody was last in touch.",
    )  # fmt: skip

    @property
    def entry(self) -> NewsEntry:
        """What was typed."""
        return NewsEntry(self.wish.data or "", self.by.data)


class StepForm(Versioned):
    """Something that was offered, given or told; the answers are those that this kind of step can have."""

    done_on = DayField("On which day?", hint=WORDS_OF_A_DAY, called="The day")
    channel = one_of("How?", CHANNELS)
    about_on = DayField(
        "Which day of publication were they told?", hint=WORDS_OF_A_DAY, called="The day of publication"
    )
    answer = one_of("What did they answer?", {})
    answered_on = DayField(
        "If they answered, or the time to answer ran out: on which day?", called="The day of the answer",
        hint="Leave it empty while no answer has come or none is needed.",
    )  # fmt: skip
    note = long_text("Note", hint="What was said, and where a letter is kept. This is sealed.", rows=4)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = {code: FAMILY_ANSWERS[code] for code in answers_to(kind)}
        if kind == "withholding":
            self.note.label.text = "What is their view?"
            self.note.description = "As far as you can in their own words. This is sealed."
        if kind != "publication_date":
            del self.about_on

    @property
    def entry(self) -> StepEntry:
        """What was typed."""
        return StepEntry(
            done_on=self.done_on.data,
            channel=self.channel.data or "",
            about_on=self.about_on.data if "about_on" in self else None,
            answer=self.answer.data or "",
            answered_on=self.answered_on.data,
            note=self.note.data or "",
        )


class CommentForm(Versioned):
    """What they said of the draft, and how they were answered."""

    made_on = DayField("On which day did they say it?", hint=WORDS_OF_A_DAY, called="The day of the comment")
    said = long_text("What did they say?", hint="As far as you can in their own words. This is sealed.")
    answer = long_text(
        "How were they answered?",
        hint="What was changed, or why not, and how they were told. Leave it empty until they have been answered.",
    )
    answered_on = DayField(
        "If they were answered: on which day?", hint="Leave it empty until they have been answered.",
        called="The day of the answer",
    )  # fmt: skip

    @property
    def entry(self) -> CommentEntry:
        """What was typed."""
        return CommentEntry(self.made_on.data, self.said.data or "", self.answer.data or "", self.answered_on.data)


class DayForm(FlaskForm):
    """A day on which nothing of the review may reach them."""

    day = DayField(
        "Which day?", called="The day",
        hint="For a day that comes every year any year will do. The day itself is sealed.",
    )  # fmt: skip
    every_year = one_of("How often?", EVERY_YEAR, missing="Say whether the day comes every year.")
    why = line("Why, if they wish it to be known?", hint="For example, a birthday, or a day in court.",
               autocomplete="off")  # fmt: skip

    @property
    def entry(self) -> DayEntry:
        """What was typed."""
        return DayEntry(self.day.data, self.every_year.data != "once", self.why.data or "")
