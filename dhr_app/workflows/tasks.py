"""What a condition asks somebody to do: the same thing as its sentence, said as a task to whoever it is asked of.

A sentence like “Each family member was told what changed” is an answer. Put before somebody who has still to do it, it
reads as if it were done. Only what a chair or an author can put right has a task.
"""

from __future__ import annotations

from collections.abc import Mapping

# By the name of the condition in workflows/conditions.py, in its order.
TASKS: Mapping[str, str] = {
    "specialist_on_panel": "Give a specialist domestic abuse service a seat on the review panel",
    "terms_agreed": "Agree the terms of reference with the review panel",
    "every_imr_settled": "Settle every IMR that was asked for: received, not required, or closed as no reply",
    "family_offered_part": (
        "Offer each family member taking part an advocate, the leaflet, a say in the terms and a meeting"
    ),
    "final_papers_on_file": "Put the final overview report, executive summary and action plan on file",
    "accuracy_checked": "Settle the factual accuracy check of each agency",
    "family_offered_reading": "Offer each family member taking part a reading, and answer every comment of theirs",
    "action_plan_complete": "Complete the action plan: who is to act on each recommendation, and by when",
    "letter_points_answered": "Answer each point of the Home Office letter",
    "revised_papers_on_file": "Put the revised papers on file",
    "family_told_of_changes": "Tell the family of the changes that touch them",
    "family_told_of_publication": "Tell the family the date of publication first, and give them their copy",
    "national_recommendations_sent": "Send each national recommendation to its department",
    "family_told_what_changed": "Tell each family member what changed, unless they asked not to be told",
}
