"""What the desk says once a policy holds: witnessed at the quorum alone, up to there, and how long the tail is."""

from typing import Any
from unittest.mock import patch

from services.tlog.cosignature import cosign
from services.tlog.note import Signer
from services.tlog.policy import Policy
from services.trail import witness_standing
from services.trail.publishing import Publisher
from services.trail.witness_policy import InForce, PolicySource
from services.words.sentences import say
from tests.conftest import FIRST, Demo
from tests.trail.desk import grown
from tests.trail.witnesses import MEMBERS, STREET, policy

API = f"/api/v1/estates/{FIRST}/trail"


def cosigned_by(demo: Demo, *signers: Signer) -> int:
    """They cosign the checkpoint of the tree as it stands; its size."""
    publisher = demo.product.part(Publisher)
    with demo.product.database.app.connection() as conn:
        kept = publisher.publish(conn)
        assert kept is not None
        lines = [cosign(each, kept.note.text, 1_790_000_000) for each in signers]
        publisher.keep_cosignatures(conn, kept.note.with_more(lines), [each.verifier for each in signers])
    return kept.size


def test_witnessed_is_said_at_the_quorum_alone_and_of_what_it_covers(demo: Demo) -> None:
    head, committee = demo.sign_in_patient("head"), demo.sign_in("committee")

    def noted() -> int:
        done = head.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮", "building": "1"})
        assert done.status_code == 201, done.text
        grown(demo)
        return demo.product.log.last_position() - 1

    def read(path: str, **query: Any) -> Any:
        answer = committee.get(f"{API}{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    held = InForce(PolicySource.FILE, Policy.parse(policy(demo)))
    with patch.object(witness_standing, "in_force", return_value=held):
        first = noted()
        cosigned_by(demo, *MEMBERS)  # all members, and nobody of the sub-district
        assert (read("")["witnessed"], read("")["policy"]) == (0, True)
        assert {each["tick"] for each in read("/lines", list="noted")} == {"SIGNED"}
        assert say("zh", "trail-verdict-unwitnessed") in committee.get(f"/trail/{FIRST}").text
        size = cosigned_by(demo, MEMBERS[0], MEMBERS[2], STREET)
        second = noted()
        found = read("")
        assert (found["witnessed"], found["tail"]) == (size, found["recorded"] - size) and found["tail"] > 0
        assert {each["witness"]: each["size"] for each in found["lanes"]} == {
            "m1": size, "m2": size, "m3": size, "jiedao": size, "shi": 0,
        }  # fmt: skip
        ticks = {each["index"]: each["tick"] for each in read("/lines", list="noted")}
        assert (ticks[first], ticks[second]) == ("WITNESSED", "SIGNED")
        page = committee.get(f"/trail/{FIRST}").text
        assert say("zh", "trail-verdict-tail") in page and say("zh", "trail-witnessed-to", size=f"{size:,}") in page
        with grown.altered(demo, first):
            ticks = {each["index"]: each["tick"] for each in read("/lines", list="noted")}
            assert ticks[first] == "WRONG"
