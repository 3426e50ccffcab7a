"""The first register of an estate: all its lines are taken over, not only those that were shown before."""

from domain.estates.estate import ESTATE, estate_stream
from services.http.uploads import PREVIEWED
from tests.conftest import FIRST, Demo
from tests.register.test_register_imports import csv, done, sent


def test_more_lines_than_are_shown_are_all_registered(demo: Demo) -> None:
    accountant = demo.sign_in("accountant")
    buildings = demo.product.log.load(ESTATE, estate_stream(FIRST)).state.buildings
    places = [(b, s, room) for b, some in buildings.items() for s, rooms in some.items() for room in sorted(rooms)]
    lines = [f"{b},{s},{room},89.35,71.2,业主{n}" for n, (b, s, room) in enumerate(places[: PREVIEWED + 5])]
    shown = sent(accountant, csv(*lines)).json()
    assert (shown["lines"], len(shown["preview"]), shown["wrong"]) == (PREVIEWED + 5, PREVIEWED, 0)
    assert demo.number("dwellings") == 0
    taken = done(demo, accountant, shown["id"])
    assert (taken["standing"], taken["lines"], taken["done"]) == ("DONE", PREVIEWED + 5, PREVIEWED + 5)
    assert demo.number("dwellings") == PREVIEWED + 5
