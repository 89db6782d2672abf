"""The whole schema, as it was when the first review could be taken from notification to closure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dhr_app.database.models.audit import APPEND_ONLY, append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, and let nobody change or remove what the trail says."""
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("leads_reviews", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date()),
        sa.Column("to_on", sa.Date()),
        sa.Column("successor_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["successor_id"], ["agency.id"], name="fk_agency_successor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agency"),
        sa.UniqueConstraint("name", name="uq_agency_name"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_audit_entry"),
        sa.UniqueConstraint("chain", "prev", name="uq_audit_entry_chain_prev"),
    )
    op.create_table(
        "audit_head",
        sa.Column("chain", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_audit_head"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid()),
        sa.Column("recorded_by_name", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("subject_type", sa.Text()),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_kind", "event", ["kind"])
    op.create_index("ix_event_review_id_recorded_at", "event", ["review_id", "recorded_at"])
    op.create_index("ix_event_subject_id", "event", ["subject_id"])
    op.create_table(
        "partnership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("deciding_body", sa.Text(), nullable=False),
        sa.Column("approving_body", sa.Text(), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("support_line", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_partnership"),
        sa.UniqueConstraint("key", name="uq_partnership_key"),
    )
    op.create_table(
        "reference_counter",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_reference_counter"),
    )
    op.create_table(
        "rule_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_set"),
        sa.UniqueConstraint("key", "version", name="uq_rule_set_key_version"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_net", "sign_in_attempt", ["network", "at"])
    op.create_index("ix_sign_in_attempt_who_when", "sign_in_attempt", ["email_sha256", "at"])
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("blocked_on", sa.Date()),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_account_agency_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("rule_set_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("moves_made", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_name", sa.Text()),
        sa.Column("public_year", sa.Integer()),
        sa.Column("lead_partnership_id", sa.Uuid()),
        sa.Column("suspected_suicide", sa.Text(), nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_on", sa.Date()),
        sa.Column("next_what", sa.Text()),
        sa.Column("sorts_on", sa.Date(), nullable=False),
        sa.Column("on_hold_since", sa.Date()),
        sa.Column("deferred_until", sa.Date()),
        sa.ForeignKeyConstraint(["lead_partnership_id"], ["agency.id"], name="fk_review_lead_partnership_id"),
        sa.ForeignKeyConstraint(["rule_set_id"], ["rule_set.id"], name="fk_review_rule_set_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sa.UniqueConstraint("public_name", "public_year", name="uq_review_public_name_public_year"),
        sa.UniqueConstraint("reference", name="uq_review_reference"),
    )
    op.create_index("ix_review_order", "review", ["sorts_on", "reference"])
    op.create_index("ix_review_stage_order", "review", ["stage", "sorts_on", "reference"])
    op.create_table(
        "conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_conflict_account_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_conflict_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conflict"),
        sa.UniqueConstraint("review_id", "account_id", name="uq_conflict_review_id_account_id"),
    )
    op.create_index("ix_conflict_account_id", "conflict", ["account_id"])
    op.create_index("ix_conflict_review_id", "conflict", ["review_id"])
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("anchor_on", sa.Date()),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("met_on", sa.Date()),
        sa.Column("ended_on", sa.Date()),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_deadline_agency_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_deadline_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deadline"),
    )
    op.create_index("ix_deadline_open", "deadline", ["review_id", "met_on"])
    op.create_index("ix_deadline_review_id", "deadline", ["review_id"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("used_by", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reasons_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_decision_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_review_id", "decision", ["review_id"])
    op.create_table(
        "family_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("not_contacted_because", sa.Text()),
        sa.Column("not_contacted_until", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("full_name_ct", sa.LargeBinary()),
        sa.Column("relationship_ct", sa.LargeBinary()),
        sa.Column("contact_details_ct", sa.LargeBinary()),
        sa.Column("wishes_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_family_member_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_family_member"),
        sa.UniqueConstraint("review_id", "number", name="uq_family_member_review_id_number"),
    )
    op.create_index("ix_family_member_review_id", "family_member", ["review_id"])
    op.create_table(
        "involved_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("age_band", sa.Text(), nullable=False),
        sa.Column("relationship_to_victim", sa.Text(), nullable=False),
        sa.Column("removed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("full_name_ct", sa.LargeBinary()),
        sa.Column("other_names_ct", sa.LargeBinary()),
        sa.Column("born_on_ct", sa.LargeBinary()),
        sa.Column("died_on_ct", sa.LargeBinary()),
        sa.Column("address_ct", sa.LargeBinary()),
        sa.Column("notes_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_involved_person_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_involved_person"),
        sa.UniqueConstraint("review_id", "part", "number", name="uq_involved_person_review_id_part_number"),
    )
    op.create_index("ix_involved_person_review_id", "involved_person", ["review_id"])
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.Uuid()),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date()),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_membership_ends_after_it_begins")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_membership_account_id"),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_membership_agency_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_membership_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
    )
    op.create_index("ix_membership_account_id", "membership", ["account_id"])
    op.create_index("ix_membership_review_id", "membership", ["review_id"])
    op.create_table(
        "move_made",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("from_stage", sa.Text(), nullable=False),
        sa.Column("to_stage", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("evidence_ct", sa.LargeBinary()),
        sa.Column("reason_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name="fk_move_made_recorded_by_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_move_made_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_move_made"),
        sa.UniqueConstraint("review_id", "seq", name="uq_move_made_review_id_seq"),
    )
    op.create_index("ix_move_made_review_id", "move_made", ["review_id"])
    op.create_table(
        "notification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("notifier_agency_id", sa.Uuid()),
        sa.Column("notifier_kind", sa.Text(), nullable=False),
        sa.Column("aware_on", sa.Date()),
        sa.Column("aware_month", sa.Text()),
        sa.Column("police_told_on", sa.Date()),
        sa.Column("logged_on", sa.Date(), nullable=False),
        sa.Column("criminal_state", sa.Text(), nullable=False),
        sa.Column("inquest_state", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.Column("parallel_reviews", sa.JSON(), nullable=False),
        sa.Column("cause_of_death", sa.Text(), nullable=False),
        sa.Column("place_of_death", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("found_on_ct", sa.LargeBinary()),
        sa.Column("aware_on_ct", sa.LargeBinary()),
        sa.Column("officer_ct", sa.LargeBinary()),
        sa.Column("crime_number_ct", sa.LargeBinary()),
        sa.Column("safeguarding_ct", sa.LargeBinary()),
        sa.Column("account_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["notifier_agency_id"], ["agency.id"], name="fk_notification_notifier_agency_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_notification_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sa.UniqueConstraint("review_id", name="uq_notification_review_id"),
    )
    op.create_index("ix_notification_review_id", "notification", ["review_id"])
    op.create_table(
        "other_reviews",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("considered_on", sa.Date(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("lead_body_id", sa.Uuid(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lead_body_id"], ["agency.id"], name="fk_other_reviews_lead_body_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_other_reviews_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_other_reviews"),
        sa.UniqueConstraint("review_id", name="uq_other_reviews_review_id"),
    )
    op.create_index("ix_other_reviews_review_id", "other_reviews", ["review_id"])
    op.create_table(
        "pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=False),
        sa.Column("resumed_on", sa.Date()),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("asked_of", sa.Text(), nullable=False),
        sa.Column("clocks", sa.JSON(), nullable=False),
        sa.Column("goes_on_ct", sa.LargeBinary()),
        sa.CheckConstraint("resumed_on IS NULL OR resumed_on >= paused_on", name=op.f("ck_pause_ends_after_it_begins")),
        sa.CheckConstraint("review_by >= paused_on", name=op.f("ck_pause_looked_at_after_it_begins")),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_pause_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pause"),
    )
    op.create_index("ix_pause_review_id", "pause", ["review_id"])
    op.create_table(
        "scoping_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date()),
        sa.Column("escalated_on", sa.Date()),
        sa.Column("records_secured", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Uuid()),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("came_from_ct", sa.LargeBinary()),
        sa.Column("what_is_known_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name="fk_scoping_request_agency_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["account.id"], name="fk_scoping_request_entered_by_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_scoping_request_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_scoping_request"),
        sa.UniqueConstraint("review_id", "agency_id", name="uq_scoping_request_review_id_agency_id"),
    )
    op.create_index("ix_scoping_request_review_id", "scoping_request", ["review_id"])
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_sign_in_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in"),
        sa.UniqueConstraint("token_sha256", name="uq_sign_in_token_sha256"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"])
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("stated_by", sa.Text(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.Text()),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("file_hashes", sa.JSON(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_id", sa.Uuid()),
        sa.Column("seconded_at", sa.DateTime(timezone=True)),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("used_by", sa.Integer()),
        sa.Column("evidence_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name="fk_statement_recorded_by_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_statement_review_id"),
        sa.ForeignKeyConstraint(["second_id"], ["account.id"], name="fk_statement_second_id"),
        sa.PrimaryKeyConstraint("id", name="pk_statement"),
    )
    op.create_index("ix_statement_review_condition", "statement", ["review_id", "condition"])
    op.create_index("ix_statement_review_id", "statement", ["review_id"])
    op.create_table(
        "extension",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.CheckConstraint("to_on > agreed_on", name=op.f("ck_extension_to_a_later_day")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name="fk_extension_deadline_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_extension_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_extension"),
    )
    op.create_index("ix_extension_deadline_id", "extension", ["deadline_id"])
    op.create_index("ix_extension_review_id", "extension", ["review_id"])
    op.create_table(
        "telling",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("family_member_id", sa.Uuid()),
        sa.Column("channel", sa.Text()),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("why_not", sa.Text()),
        sa.Column("used_by", sa.Integer()),
        sa.Column("note_ct", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["family_member_id"], ["family_member.id"], name="fk_telling_family_member_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_telling_review_id"),
        sa.PrimaryKeyConstraint("id", name="pk_telling"),
    )
    op.create_index("ix_telling_review_id", "telling", ["review_id"])
    op.create_table(
        "duty_owed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("move_seq", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("family_member_id", sa.Uuid()),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("settled_by_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["family_member_id"], ["family_member.id"], name="fk_duty_owed_family_member_id"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_duty_owed_review_id"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["telling.id"], name="fk_duty_owed_settled_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_duty_owed"),
    )
    op.create_index("ix_duty_owed_open", "duty_owed", ["review_id", "settled_by_id"])
    op.create_index("ix_duty_owed_review_id", "duty_owed", ["review_id"])
    for table in APPEND_ONLY:
        for statement in append_only(table, op.get_context().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    """Refused: there is nothing before the first step, and undoing it would remove every review and its audit trail."""
    raise RuntimeError("The first step cannot be undone: it would remove every review and its audit trail.")
