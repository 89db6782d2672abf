"""A browser comes back from a tenant: who it is, what that lets them do here, and what is asked of them besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from uuid import UUID

from dhr_app.adapters.tenant import AnswerRefused, Identity, TenantGone, check_sender, who_came
from dhr_app.casework import passwords
from dhr_app.casework.account import WrongSignIn, admit
from dhr_app.casework.authenticator import has_authenticator
from dhr_app.casework.half_sign_in import CodeNeeded, begin_half
from dhr_app.casework.house import house
from dhr_app.casework.joining import NoInvitation, check_live, make_account
from dhr_app.casework.letting_in import ACCOUNTS
from dhr_app.casework.sign_ins import UNKNOWN, Where
from dhr_app.casework.tenant_identity import account_behind, bind
from dhr_app.casework.tenant_question import TENANT_PAGE, Asked, TenantAway, refused, take_question
from dhr_app.casework.throttle import network_of
from dhr_app.database.models.account import Account, SignInAttempt
from dhr_app.database.models.invitation import Invitation
from dhr_app.database.models.tenant import Tenant
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.person import PROOF_LASTS


@dataclass(frozen=True)
class Answer:
    """What a browser brings back from a tenant, as it stands in the address; `issuer` where it names one."""

    state: str
    code: str = ""
    issuer: str | None = None


def come_back(
    token: str | None,
    tenant_id: UUID,
    answer: Answer,
    *,
    address: str | None,
    browser: str = UNKNOWN,
    here: Person | None = None,
    at: datetime,
) -> str | None:
    """Sign in whoever a tenant says is there and return the token for their browser.

    None where they joined their account to the tenant and are signed in already (`here`). `token` is what the browser
    kept since it went. Raises CodeNeeded where the tenant does not say that it asked for two factors; TenantRefused for
    whatever is wrong, which the trail tells by a code; TenantAway, TooManyTries.
    """
    asked = take_question(token, tenant_id, answer.state, address=address, at=at)
    try:
        identity = _who(asked, answer, at=at)
        if asked.account_id is not None:
            _bind_own(asked, identity, here, at=at)
            return None
        account_id = _accept(asked, identity, at=at) if asked.invitation_id else _find(asked, identity)
        return _enter(account_id, asked, identity, Where(network_of(address), browser, tenant_id), at=at)
    except AnswerRefused as wrong:
        raise refused(wrong.reason, tenant_id, at=at) from None
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


def _bind_own(asked: Asked, identity: Identity, here: Person | None, *, at: datetime) -> None:
    if here is None or here.id != asked.account_id:
        raise AnswerRefused("another_person")
    with house().transaction(by=here, at=at) as session:
        session.queue(ACCOUNTS)
        tenant = session.get_one(Tenant, asked.tenant_id)
        bind(session, session.get_one(Account, here.id), tenant, identity.subject, at=at)
        session.get_one(SignInAttempt, asked.attempt_id).succeeded = True


def _enter(account_id: UUID, asked: Asked, identity: Identity, where: Where, *, at: datetime) -> str:
    with house().reading() as session:
        asks_code = house().settings.second_factor or has_authenticator(session, account_id)
    if asks_code and not identity.by_several:
        raise CodeNeeded(begin_half(account_id, asked.attempt_id, None, where, at=at))
    signed_in = identity.signed_in_at
    proved = signed_in is not None and abs(at - signed_in) < PROOF_LASTS
    return admit(account_id, asked.attempt_id, None, where, proved=proved, at=at)
