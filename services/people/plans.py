"""What people do with the register of people: somebody new, and posts, licences and attachments."""

from dataclasses import replace
from uuid import UUID

from domain.capacity import Capacity
from domain.estates.estate import Estate
from domain.people import person as people
from domain.people.person import PERSON, Person
from domain.refusal import refuse_if
from projections.people import people as rows
from services.commands.ask import Ask
from services.commands.plan import Attempt, Plan, Planned, Reach
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.log.randomness import new_id


def register_person(command: people.RegisterPerson) -> Plan:
    """Somebody new. Refuses ``person_known`` where it may be somebody who is known, unless it is said to be another."""
    stream = new_id()

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(people.RegisterPerson, None)
        if not command.another and attempt.ask.caller.capacity is not Capacity.SYSTEM:
            wanted = PERSON.consider(command, Person(), attempt.act)[0]
            assert isinstance(wanted, people.PersonRegistered)
            refuse_if(bool(known_as(attempt, wanted.name, wanted.phone)), "person_known", field="name")
        return attempt.decided(PERSON, stream, Loaded(Person(), 0), command, correlation=stream)

    return Plan(make)


def on_person(stream: UUID, command: people.Command) -> Plan:
    """Something about a person: posts, licences, attachment."""

    def make(attempt: Attempt) -> Planned:
        estate: str | None = getattr(command, "estate", None)
        wanted = command
        attempt.check_power(type(command), estate)
        if estate is not None:
            wanted = _with_own_code(command, attempt.estate(estate))
        loaded = attempt.at(PERSON, stream)
        if loaded.version == 0:
            raise NotFound
        _check_own_people(attempt.ask, loaded.state, command)
        return attempt.decided(PERSON, stream, loaded, wanted, correlation=stream)

    def forget(reach: Reach) -> None:
        reach.vault.destroy(stream)

    return Plan(make, forget if isinstance(command, people.ForgetPerson) else None)


def _with_own_code(command: people.Command, estate: Estate) -> people.Command:
    """A building under the code that the estate has for it. Refuses ``unknown_building``."""
    if not isinstance(command, people.LinkStewardToBuilding | people.ReleaseStewardFromBuilding):
        return command
    building = estate.place(command.building, None, None).building
    return replace(command, building=building or command.building)


def known_as(attempt: Attempt, name: str | None, phone: str | None) -> list[UUID]:
    """People who may be meant; the append checks that nobody else was registered meanwhile."""
    log, event = attempt.reach.log, people.PersonRegistered.__name__
    with attempt.reach.database.follower.connection() as conn:  # people without a post stand in no estate
        shown = rows.shown_up_to(conn)
        found = [row.person for row in rows.alike(conn, name, phone)]
    end = max(shown, log.last_position())
    quiet = attempt.seen.quiet_since
    quiet[event] = min(end, quiet.get(event, end))
    for recorded in log.reading_some(shown, end, [event], _NEWEST).whole():
        if rows.may_be(recorded.event.name, recorded.event.phone, name, phone):
            found.append(recorded.stream)
    return [each for each in dict.fromkeys(found) if attempt.at(PERSON, each).state.forgotten is None]


_NEWEST = 500  # that no view shows yet
_TAKEN_ON = (people.Appoint, people.EnrolSteward, people.AttachStewardToEstate)


def _check_own_people(ask: Ask, person: Person, command: people.Command) -> None:
    """A head may change people without a post yet, or with one in his own estates; others are not found.

    Whoever is known elsewhere may be taken on here: a person is registered once.
    """
    estates = {post.estate for post in person.posts}
    others = ask.caller.capacity is not Capacity.SYSTEM and bool(estates) and not estates & ask.caller.estates
    taken_on = isinstance(command, _TAKEN_ON) and not (isinstance(command, people.EnrolSteward) and person.roles)
    if others and not taken_on:
        raise NotFound
