"""The form on which other kinds of review were considered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dhr_app.casework.other_reviews import OtherReviewsEntry
from dhr_app.web.choosing import Versioned
from dhr_app.web.date_fields import DayField
from dhr_app.web.fields import from_list, one_of, some_of
from dhr_app.workflows.wording import PARALLEL_REVIEWS, TEMPLATES


class OtherReviewsForm(Versioned):
    """Which kinds run beside this review, perhaps none; who leads; whose report it will be."""

    considered_on = DayField(
        "On which day was this considered?",
        hint="For example, 27 3 2026.",
        called="The day on which this was considered",
    )
    kinds = some_of("Which other reviews or investigations run beside this one?", PARALLEL_REVIEWS,
                    hint="Tick none if there is none: that is an answer too.")  # fmt: skip
    lead_body_id = from_list("Which body leads?", {})
    template = one_of("Whose report will it be?", TEMPLATES)

    def __init__(self, *args: Any, agencies: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead_body_id.choices = {"": "Choose one", **agencies}

    @property
    def entry(self) -> OtherReviewsEntry:
        """What was typed."""
        return OtherReviewsEntry(
            considered_on=self.considered_on.data,
            kinds=tuple(self.kinds.data or ()),
            lead_body_id=UUID(self.lead_body_id.data) if self.lead_body_id.data else None,
            template=self.template.data or "",
        )
