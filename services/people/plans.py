"""What people do with the register of people: somebody new, and posts, licences and attachments."""

from uuid import UUID

from domain.capacity import Capacity
from domain.people import person as people
from domain.people.person import PERSON, Person
from services.commands.ask import Ask
from services.commands.plan import Attempt, Plan, Planned, Reach
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.log.randomness import new_id


def register_person(command: people.RegisterPerson) -> Plan:
    """Somebody new."""
    stream = new_id()

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(people.RegisterPerson, None)
        return attempt.decided(PERSON, stream, Loaded(Person(), 0), command, correlation=stream)

    return Plan(make)


def on_person(stream: UUID, command: people.Command) -> Plan:
    """Something about a person: posts, licences, attachment."""

    def make(attempt: Attempt) -> Planned:
        estate: str | None = getattr(command, "estate", None)
        attempt.check_power(type(command), estate)
        if estate is not None:
            attempt.estate(estate).check_place(getattr(command, "building", None), None, None)
        loaded = attempt.at(PERSON, stream)
        if loaded.version == 0:
            raise NotFound
        _check_own_people(attempt.ask, loaded.state)
        return attempt.decided(PERSON, stream, loaded, command, correlation=stream)

    def forget(reach: Reach) -> None:
        reach.vault.destroy(stream)

    return Plan(make, forget if isinstance(command, people.ForgetPerson) else None)


def _check_own_people(ask: Ask, person: Person) -> None:
    """A head may change people without a post yet, or with one in his own estates; others are not found."""
    estates = {post.estate for post in person.posts}
    if ask.caller.capacity is not Capacity.SYSTEM and estates and not estates & ask.caller.estates:
        raise NotFound
