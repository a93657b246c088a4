"""What has to be done about people from a shell: the first administrator, and whoever cannot get in any more."""

import click
from email_validator import EmailNotValidError, validate_email

from catalog.accounts import queries
from catalog.accounts import services as accounts
from catalog.accounts.claims import is_unclaimed
from catalog.accounts.models import Person
from catalog.extensions import db
from catalog.notices import audit
from catalog.records import services


@click.command("make-administrator")
@click.argument("email")
def make_administrator(email: str) -> None:
    """Make the person with this EMAIL an administrator. They must have signed up.

    `administrator` does the same, and makes the account where there is none."""
    person = queries.person_with_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has an account with {email}. Sign up on the web first.")
    _promote(person)


@click.command("administrator")
@click.argument("email")
@click.option("--name", help="Their name, where there is no account yet.")
def administrator(email: str, name: str | None) -> None:
    """Make whoever reads mail at EMAIL an administrator, with an account if they have none.

    For an account that nobody can sign in to yet it prints the link by which they choose a password; hand it to them
    alone."""
    person = queries.person_with_email(email) or _added(email, name)
    _promote(person)
    if is_unclaimed(person):
        click.echo("Choose a password within thirty days; the link works once:")
        click.echo(accounts.way_in(person))


@click.command("recover")
@click.argument("email")
def recover(email: str) -> None:
    """Let the person with this EMAIL in again: every sign-in of theirs ends, what they sign in with besides their
    password is taken away, and a link to choose a new password is printed. Hand it to them alone.

    The old password stays until they have used the link. Be sure that it is they who ask."""
    person = queries.person_with_email(email)
    if person is None:
        raise click.ClickException(f"Nobody has an account with {email}.")
    done = accounts.recover(person)
    audit.note("person.recovered", "person", person.id, by=None, person_id=person.id, how="from the shell")
    db.session.commit()
    click.echo(f"{person.name}: {', '.join(done)}.")
    lasts = "thirty days" if is_unclaimed(person) else "an hour"
    click.echo(f"Choose a password within {lasts}; the link works once:")
    click.echo(accounts.way_in(person))


def _added(email: str, name: str | None) -> Person:
    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise click.ClickException(f"{email} is not an address like name@example.org.") from None
    person = accounts.add_unclaimed(name or email.partition("@")[0], email)
    audit.note("person.added", "person", person.id, by=None, person_id=person.id, how="from the shell")
    return person


def _promote(person: Person) -> None:
    changed = services.make_administrator(person)
    db.session.commit()
    click.echo(f"{person.name} is {'now' if changed else 'already'} an administrator.")
