"""`dhr invite-first` and `dhr new-password`: what the operator does where no administrator is there to do it."""

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


@main.command("new-password")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Their authenticator and passkeys are lost too: they go.")
@AS_JSON
def new_password(email: str, second_factor: bool, as_json: bool) -> None:
    """Let an administrator who has forgotten their password choose a new one, by their work address EMAIL.

    Works only while too few others are left to do it on the pages: one who asks, and one who confirms. Make sure first
    that it is they.
    """
    from dhr_app.casework.way_in_link import moment
    from dhr_app.casework.way_in_operator import give_way_in

    with in_house() as house:
        found = give_way_in(house, email, with_factor=second_factor, at=house.clock.now())
    if as_json:
        print_json({"link": found.link, "until": found.until})
        return
    click.echo(f"Give them this link by a way you trust. It works once, until {moment(found.until)}; it is shown once:")
    click.echo(found.link)
