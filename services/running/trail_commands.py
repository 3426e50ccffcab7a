"""``jinlin trail-key``: the log's name and public keys, and a new key that signs beside the old one for a while."""

from datetime import timedelta

from services.running.opening import reached
from services.running.own_keys import trail_keys
from services.running.wiring import utc_now
from services.runtime.settings import Settings
from services.trail.keys import keep_keys

OVERLAP = timedelta(days=90)  # for which both keys sign: everybody who checks has time to take the new one over


def trail_key(settings: Settings, *, rotate: bool) -> int:
    """Print them; with ``rotate`` make a new signing key first. A product that runs signs with it from now on."""
    now = utc_now()
    with reached(settings) as url:
        keys = trail_keys(settings, url, now)
        if rotate:
            keys = keys.rotated(now, now + OVERLAP)
            keep_keys(settings.data, keys)
    print(f"origin: {keys.origin}")
    for key, verifier in zip(keys.signing, keys.verifiers(), strict=True):
        until = f"signs until {key.until:%F}" if key.until and key.until > now else ""
        said = until or ("signs no more" if key.until else "signs")
        print(f"{verifier.vkey()}  ({said})")
    if rotate:
        print("give the new key to the committee and to every witness, and take a backup: it is sealed in the next one")
    return 0
