"""Policies: what may stand in one, and which witnesses are enough."""

from itertools import combinations

import pytest

from services.tlog.policy import Policy
from services.tlog.refusals import Malformed, Unproven
from tests.tlog.logs import GOVERNMENT, LOG, MEMBERS, ORIGIN, POLICY, POLICY_TEXT, QUORUM, TIME, MemoryLog, signer

M1, M2 = (member.verifier.vkey() for member in MEMBERS[:2])


def test_two_of_three_members_and_one_of_the_government_are_enough_and_nothing_less() -> None:
    everybody = ("m1", "m2", "m3", "jiedao", "shi")
    for count in range(6):
        for names in combinations(everybody, count):
            members = sum(name.startswith("m") for name in names)
            assert POLICY.is_met_by(names) is (members >= 2 and members < len(names))


def test_a_checkpoint_is_witnessed_at_quorum_alone() -> None:
    log = MemoryLog.of(5)
    alone, two, enough = (POLICY.met(log.checkpoint(witnesses=it)) for it in ((), MEMBERS[:2], QUORUM))
    assert (alone.met, alone.who, alone.latest) == (False, (), None)
    assert (two.met, two.who, two.witnessed) == (False, ("m1", "m2"), False)
    assert (enough.met, enough.who, enough.latest, enough.witnessed) == (True, ("m1", "m2", "jiedao"), TIME + 2, True)


def test_nobody_wanted_is_not_the_same_as_witnessed() -> None:
    policy = Policy.parse(f"log {LOG.verifier.vkey()}\nquorum none\n")
    quorum = policy.met(MemoryLog.of(5).checkpoint())
    assert quorum.met and not quorum.witnessed


def test_a_policy_reads_back() -> None:
    assert Policy.parse(POLICY.text()) == POLICY
    tabs = POLICY_TEXT.replace(" ", " \t ").replace("\n", "\n\n  # 物业\n\t")
    assert Policy.parse(tabs.encode() + "# Gemeinde ä".encode("latin-1")) == POLICY
    one = Policy.parse(f"witness 居委会 {M1} https://w.example/\nquorum 居委会")
    assert one.witnesses[0].url == "https://w.example/" and Policy.parse(one.text()) == one


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no_quorum"),
        (f"witness a {M1}\n", "no_quorum"),
        ("quorum a\n", "unknown_name"),
        ("quorum none\nquorum none\n", "two_quorums"),
        ("quorum\n", "bad_policy_line"),
        ("quorum a b\n", "bad_policy_line"),
        (f"Witness a {M1}\n", "bad_policy_line"),
        (f"witness a {M1} u v\n", "bad_policy_line"),
        ("log\n", "bad_policy_line"),
        (f"witness a {M1}\nwitness a {M2}\n", "name_twice"),
        (f"witness none {M1}\n", "name_twice"),
        (f"witness a {M1}\nwitness b {M1}\n", "key_twice"),
        (f"log {LOG.verifier.vkey()}\nlog {signer('other').verifier.vkey()}\n", "key_twice"),
        (f"log {M1}\n", "wrong_kind"),
        (f"witness a {LOG.verifier.vkey()}\n", "wrong_kind"),
        ("log x\n", "bad_key"),
        (f"witness a {M1}\ngroup g any\n", "empty_group"),
        (f"witness a {M1}\ngroup g 2 a\n", "bad_threshold"),
        (f"witness a {M1}\ngroup g 0 a\n", "bad_threshold"),
        (f"witness a {M1}\ngroup g 01 a\n", "bad_threshold"),
        (f"witness a {M1}\ngroup g some a\n", "bad_threshold"),
        (f"witness a {M1}\ngroup g any a a\n", "counted_twice"),
        (f"witness a {M1}\ngroup g any a\ngroup h any a\n", "counted_twice"),
        ("group g any g\n", "unknown_name"),
        ("group g any none\n", "unknown_name"),
        (f"group g any a\nwitness a {M1}\n", "unknown_name"),
        (f"witness a {M1}\r\nquorum a\r\n", "control_character"),
        ("quorum none\0\n", "control_character"),
        ("#" * 100_001, "too_long"),
        ("\n" * 1_001, "too_long"),
        (f"witness\u00a0a {M1}\n", "bad_policy_line"),
    ],
)
def test_what_is_no_policy_is_refused_for_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        Policy.parse(text)
    assert refused.value.code == code


def test_the_refusal_names_the_line() -> None:
    with pytest.raises(Malformed, match=r"^Line 2 of the policy: "):
        Policy.parse("# one\nnonsense\n")


def test_another_log_and_another_key_are_refused() -> None:
    for key, code in ((signer("other.example"), "other_log"), (signer(ORIGIN, seed=7), "no_known_signature")):
        with pytest.raises(Unproven) as refused:
            POLICY.met(MemoryLog.of(5, key).checkpoint(witnesses=QUORUM))
        assert refused.value.code == code


def test_a_forged_cosignature_spoils_a_good_quorum() -> None:
    log = MemoryLog.of(5)
    stolen = log.checkpoint(4, witnesses=[GOVERNMENT[1]]).signatures[-1]
    with pytest.raises(Unproven) as refused:
        POLICY.met(log.checkpoint(witnesses=QUORUM).with_more([stolen]))
    assert refused.value.code == "bad_signature"
