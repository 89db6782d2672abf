"""Every table of the main database, one file for each noun; importing this package knows them all."""

from dhr_app.database.models.account import Account, Conflict, Membership, SignIn, SignInAttempt
from dhr_app.database.models.audit import AuditEntry, AuditHead
from dhr_app.database.models.clocks import Deadline, ExtensionRow, PauseRow
from dhr_app.database.models.decision import Decision
from dhr_app.database.models.event import Event
from dhr_app.database.models.notification import Notification, OtherReviews
from dhr_app.database.models.partnership import Agency, Partnership, ReferenceCounter, RuleSetUsed
from dhr_app.database.models.people import FamilyMember, InvolvedPerson
from dhr_app.database.models.review import MoveMade, Review
from dhr_app.database.models.scoping import ScopingRequest
from dhr_app.database.models.statement import Statement
from dhr_app.database.models.telling import DutyOwed, Telling

__all__ = [
    "Account",
    "Agency",
    "AuditEntry",
    "AuditHead",
    "Conflict",
    "Deadline",
    "Decision",
    "DutyOwed",
    "Event",
    "ExtensionRow",
    "FamilyMember",
    "InvolvedPerson",
    "Membership",
    "MoveMade",
    "Notification",
    "OtherReviews",
    "Partnership",
    "PauseRow",
    "ReferenceCounter",
    "Review",
    "RuleSetUsed",
    "ScopingRequest",
    "SignIn",
    "SignInAttempt",
    "Statement",
    "Telling",
]
