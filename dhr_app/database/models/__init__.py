"""Every table of the main database, one file for each noun; importing this package knows them all."""

from dhr_app.database.models.access import AccessCheck
from dhr_app.database.models.account import Account, Conflict, Membership, SignIn, SignInAttempt
from dhr_app.database.models.accuracy import AccuracyCheck
from dhr_app.database.models.action_link import ActionLink
from dhr_app.database.models.agreement import AgencyContact, Agreement
from dhr_app.database.models.appointment import Appointment
from dhr_app.database.models.approval import Approval, JointBody
from dhr_app.database.models.audit import (
    AuditCheckpoint,
    AuditEntry,
    AuditHead,
    AuditLeaf,
    AuditPayload,
    AuditSalt,
)
from dhr_app.database.models.clocks import Deadline, ExtensionRow, PauseRow
from dhr_app.database.models.clockwork_beat import ClockworkBeat
from dhr_app.database.models.closing import Closing
from dhr_app.database.models.decision import Decision
from dhr_app.database.models.declaration import Declaration, Signature, UndertakingText
from dhr_app.database.models.disposal import Disposal, DisposalPart
from dhr_app.database.models.draft import Draft
from dhr_app.database.models.earlier import EarlierStep
from dhr_app.database.models.emergency import EmergencyAccess
from dhr_app.database.models.event import Event
from dhr_app.database.models.extra_holiday import ExtraHoliday
from dhr_app.database.models.family_part import DateToAvoid, FamilyComment, FamilyStep, UpdatePromise
from dhr_app.database.models.handover import Handover, HandoverItem
from dhr_app.database.models.home_office import HomeOfficeLetter, LetterPoint
from dhr_app.database.models.imr import Imr
from dhr_app.database.models.incident import Incident, IncidentReview
from dhr_app.database.models.information_request import InformationRequest, RequestReview
from dhr_app.database.models.invitation import AccountChange, Invitation
from dhr_app.database.models.kept_apart import SensitiveGrant, SensitiveNote
from dhr_app.database.models.kept_words import KeptWords
from dhr_app.database.models.learning import Briefing, Seminar, SeminarAttendance, SeminarReview
from dhr_app.database.models.legal_hold import LegalHold
from dhr_app.database.models.meeting import Meeting
from dhr_app.database.models.notification import Notification, OtherReviews
from dhr_app.database.models.panel import PanelSeat
from dhr_app.database.models.paper import Paper
from dhr_app.database.models.partnership import Agency, Partnership, ReferenceCounter, RuleSetUsed
from dhr_app.database.models.passkey import Passkey, PasskeyChallenge
from dhr_app.database.models.people import FamilyMember, InvolvedPerson
from dhr_app.database.models.plan import Action, ActionDate, Addressee, Recommendation
from dhr_app.database.models.planned_meeting import CalendarDate, CalendarLink, PlannedMeeting
from dhr_app.database.models.progress import Evidence, Progress
from dhr_app.database.models.publication import Publication
from dhr_app.database.models.reminder import Message, Reminder
from dhr_app.database.models.reminder_rule import QuietDays, ReminderRuleChange
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.database.models.search import DuplicateSwitch, IndexEpoch, IndexTerm
from dhr_app.database.models.second_factor import Authenticator, HalfSignIn, RecoveryCode
from dhr_app.database.models.standing import Standing
from dhr_app.database.models.statement import Statement
from dhr_app.database.models.telling import DutyOwed, Telling
from dhr_app.database.models.tenant import Tenant, TenantIdentity, TenantQuestion
from dhr_app.database.models.terms import Terms
from dhr_app.database.models.way_in import WayIn

__all__ = [
    "AccessCheck",
    "Account",
    "AccountChange",
    "AccuracyCheck",
    "Action",
    "ActionDate",
    "ActionLink",
    "Addressee",
    "Agency",
    "AgencyContact",
    "Agreement",
    "Appointment",
    "Approval",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditHead",
    "AuditLeaf",
    "AuditPayload",
    "AuditSalt",
    "Authenticator",
    "Briefing",
    "CalendarDate",
    "CalendarLink",
    "ClockworkBeat",
    "Closing",
    "Conflict",
    "DateToAvoid",
    "Deadline",
    "Decision",
    "Declaration",
    "Disposal",
    "DisposalPart",
    "Draft",
    "DuplicateSwitch",
    "DutyOwed",
    "EarlierStep",
    "EmergencyAccess",
    "Event",
    "Evidence",
    "ExtensionRow",
    "ExtraHoliday",
    "FamilyComment",
    "FamilyMember",
    "FamilyStep",
    "HalfSignIn",
    "Handover",
    "HandoverItem",
    "HomeOfficeLetter",
    "Imr",
    "Incident",
    "IncidentReview",
    "IndexEpoch",
    "IndexTerm",
    "InformationRequest",
    "Invitation",
    "InvolvedPerson",
    "JointBody",
    "KeptWords",
    "LegalHold",
    "LetterPoint",
    "Meeting",
    "Membership",
    "Message",
    "MoveMade",
    "Notification",
    "OtherReviews",
    "PanelSeat",
    "Paper",
    "Partnership",
    "Passkey",
    "PasskeyChallenge",
    "PauseRow",
    "PlannedMeeting",
    "Progress",
    "Publication",
    "QuietDays",
    "Recommendation",
    "RecoveryCode",
    "ReferenceCounter",
    "Reminder",
    "ReminderRuleChange",
    "RequestReview",
    "Review",
    "RuleSetUsed",
    "ScopingRequest",
    "Seminar",
    "SeminarAttendance",
    "SeminarReview",
    "SensitiveGrant",
    "SensitiveNote",
    "SignIn",
    "SignInAttempt",
    "Signature",
    "Standing",
    "Statement",
    "Telling",
    "Tenant",
    "TenantIdentity",
    "TenantQuestion",
    "Terms",
    "UndertakingText",
    "UpdatePromise",
    "WayIn",
]
