"""What followings have taken in, told by the database to all processes as it becomes durable."""

import json
from collections.abc import Iterable, Sequence

from projections.projection import Connection

CHANNEL = "jinlin_view"  # [{"view": a following's name, "position", "estates" whose pages show something new}]
LOG_CHANNEL = "jinlin_log"  # told the log's last position
EVERYWHERE = "*"  # instead of more estates than a notice holds
MOST_TOLD = 100
LONGEST_NOTICE = 7_900  # bytes; PostgreSQL takes less than 8,000


def news(name: str, position: int, estates: Iterable[str]) -> str:
    """That a following has reached ``position``, for those who wait for it and for pages that show ``estates``."""
    named = sorted(set(estates))
    return json.dumps(
        {"view": name, "position": position, "estates": named if len(named) <= MOST_TOLD else [EVERYWHERE]}
    )


def tell(conn: Connection, news: Sequence[str]) -> None:
    """As few notices as hold all the news: who listens is woken by each."""
    notices = list(news[:1])
    for each in news[1:]:
        together = f"{notices[-1]},{each}"
        if len(together) <= LONGEST_NOTICE:
            notices[-1] = together
        else:
            notices.append(each)
    if notices:
        said = [f"[{notice}]" for notice in notices]
        conn.execute("SELECT pg_notify(%s, said) FROM unnest(%s::text[]) AS said", (CHANNEL, said))
