"""A destroyed key opens nothing, whoever read it at the moment at which it was destroyed."""

from threading import Thread
from time import monotonic
from uuid import UUID, uuid4

import pytest

from services.log import vault as vaults
from services.log.vault import Vault
from tests.clock import PATIENCE
from tests.machine.ground import Ground

KEK = bytes(32)


@pytest.fixture
def vault(ground: Ground) -> Vault:
    return Vault(ground.database, KEK)


def sealed(vault: Vault) -> UUID:
    """Somebody under whose key something was sealed."""
    subject = uuid4()
    assert vault.sealer(subject) is not None
    return subject


def test_a_key_that_is_read_while_it_is_destroyed_is_not_kept(ground: Ground, vault: Vault) -> None:
    subject = sealed(vault)
    with ground.database.vault.connection() as holding, holding.transaction():
        holding.execute("SELECT 1 FROM vault.keys WHERE subject = %s FOR UPDATE", (subject,))
        destroying = Thread(target=vault.destroy, args=(subject,))
        destroying.start()
        waiting, until = False, monotonic() + PATIENCE
        while not waiting and monotonic() < until:
            with ground.owner() as conn:
                [waiting] = conn.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)").fetchone() or (
                    False,
                )
        assert waiting
        assert vault.openers({subject}).keys() == {subject}  # it is there still
    destroying.join(PATIENCE)
    assert vault.openers({subject}) == {} and vault.sealer(subject) is None


def test_another_process_that_hears_of_it_first_keeps_nothing(ground: Ground, vault: Vault) -> None:
    subject, elsewhere = sealed(vault), Vault(ground.database, KEK)
    elsewhere.drop_cached(subject)  # the event comes before the key is gone
    assert elsewhere.openers({subject}).keys() == {subject}
    vault.destroy(subject)
    assert elsewhere.openers({subject}) == {}


def test_another_process_that_hears_nothing_forgets_it_all_the_same(
    ground: Ground, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, elsewhere = sealed(vault), Vault(ground.database, KEK)
    assert elsewhere.openers({subject}).keys() == {subject}
    vault.destroy(subject)
    seen = monotonic()
    monkeypatch.setattr(vaults, "monotonic", lambda: seen + vaults.KEPT_SECONDS - 1)
    assert elsewhere.openers({subject}).keys() == {subject}
    monkeypatch.setattr(vaults, "monotonic", lambda: seen + vaults.KEPT_SECONDS + 1)
    assert elsewhere.openers({subject}) == {}
