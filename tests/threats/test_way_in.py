"""Nobody takes an account over by its forgotten password: not one administrator, not an old link, not a guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from dhr_app import create_app
from dhr_app.casework import passwords
from dhr_app.casework.account import WrongSignIn, sign_in
from dhr_app.casework.account_block import block
from dhr_app.casework.account_change import ChangeEntry, change, confirm_change
from dhr_app.casework.agreement import AgreementEntry, add_agreement
from dhr_app.casework.coming_back import NoWayIn, choose_anew, coming_back
from dhr_app.casework.half_sign_in import CodeNeeded
from dhr_app.casework.house import at_work
from dhr_app.casework.membership import join
from dhr_app.casework.outbox import deliver
from dhr_app.casework.own_password import choose_password
from dhr_app.casework.throttle import TooManyTries
from dhr_app.casework.way_in import WayInEntry, ask, confirm, take_back
from dhr_app.database.models import Account, AccountChange, AuditEntry, Event, Membership, Message, SignIn, WayIn
from dhr_app.settings import Settings
from dhr_app.workflows.access import BY_TWO
from dhr_app.workflows.errors import Invalid, NotAllowed, OutOfReach, Over
from dhr_app.workflows.permissions import Person
from dhr_app.workflows.roles import Role
from dhr_app.workflows.stages import Stage
from dhr_app.workflows.way_in import LASTS, MADE_SURE, WAITS
from tests.factories import NOW, PASSWORD, make_account, submit
from tests.installations import Installation
from tests.mailserver import mail_server, text_of
from tests.signing import with_authenticator
from tests.ways_in import ALL_LOST, SEEN, asked, let_go, token_of

OFFICES = sorted(BY_TWO)
HERE = "198.51.100.7"
NEW = "walrus lantern Plumstead seven"
SECOND = timedelta(seconds=1)


@pytest.fixture
def administrator(installation: Installation) -> Person:
    return installation.county.who(Role.ADMINISTRATOR)


def opens(email: str, password: str) -> bool:
    """Whether a password is the one of an account; a code may still be asked for."""
    try:
        sign_in(email, password, address=HERE, at=NOW)
    except WrongSignIn:
        return False
    except CodeNeeded:
        return True
    return True


def mails(installation: Installation, person: Person) -> list[Message]:
    with installation.house.reading() as session:
        found = select(Message).where(Message.account_id == person.id).order_by(Message.made_at, Message.kind)
        return list(session.scalars(found))


@pytest.mark.parametrize("role", OFFICES)
def test_a_single_administrator_takes_no_office_over(
    installation: Installation, administrator: Person, role: Role
) -> None:
    county = installation.county
    holder, email = make_account(installation.house, role)
    assert ask(holder.id, ALL_LOST, by=administrator, at=NOW) is False
    with installation.house.reading() as session:
        row = session.scalars(select(WayIn)).one()
    assert (row.expires_at, row.token_sha256) == (None, None)
    for by in (administrator, holder):
        with pytest.raises(NotAllowed):
            confirm(row.id, by=by, at=NOW)
    (told,) = mails(installation, holder)  # the holder knows before anything can be used, and the mail opens nothing
    assert "It takes a second person" in told.body
    assert "/new-password/" not in told.body
    assert told.way_in_id is None
    assert opens(email, PASSWORD)
    confirm(row.id, by=county.coordinator, at=NOW)
    choose_anew(token_of(installation.house, row.id, at=NOW), NEW, address=HERE, at=NOW)
    assert (opens(email, PASSWORD), opens(email, NEW)) == (False, True)
    with pytest.raises(Over):
        confirm(row.id, by=county.chair, at=NOW)


@pytest.mark.parametrize("role", [Role.REPORT_AUTHOR, Role.PANEL_MEMBER, Role.AGENCY_CONTRIBUTOR])
def test_for_everybody_else_one_administrator_is_enough_and_nobody_but_an_administrator_asks(
    installation: Installation, administrator: Person, role: Role
) -> None:
    holder, email = make_account(installation.house, role)
    for other in Role:
        if other is not Role.ADMINISTRATOR:
            by, _ = make_account(installation.house, other)
            with pytest.raises(NotAllowed):
                ask(holder.id, SEEN, by=by, at=NOW)
    assert ask(holder.id, SEEN, by=administrator, at=NOW) is True
    with installation.house.reading() as session:
        way_in_id = session.scalars(select(WayIn.id)).one()
    choose_anew(token_of(installation.house, way_in_id, at=NOW), NEW, address=HERE, at=NOW)
    assert opens(email, NEW)


def test_nobody_does_it_with_their_own_account_and_the_try_is_in_the_trail(
    installation: Installation, administrator: Person
) -> None:
    with pytest.raises(NotAllowed, match="your own account"):
        ask(administrator.id, SEEN, by=administrator, at=NOW)
    with installation.house.reading() as session:
        bodies = [row.body for row in session.scalars(select(AuditEntry))]
    assert sum(b'"refused"' in body and b'"way_in.ask"' in body for body in bodies) == 1


@pytest.mark.parametrize(
    ("entry", "field"),
    [(WayInEntry("", with_factor=False), "made_sure"), (WayInEntry("mail", with_factor=False), "made_sure"),
     (WayInEntry("seen"), "with_factor")],
)  # fmt: skip
def test_without_having_made_sure_nothing_is_sent(
    installation: Installation, administrator: Person, entry: WayInEntry, field: str
) -> None:
    holder, _ = make_account(installation.house, Role.REPORT_AUTHOR)
    with pytest.raises(Invalid) as wrong:
        ask(holder.id, entry, by=administrator, at=NOW)
    assert list(wrong.value.fields) == [field]
    assert "mail" not in MADE_SURE
    assert mails(installation, holder) == []


def test_a_link_works_once_and_only_its_hash_is_kept(installation: Installation, administrator: Person) -> None:
    holder, email = make_account(installation.house, Role.REPORT_AUTHOR)
    token = let_go(installation.house, holder, by=administrator, second=administrator, at=NOW)
    for _ in range(2):  # looking uses nothing up: a mail scanner may have been there first
        assert coming_back(token, address=HERE, at=NOW).email == email
    choose_anew(token, NEW, address=HERE, at=NOW)
    for at in (NOW, NOW + SECOND):
        with pytest.raises(NoWayIn):
            choose_anew(token, f"{NEW} again", address=HERE, at=at)
        with pytest.raises(NoWayIn):
            coming_back(token, address=HERE, at=at)
    assert opens(email, NEW)
    with installation.house.reading() as session:
        bodies = b"".join(row.body for row in session.scalars(select(AuditEntry)))
        texts = "".join(session.scalars(select(Message.body)))
    assert token.encode() not in bodies
    assert token not in texts
    assert email.encode() not in bodies


def test_a_mail_that_is_made_again_kills_the_link_before_and_so_does_asking_anew(
    installation: Installation, administrator: Person
) -> None:
    house = installation.house
    holder, _ = make_account(house, Role.REPORT_AUTHOR)
    way_in_id = asked(house, holder, by=administrator, at=NOW)
    first = token_of(house, way_in_id, at=NOW)
    second = token_of(house, way_in_id, at=NOW)
    third = let_go(house, holder, by=administrator, second=administrator, at=NOW + SECOND)
    for dead in (first, second):
        with pytest.raises(NoWayIn):
            choose_anew(dead, NEW, address=HERE, at=NOW + SECOND)
    choose_anew(third, NEW, address=HERE, at=NOW + SECOND)


def _address_changed(installation: Installation, holder: Person, by: Person) -> None:
    with installation.house.transaction(by=by, at=NOW) as session:
        session.get_one(Account, holder.id).email = "another@barsetshire.example"


def _own_password(installation: Installation, holder: Person, by: Person) -> None:
    with installation.house.reading() as session:
        here = session.scalars(select(SignIn.id).where(SignIn.account_id == holder.id)).one()
    choose_password(f"{NEW} of their own", here=here, by=holder, at=NOW)


def _another_role(installation: Installation, holder: Person, by: Person) -> None:
    police = installation.county.agency("Police")
    entry = AgreementEntry("information_sharing", police, signed_on=NOW.date())
    add_agreement(entry, by=installation.county.coordinator, at=NOW)
    change(holder.id, ChangeEntry(Role.PANEL_MEMBER, police), by=by, at=NOW)


def _asker_blocked(installation: Installation, _: Person, by: Person) -> None:
    another, _email = make_account(installation.house, Role.ADMINISTRATOR)
    block(by.id, "concern", by=another, at=NOW)


CHANGES: dict[str, Callable[[Installation, Person, Person], None]] = {
    "address": _address_changed,
    "blocked": lambda _, holder, by: block(holder.id, "concern", by=by, at=NOW),
    "asker blocked": _asker_blocked,
    "role": _another_role,
    "own password": _own_password,
}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_a_link_is_dead_once_the_account_or_its_asker_is_not_what_it_was(
    installation: Installation, administrator: Person, what: str
) -> None:
    holder, email = make_account(installation.house, Role.REPORT_AUTHOR)
    sign_in(email, PASSWORD, address=HERE, at=NOW)
    token = let_go(installation.house, holder, by=administrator, second=administrator, at=NOW)
    with installation.house.reading() as session:
        before = session.get_one(Account, holder.id).password_hash
    CHANGES[what](installation, holder, administrator)
    with pytest.raises(NoWayIn):
        choose_anew(token, NEW, address=HERE, at=NOW)
    with installation.house.reading() as session:
        after = session.get_one(Account, holder.id).password_hash
    assert (after == before) is (what != "own password")
    assert not passwords.fits(NEW, after, installation.house.settings)


@pytest.mark.parametrize("what", ["blocked", "address", "asker blocked", "role"])
def test_a_mail_that_has_not_gone_goes_no_more_once_the_account_is_not_what_it_was(
    installation: Installation, administrator: Person, what: str
) -> None:
    holder, _ = make_account(installation.house, Role.REPORT_AUTHOR)
    way_in_id = asked(installation.house, holder, by=administrator, at=NOW)
    CHANGES[what](installation, holder, administrator)
    with mail_server() as server:
        settings = replace(installation.house.settings, mail_url=server.url, mail_from="dhr@barsetshire.example")
        deliver(replace(installation.house, settings=settings), at=NOW)
    assert [letter for letter in server.taken if "new password" in str(letter["Subject"])] == []
    with installation.house.reading() as session:
        assert session.get_one(WayIn, way_in_id).token_sha256 is None
        assert session.scalars(select(Message.state).where(Message.way_in_id == way_in_id)).all() == ["withdrawn"]


def test_the_link_goes_to_the_account_s_own_address_alone(installation: Installation, administrator: Person) -> None:
    holder, email = make_account(installation.house, Role.REPORT_AUTHOR)
    asked(installation.house, holder, by=administrator, at=NOW)
    with mail_server() as server:
        settings = replace(installation.house.settings, mail_url=server.url, mail_from="dhr@barsetshire.example")
        assert deliver(replace(installation.house, settings=settings), at=NOW).sent == 1
    (letter,) = server.taken
    assert letter["To"] == email
    found = re.search(r"/new-password/([\w-]{43})\s", text_of(letter))
    assert found is not None
    assert coming_back(found[1], address=HERE, at=NOW).email == email


def test_a_role_given_meanwhile_makes_it_an_office_s_link(installation: Installation, administrator: Person) -> None:
    county = installation.county
    holder, _ = make_account(installation.house, Role.REPORT_AUTHOR)
    change(holder.id, ChangeEntry(Role.COORDINATOR), by=administrator, at=NOW)
    token = let_go(installation.house, holder, by=administrator, second=administrator, at=NOW)
    with installation.house.reading() as session:
        proposed = session.scalars(select(AccountChange.id)).one()
    confirm_change(proposed, by=county.chair, at=NOW)
    with pytest.raises(NoWayIn):
        choose_anew(token, NEW, address=HERE, at=NOW)


def test_it_lasts_a_day_and_waits_three_for_the_second_person(
    installation: Installation, administrator: Person
) -> None:
    county, house = installation.county, installation.house
    holder, _ = make_account(house, Role.REPORT_AUTHOR)
    token = let_go(house, holder, by=administrator, second=administrator, at=NOW)
    coming_back(token, address=HERE, at=NOW + LASTS - SECOND)
    with pytest.raises(NoWayIn):
        coming_back(token, address=HERE, at=NOW + LASTS)
    office, _ = make_account(house, Role.AUDITOR)
    way_in_id = asked(house, office, by=administrator, at=NOW + SECOND)
    with pytest.raises(Over, match="too long ago"):
        confirm(way_in_id, by=county.coordinator, at=NOW + SECOND + WAITS)
    confirm(way_in_id, by=county.coordinator, at=NOW + WAITS)


def test_a_factor_goes_only_where_it_was_asked_for_and_only_when_the_link_is_used(
    installation: Installation, administrator: Person
) -> None:
    house = installation.house
    for entry, asks_for_code in ((SEEN, True), (ALL_LOST, False)):
        holder, email = make_account(house, Role.REPORT_AUTHOR)
        with_authenticator(holder, at=NOW)
        token = let_go(house, holder, by=administrator, second=administrator, entry=entry, at=NOW + SECOND)
        with pytest.raises(CodeNeeded):  # the old ones count until then
            sign_in(email, PASSWORD, address=HERE, at=NOW)
        choose_anew(token, NEW, address=HERE, at=NOW + SECOND)
        if asks_for_code:
            with pytest.raises(CodeNeeded):
                sign_in(email, NEW, address=HERE, at=NOW)
        else:
            assert sign_in(email, NEW, address=HERE, at=NOW)


def test_every_sign_in_ends_the_holder_is_told_and_seats_stay(
    installation: Installation, administrator: Person
) -> None:
    case = installation.county.review(Stage.PANEL)
    holder, email = make_account(installation.house, Role.REPORT_AUTHOR)
    join(case.reference, holder.id, by=installation.county.coordinator, at=case.wait(minutes=1))
    app = create_app(house=installation.house)
    thief = app.test_client()
    submit(thief, "/sign-in", {"email": email, "password": PASSWORD})
    assert thief.get("/desk").status_code == 200
    with installation.house.reading() as session:
        seats = [(seat.id, seat.ended_at) for seat in session.scalars(select(Membership).order_by(Membership.id))]
    token = let_go(installation.house, holder, by=administrator, second=administrator, at=NOW)
    assert thief.get("/desk").status_code == 200  # asking ends nothing
    choose_anew(token, NEW, address=HERE, at=NOW)
    assert thief.get("/desk").location == "/sign-in?next=/desk"
    with installation.house.reading() as session:
        after = [(seat.id, seat.ended_at) for seat in session.scalars(select(Membership).order_by(Membership.id))]
        kinds = session.scalars(select(Event.kind).where(Event.subject_id == holder.id, Event.kind.like("way_in%")))
        assert sorted(kinds) == ["way_in_asked", "way_in_used"]
    assert after == seats != []
    done, link = mails(installation, holder)
    assert ("A new password was chosen" in done.body, "Choose a new password" in link.subject) == (True, True)
    for mail in (link, done):
        for name in (holder.name, administrator.name, case.reference, email):
            assert name not in f"{mail.subject} {mail.body}"


def test_two_tabs_and_two_at_once_use_it_up_once(installation: Installation, administrator: Person) -> None:
    holder, email = make_account(installation.house, Role.REPORT_AUTHOR)
    token = let_go(installation.house, holder, by=administrator, second=administrator, at=NOW)
    outcome: list[str] = []

    def use(password: str) -> None:
        with at_work(installation.house):
            try:
                choose_anew(token, password, address=HERE, at=NOW)
                outcome.append(password)
            except NoWayIn:
                outcome.append("")

    tabs = [Thread(target=use, args=(f"{NEW} {number}",)) for number in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    (won,) = [each for each in outcome if each]
    assert len(outcome) == 4
    assert opens(email, won)


def test_guesses_are_counted_with_the_wrong_passwords_of_their_network(installation: Installation) -> None:
    for number in range(30):
        with pytest.raises(NoWayIn):
            coming_back(f"guess-{number}", address=HERE, at=NOW)
    with pytest.raises(TooManyTries):
        coming_back("guess-30", address=HERE, at=NOW)
    with pytest.raises(TooManyTries):
        sign_in("nobody@barsetshire.example", PASSWORD, address=HERE, at=NOW)


def test_no_page_before_the_sign_in_tells_whether_an_address_has_an_account(
    installation: Installation, administrator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = installation.house
    known, email = make_account(house, Role.REPORT_AUTHOR)
    token = let_go(house, known, by=administrator, second=administrator, at=NOW)
    checked: list[str] = []
    verify, make = passwords.fits, passwords.hashed

    def counted_fits(password: str, kept: str | None, settings: Settings) -> bool:
        checked.append("verified")
        return verify(password, kept, settings)

    def counted_hash(password: str, settings: Settings) -> str:
        checked.append("hashed")
        return make(password, settings)

    monkeypatch.setattr(passwords, "fits", counted_fits)
    monkeypatch.setattr(passwords, "hashed", counted_hash)
    app = create_app(house=house)
    app.config["WTF_CSRF_ENABLED"] = False
    page = app.test_client().get("/forgotten")
    assert (page.status_code, "<form" in page.text, email in page.text) == (200, False, False)
    assert checked == []

    def answers(path: str) -> tuple[int, str]:
        answer = app.test_client().get(path)
        return answer.status_code, answer.text.partition("<main")[2]

    def tried(address: str) -> tuple[int, int, str]:
        checked.clear()
        answer = submit(app.test_client(), "/sign-in", {"email": address, "password": "not the password"})
        return answer.status_code, len(checked), answer.text.partition("<main")[2].replace(address, "")

    choose_anew(token, NEW, address=HERE, at=NOW)
    assert answers(f"/new-password/{token}") == answers("/new-password/nobody-made-this")
    (one, other) = (tried(address) for address in (email, "nobody@barsetshire.example"))
    assert one[:2] == other[:2] == (422, 1)
    assert one[2].count("form") == other[2].count("form")


def test_taking_it_back_kills_the_link_and_a_stranger_has_no_say(
    installation: Installation, administrator: Person
) -> None:
    house, county = installation.house, installation.county
    holder, _ = make_account(house, Role.REPORT_AUTHOR)
    way_in_id = asked(house, holder, by=administrator, at=NOW)
    token = token_of(house, way_in_id, at=NOW)
    with pytest.raises(NotAllowed):
        take_back(way_in_id, by=county.who(Role.AUDITOR), at=NOW)
    take_back(way_in_id, by=county.coordinator, at=NOW)
    with pytest.raises(NoWayIn):
        coming_back(token, address=HERE, at=NOW)
    with pytest.raises(Over):
        take_back(way_in_id, by=county.coordinator, at=NOW)
    with pytest.raises(OutOfReach):
        take_back(holder.id, by=county.coordinator, at=NOW)
