"""What has to be done about people from a shell, because nobody can do it on the web yet."""

import click

from catalog.accounts import queries
from catalog.extensions import db
from catalog.records import services


@click.command("make-administrator")
@click.argument("email")
def make_administrator(email: str) -> None:
    """Make the person with this EMAIL an administrator. They must have signed up.

    The first administrator is made so; all others can be made on the web, under People."""
    person = queries.person_with_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has an account with {email}. Sign up on the web first.")
    changed = services.make_administrator(person)
    db.session.commit()
    click.echo(f"{person.name} is {'now' if changed else 'already'} an administrator.")
