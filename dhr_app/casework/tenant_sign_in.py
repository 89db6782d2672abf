"""A browser comes back from a tenant: who it is, what that lets them do here, and what is asked of them besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe
from uuid import UUID

from dhr_app.adapters.tenant import LEEWAY, AnswerRefused, Identity, TenantGone, check_sender, who_came
from dhr_app.casework import passwords
from dhr_app.casework.account import SignedIn, WrongSignIn, admit
from dhr_app.casework.again import note_proof, refuse_proof
from dhr_app.casework.authenticator import has_authenticator, lock_account
from dhr_app.casework.half_sign_in import CodeNeeded, begin_half
from dhr_app.casework.house import house
from dhr_app.casework.joining import NoInvitation, check_live, make_account
from dhr_app.casework.letting_in import ACCOUNTS
from dhr_app.casework.sign_ins import UNKNOWN, Where
from dhr_app.casework.tenant_identity import account_behind, bind
from dhr_app.casework.tenant_question import TENANT_PAGE, Asked, NotProved, TenantAway, refused, take_question
from dhr_app.casework.throttle import network_of
from dhr_app.database.models.account import Account, SignInAttempt
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.tenant import Tenant
from dhr_app.workflows.person import PROOF_LASTS

CLOCKS = timedelta(seconds=LEEWAY)
ANY_STEP = "home.see"  # what the page that asks for a proof needs, whatever step comes after it


@dataclass(frozen=True)
class Answer:
    """What a browser brings back from a tenant, as it stands in the address; `issuer` where it names one."""

    state: str
    code: str = ""
    issuer: str | None = None


class Came(StrEnum):
    """What a browser came back for, and has got."""

    IN = "in"
    NEW = "new"
    JOINED = "joined"
    PROVED = "proved"


@dataclass(frozen=True)
class Back:
    """A browser is back: its token from now on, None where it keeps the one it has."""

    what: Came
    token: str | None


def come_back(
    token: str | None,
    tenant_id: UUID,
    answer: Answer,
    *,
    address: str | None,
    browser: str = UNKNOWN,
    here: SignedIn | None = None,
    at: datetime,
) -> Back:
    """Sign in whoever a tenant says is there; whoever is signed in already (`here`) joins their account, or proves it.

    `token` is what the browser kept since it went. Raises CodeNeeded where the tenant does not say that it asked for
    two factors; TenantRefused for whatever is wrong, which the trail tells by a code, and NotProved where it was to be
    shown that it is they; TenantAway, TooManyTries.
    """
    asked = take_question(token, tenant_id, answer.state, address=address, at=at)
    try:
        identity = _who(asked, answer, at=at)
        if asked.sign_in_id is not None:
            return Back(Came.PROVED, _prove_own(asked, identity, here, at=at))
        if asked.account_id is not None:
            _bind_own(asked, identity, here, at=at)
            return Back(Came.JOINED, None)
        account_id = _accept(asked, identity, at=at) if asked.invitation_id else _find(asked, identity)
        where = Where(network_of(address), browser, tenant_id)
        return Back(Came.NEW if asked.invitation_id else Came.IN, _enter(account_id, asked, identity, where, at=at))
    except AnswerRefused as wrong:
        sorry = refused(wrong.reason, tenant_id, at=at)
        if asked.sign_in_id is None:
            raise sorry from None
        if here is not None:
            refuse_proof(ANY_STEP, by=here.person, at=at)
        raise NotProved from None
    except NoInvitation:
        raise refused("no_invitation", tenant_id, at=at) from None
    except WrongSignIn:
        raise refused("blocked", tenant_id, at=at) from None
    except TenantGone:
        raise TenantAway from None


def _who(asked: Asked, answer: Answer, *, at: datetime) -> Identity:
    check_sender(asked.us, answer.issuer, at=at)
    if not answer.code:
        raise AnswerRefused("no_code")
    return who_came(asked.us, answer.code, asked.secrets, at=at)


def _find(asked: Asked, identity: Identity) -> UUID:
    with house().reading() as session:
        return account_behind(session, session.get_one(Tenant, asked.tenant_id), identity.subject).id


def _accept(asked: Asked, identity: Identity, *, at: datetime) -> UUID:
    """The account of whoever was invited. Its password is one that nobody knows."""
    kept = passwords.hashed(token_urlsafe(48), house().settings)
    with house().database.transaction(by=TENANT_PAGE, at=at) as session:
        session.queue(ACCOUNTS)
        invitation = session.get_one(Invitation, asked.invitation_id)
        check_live(session, invitation, at=at)
        account = make_account(session, invitation, kept, at=at)
        bind(session, account, session.get_one(Tenant, asked.tenant_id), identity.subject, at=at)
        return account.id


def _prove_own(asked: Asked, identity: Identity, here: SignedIn | None, *, at: datetime) -> str | None:
    """Note that it is whoever is signed in; the tenant must say that it asked them since we asked it."""
    if here is None or (here.person.id, here.id) != (asked.account_id, asked.sign_in_id):
        raise AnswerRefused("another_person")
    if identity.signed_in_at is None or not asked.asked_at - CLOCKS <= identity.signed_in_at <= at + CLOCKS:
        raise AnswerRefused("claim_auth_time")
    with house().transaction(by=here.person, at=at) as session:
        lock_account(session, here.person.id)
        tenant = session.get_one(Tenant, asked.tenant_id)
        if account_behind(session, tenant, identity.subject).id != here.person.id:
            raise AnswerRefused("another_person")
        session.get_one(SignInAttempt, asked.attempt_id).succeeded = True
        return note_proof(session, ANY_STEP, here.id, how="tenant", at=at)


def _bind_own(asked: Asked, identity: Identity, here: SignedIn | None, *, at: datetime) -> None:
    if here is None or here.person.id != asked.account_id:
        raise AnswerRefused("another_person")
    with house().transaction(by=here.person, at=at) as session:
        session.queue(ACCOUNTS)
        tenant = session.get_one(Tenant, asked.tenant_id)
        bind(session, session.get_one(Account, here.person.id), tenant, identity.subject, at=at)
        session.get_one(SignInAttempt, asked.attempt_id).succeeded = True


def _enter(account_id: UUID, asked: Asked, identity: Identity, where: Where, *, at: datetime) -> str:
    with house().reading() as session:
        asks_code = house().settings.second_factor or has_authenticator(session, account_id)
    if asks_code and not identity.by_several:
        raise CodeNeeded(begin_half(account_id, asked.attempt_id, None, where, at=at))
    signed_in = identity.signed_in_at
    just_now = signed_in is not None and abs(at - signed_in) < PROOF_LASTS
    proved = just_now or asked.invitation_id is not None  # by a link that was mailed to them, and is good once
    return admit(account_id, asked.attempt_id, None, where, proved=proved, at=at)
