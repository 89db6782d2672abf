"""`dhr invite-first`: how the first people of an installation get their accounts."""

from __future__ import annotations

import click

from dhr_app.cli.core import AS_JSON, in_house, main, print_json


@main.command("invite-first")
@click.argument("email")
@click.option("--name", required=True, help="Whose account it is to be.")
@AS_JSON
def invite_first(email: str, name: str, as_json: bool) -> None:
    """Invite the first administrator, by their work address EMAIL. Works only while no administrator can sign in.

    Run it for two people before either follows their link: whatever has power is given by two from then on.
    """
    from dhr_app.casework.first_account import invite_first as invite
    from dhr_app.workflows.calendar import in_words

    with in_house() as house:
        found = invite(house, name, email, at=house.clock.now())
    if as_json:
        print_json({"link": found.link, "until": found.until})
        return
    click.echo(
        f"Give them this link by a way you trust. It works once, until {in_words(found.until)}; it is shown once:"
    )
    click.echo(found.link)
