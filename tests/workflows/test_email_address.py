"""One address is taken, and neither none nor several: a second one would get what was meant for the first."""

from __future__ import annotations

import pytest

from dhr_app.workflows.email_address import LONGEST_ADDRESS, looks_right


@pytest.mark.parametrize(
    "email",
    [
        "plans@police.barsetshire.example",
        "o'brien.septimus+dhr@nhs-trust.example.org",
        "A_B-C@x1.example",
        f"{'a' * (LONGEST_ADDRESS - len('@b.example'))}@b.example",
    ],
)
def test_an_address_is_taken(email: str) -> None:
    assert looks_right(email)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "arabella",
        "arabella@",
        "@barsetshire.example",
        "arabella@barsetshire",
        "one@elsewhere.example;two@barsetshire.example",
        "one@elsewhere.example,two@barsetshire.example",
        "one@elsewhere.example two@barsetshire.example",
        "one@elsewhere.example@barsetshire.example",
        "Arabella <arabella@barsetshire.example>",
        "arabella@barsetshire.example\n",
        "josé@barsetshire.example",
        "arabella@bärsetshire.example",
        "arabella@-barsetshire.example",
        "arabella@barsetshire..example",
        f"{'a' * (LONGEST_ADDRESS - len('@b.example') + 1)}@b.example",
    ],
)
def test_what_is_none_or_several_is_not(email: str) -> None:
    assert not looks_right(email)
