"""The purposes for which the program itself may open sealed values: a fixed table, and the trail names which it was.

How to use one (`NAME_CHECK` stands for any of the table):

    with house().with_keys(NAME_CHECK, at=at):            # the purpose's keyring is in hand, whoever is signed in
        announce(review_id, [DataClass.IDENTITIES], at=at)   # outside a verb: the trail knows before anything opens
        with house().reading() as session:
            session.get_one(Victim, id).full_name

    with house().transaction(by=KEY_ROTATION, at=at) as session: ...   # a verb in the purpose's own name

    with changing(reference, "…", by=person, at=at) as scene:           # inside a person's verb
        with house().with_keys(NAME_CHECK, at=at): ...                   # opens; the entry says for which purpose

A purpose opens the classes of its row on every review, and nothing else; inside somebody else's verb it opens but never
seals. `house().keyring(NAME_CHECK, at=at).may_open(review_id, data_class)` answers without opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dhr_app.database.context import Actor
from dhr_app.workflows.permissions import DataClass, Person, may_open


@dataclass(frozen=True)
class Purpose:
    """The program at work for one purpose: its name as the trail tells it, and the classes it may open."""

    name: str
    opens: frozenset[DataClass]

    @property
    def id(self) -> None:
        """No account."""
        return

    @property
    def opens_for(self) -> str:
        """What an opening inside somebody else's verb is told to be for."""
        return self.name


_EVERYTHING = frozenset(DataClass)
# Names, addresses, where somebody can be reached, and the words that were kept on purpose.
NAMED_IN = frozenset({DataClass.IDENTITIES, DataClass.FAMILY, DataClass.SENSITIVE, DataClass.KEPT_WORDS})

KEY_ROTATION = Purpose("dhr keys rotate", _EVERYTHING)
RECOVERY_PROOF = Purpose("dhr keys escrow", _EVERYTHING - {DataClass.SYSTEM})
AUDIT_PROOF = Purpose("dhr audit verify", _EVERYTHING)
DUPLICATE_CHECK = Purpose("duplicate check", frozenset({DataClass.IDENTITIES}))
NAME_CHECK = Purpose("protected-name check", NAMED_IN)
CONTACTS_APART = Purpose("contact details kept apart", frozenset({DataClass.FAMILY, DataClass.SENSITIVE}))
SECOND_FACTOR = Purpose("second factor", frozenset({DataClass.SYSTEM}))

PURPOSES = (KEY_ROTATION, RECOVERY_PROOF, AUDIT_PROOF, DUPLICATE_CHECK, NAME_CHECK, CONTACTS_APART, SECOND_FACTOR)


def may(
    actor: Actor,
    review_id: UUID,
    data_class: DataClass,
    *,
    agency_id: UUID | None = None,
    on: date,
    at: datetime | None = None,
) -> bool:
    """The policy of every keyring: a person by the rule book, a purpose by its row of the table, anybody else never.

    `at` is the moment of the request, for what opens only for whoever showed just before it who they are.
    """
    if isinstance(actor, Person):
        return may_open(actor, review_id, data_class, agency_id=agency_id, on=on, at=at)
    return actor in PURPOSES and data_class in actor.opens
