"""The records from the panel to the end: what the later moves rest on, beside the statements made before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "seminar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("minuted", sa.Text()),
        sa.Column("speakers", sa.JSON(), nullable=False),
        sa.Column("invited", sa.Integer()),
        sa.Column("registered", sa.Integer()),
        sa.Column("surveys_sent", sa.Integer()),
        sa.Column("surveys_returned", sa.Integer()),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seminar"),
    )
    op.create_table(
        "seminar_attendance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seminar_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_seminar_attendance_agency_id"),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name="fk_seminar_attendance_seminar_id"),
        sa.PrimaryKeyConstraint("id", name="pk_seminar_attendance"),
        sa.UniqueConstraint("seminar_id", "agency_id", name="uq_seminar_attendance_seminar_id_agency_id"),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("appointed_on", sa.Date(), nullable=False),
        sa.Column("independence_declared_on", sa.Date()),
        sa.Column("trained_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.Column("ended_because", sa.Text()),
        sa.Column("papers_returned_on", sa.Date()),
        sa.Column("interim_holder", sa.Text()),
        sa.Column("used_by", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declaration_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_appointment_account_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_appointment_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
    )
    op.create_index("ix_appointment_review_id", "appointment", ["review_id"])
    op.create_table(
        "briefing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("sent_to", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kept_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_briefing_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_briefing"),
    )
    op.create_index("ix_briefing_review_id", "briefing", ["review_id"])
    op.create_table(
        "closing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("keep_until", sa.Date()),
        sa.Column("policy", sa.Text()),
        sa.Column("audited_on", sa.Date()),
        sa.Column("audit_found", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_closing_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_closing"),
        sa.UniqueConstraint("review_id", name="uq_closing_review_id"),
    )
    op.create_index("ix_closing_review_id", "closing", ["review_id"])
    op.create_table(
        "earlier_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("was_reached", sa.Boolean(), nullable=False),
        sa.Column("reached", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_earlier_step_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_earlier_step"),
        sa.UniqueConstraint("review_id", "stage", name="uq_earlier_step_review_id_stage"),
    )
    op.create_index("ix_earlier_step_review_id", "earlier_step", ["review_id"])
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("receiver_id", sa.Uuid(), nullable=False),
        sa.Column("acknowledged_on", sa.Date()),
        sa.Column("acknowledged_by", sa.Text()),
        sa.Column("given_up_on", sa.Date()),
        sa.Column("used_by", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["receiver_id"], ["agency.id"], name="fk_handover_receiver_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_handover_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
    )
    op.create_index("ix_handover_review_id", "handover", ["review_id"])
    op.create_table(
        "home_office_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("panel_met_on", sa.Date()),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("used_by", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kept_ct", sa.LargeBinary()),
        sa.Column("summary_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_home_office_letter_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_home_office_letter"),
    )
    op.create_index("ix_home_office_letter_review_id", "home_office_letter", ["review_id"])
    op.create_table(
        "imr",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("chronology_requested", sa.Boolean(), nullable=False),
        sa.Column("chronology_received_on", sa.Date()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("not_required_because", sa.Text()),
        sa.Column("escalated_on", sa.Date()),
        sa.Column("author", sa.Text()),
        sa.Column("author_independent", sa.Text(), nullable=False),
        sa.Column("author_trained", sa.Text(), nullable=False),
        sa.Column("signed_off_by", sa.Text()),
        sa.Column("signed_off_on", sa.Date()),
        sa.Column("entered_by_id", sa.Uuid()),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("came_from_ct", sa.LargeBinary()),
        sa.Column("findings_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_imr_agency_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name="fk_imr_entered_by_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_imr_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_imr"),
        sa.UniqueConstraint("review_id", "agency_id", name="uq_imr_review_id_agency_id"),
    )
    op.create_index("ix_imr_review_id", "imr", ["review_id"])
    op.create_table(
        "joint_body",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("removed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_joint_body_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_joint_body"),
    )
    op.create_index("ix_joint_body_review_id", "joint_body", ["review_id"])
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("apologies", sa.JSON(), nullable=False),
        sa.Column("removed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("agreed_ct", sa.LargeBinary()),
        sa.Column("minutes_kept_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_meeting_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
        sa.UniqueConstraint("review_id", "kind", "number", name="uq_meeting_review_id_kind_number"),
    )
    op.create_index("ix_meeting_review_id", "meeting", ["review_id"])
    op.create_table(
        "panel_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("representative", sa.Text(), nullable=False),
        sa.Column("brings", sa.Text(), nullable=False),
        sa.Column("not_involved", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_panel_seat_agency_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_panel_seat_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_panel_seat"),
    )
    op.create_index("ix_panel_seat_review_id", "panel_seat", ["review_id"])
    op.create_table(
        "paper",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("final_on", sa.Date()),
        sa.Column("final_by", sa.Text()),
        sa.Column("panel_agreed_on", sa.Date()),
        sa.Column("superseded_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kept_ct", sa.LargeBinary()),
        sa.Column("changes_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name="fk_paper_recorded_by_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_paper_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_paper"),
        sa.UniqueConstraint("review_id", "kind", "number", name="uq_paper_review_id_kind_number"),
    )
    op.create_index("ix_paper_review_id", "paper", ["review_id"])
    op.create_table(
        "publication",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("agencies_told_on", sa.Date()),
        sa.Column("press_told_on", sa.Date()),
        sa.Column("agencies_from", sa.Date()),
        sa.Column("avoids_family_dates", sa.Boolean()),
        sa.Column("approved_on", sa.Date()),
        sa.Column("approved_by", sa.Text()),
        sa.Column("published_on", sa.Date()),
        sa.Column("taken_down_on", sa.Date()),
        sa.Column("used_by", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("evidence_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_publication_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        sa.UniqueConstraint("review_id", "number", name="uq_publication_review_id_number"),
    )
    op.create_index("ix_publication_review_id", "publication", ["review_id"])
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("sorts_as", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date()),
        sa.Column("replied_on", sa.Date()),
        sa.Column("reply", sa.Text()),
        sa.Column("withdrawn_on", sa.Date()),
        sa.Column("withdrawn_because", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_recommendation_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recommendation"),
        sa.UniqueConstraint("review_id", "number", name="uq_recommendation_review_id_number"),
    )
    op.create_index("ix_recommendation_order", "recommendation", ["review_id", "sorts_as"])
    op.create_index("ix_recommendation_review_id", "recommendation", ["review_id"])
    op.create_table(
        "seminar_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seminar_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_seminar_review_review_id"),
        sa.ForeignKeyConstraint(["seminar_id"], ["seminar.id"], name="fk_seminar_review_seminar_id"),
        sa.PrimaryKeyConstraint("id", name="pk_seminar_review"),
        sa.UniqueConstraint("seminar_id", "review_id", name="uq_seminar_review_seminar_id_review_id"),
    )
    op.create_index("ix_seminar_review_review_id", "seminar_review", ["review_id"])
    op.create_table(
        "accuracy_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("paper_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("settled_on", sa.Date()),
        sa.Column("voided_on", sa.Date()),
        sa.Column("entered_by_id", sa.Uuid()),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("came_from_ct", sa.LargeBinary()),
        sa.Column("corrections_ct", sa.LargeBinary()),
        sa.Column("settlement_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_accuracy_check_agency_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name="fk_accuracy_check_entered_by_id"),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name="fk_accuracy_check_paper_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_accuracy_check_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_accuracy_check"),
    )
    op.create_index("ix_accuracy_check_open", "accuracy_check", ["review_id", "outcome"])
    op.create_index("ix_accuracy_check_review_id", "accuracy_check", ["review_id"])
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid()),
        sa.Column("milestones", sa.Text()),
        sa.Column("target_on", sa.Date()),
        sa.Column("first_target_on", sa.Date()),
        sa.Column("ongoing", sa.Boolean(), nullable=False),
        sa.Column("look_again_on", sa.Date()),
        sa.Column("done_on", sa.Date()),
        sa.Column("evidence", sa.Text()),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("minute_on", sa.Date()),
        sa.Column("minute", sa.Text()),
        sa.Column("removed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["agency.id"], name="fk_action_owner_id"),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name="fk_action_recommendation_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_action_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_action"),
        sa.UniqueConstraint("recommendation_id", "number", name="uq_action_recommendation_id_number"),
    )
    op.create_index("ix_action_owner", "action", ["owner_id", "outcome"])
    op.create_index("ix_action_recommendation_id", "action", ["recommendation_id"])
    op.create_index("ix_action_review_id", "action", ["review_id"])
    op.create_table(
        "action_date",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("moved_on", sa.Date(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date()),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("minute_on", sa.Date()),
        sa.Column("minute", sa.Text()),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name="fk_action_date_action_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_action_date_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_action_date"),
        sa.UniqueConstraint("action_id", "seq", name="uq_action_date_action_id_seq"),
    )
    op.create_index("ix_action_date_review_id", "action_date", ["review_id"])
    op.create_table(
        "addressee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("recommendation_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("refused_on", sa.Date()),
        sa.Column("refusal", sa.Text()),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_addressee_agency_id"),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name="fk_addressee_recommendation_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_addressee_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_addressee"),
        sa.UniqueConstraint("recommendation_id", "agency_id", name="uq_addressee_recommendation_id_agency_id"),
    )
    op.create_index("ix_addressee_agency_id", "addressee", ["agency_id"])
    op.create_index("ix_addressee_review_id", "addressee", ["review_id"])
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("joint_body_id", sa.Uuid()),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date()),
        sa.Column("paper_hashes", sa.JSON(), nullable=False),
        sa.Column("voided_on", sa.Date()),
        sa.Column("voided_because", sa.Text()),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("used_by", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("evidence_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["joint_body_id"], ["joint_body.id"], name="fk_approval_joint_body_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_approval_meeting_id"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name="fk_approval_recorded_by_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_approval_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
    )
    op.create_index("ix_approval_review_id", "approval", ["review_id"])
    op.create_table(
        "date_to_avoid",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("family_member_id", sa.Uuid(), nullable=False),
        sa.Column("every_year", sa.Boolean(), nullable=False),
        sa.Column("removed_on", sa.Date()),
        sa.Column("day_ct", sa.LargeBinary()),
        sa.Column("why_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["family_member_id"], ["family_member.id"], name="fk_date_to_avoid_family_member_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_date_to_avoid_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_date_to_avoid"),
    )
    op.create_index("ix_date_to_avoid_review_id", "date_to_avoid", ["review_id"])
    op.create_table(
        "family_comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("family_member_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("removed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("said_ct", sa.LargeBinary()),
        sa.Column("answer_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["family_member_id"], ["family_member.id"], name="fk_family_comment_family_member_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_family_comment_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_family_comment"),
    )
    op.create_index("ix_family_comment_review_id", "family_comment", ["review_id"])
    op.create_table(
        "family_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("family_member_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("about_on", sa.Date()),
        sa.Column("used_by", sa.Integer()),
        sa.Column("removed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("note_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["family_member_id"], ["family_member.id"], name="fk_family_step_family_member_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_family_step_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_family_step"),
    )
    op.create_index("ix_family_step_review_id", "family_step", ["review_id"])
    op.create_index("ix_family_step_review_kind", "family_step", ["review_id", "kind"])
    op.create_table(
        "handover_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("there_is_none", sa.Boolean(), nullable=False),
        sa.Column("handed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("what_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name="fk_handover_item_handover_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_handover_item_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handover_item"),
        sa.UniqueConstraint("handover_id", "kind", name="uq_handover_item_handover_id_kind"),
    )
    op.create_index("ix_handover_item_review_id", "handover_item", ["review_id"])
    op.create_table(
        "letter_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("letter_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("touches_family", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("point_ct", sa.LargeBinary()),
        sa.Column("answer_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["letter_id"], ["home_office_letter.id"], name="fk_letter_point_letter_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_letter_point_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_point"),
        sa.UniqueConstraint("letter_id", "number", name="uq_letter_point_letter_id_number"),
    )
    op.create_index("ix_letter_point_letter_id", "letter_point", ["letter_id"])
    op.create_index("ix_letter_point_review_id", "letter_point", ["review_id"])
    op.create_table(
        "terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period_from_ct", sa.LargeBinary()),
        sa.Column("period_to_ct", sa.LargeBinary()),
        sa.Column("lines_of_enquiry_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_terms_meeting_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_terms_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_terms"),
        sa.UniqueConstraint("review_id", "number", name="uq_terms_review_id_number"),
    )
    op.create_index("ix_terms_review_id", "terms", ["review_id"])

    with op.batch_alter_table("family_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("takes_part", sa.Text(), server_default="not_known", nullable=False))
        batch_op.add_column(sa.Column("advocate_ct", sa.LargeBinary()))

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recommendations_in_report", sa.Integer()))

    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", sa.Text()))
        batch_op.add_column(sa.Column("voided_on", sa.Date()))
        batch_op.add_column(sa.Column("voided_because", sa.Text()))


def downgrade() -> None:
    """Undo the step."""
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_column("voided_because")
        batch_op.drop_column("voided_on")
        batch_op.drop_column("about")

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_column("recommendations_in_report")

    with op.batch_alter_table("family_member", schema=None) as batch_op:
        batch_op.drop_column("advocate_ct")
        batch_op.drop_column("takes_part")

    op.drop_table("terms")
    op.drop_table("letter_point")
    op.drop_table("handover_item")
    op.drop_table("family_step")
    op.drop_table("family_comment")
    op.drop_table("date_to_avoid")
    op.drop_table("approval")
    op.drop_table("addressee")
    op.drop_table("action_date")
    op.drop_table("action")
    op.drop_table("accuracy_check")
    op.drop_table("seminar_review")
    op.drop_table("recommendation")
    op.drop_table("publication")
    op.drop_table("paper")
    op.drop_table("panel_seat")
    op.drop_table("meeting")
    op.drop_table("joint_body")
    op.drop_table("imr")
    op.drop_table("home_office_letter")
    op.drop_table("handover")
    op.drop_table("earlier_step")
    op.drop_table("closing")
    op.drop_table("briefing")
    op.drop_table("appointment")
    op.drop_table("seminar_attendance")
    op.drop_table("seminar")
