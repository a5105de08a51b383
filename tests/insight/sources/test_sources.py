"""The books of imports: a chunk is in the lake exactly if the cursor has passed it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.insight.lake.making import a_shop, an_event, columns, ids_in_lake
from zhanggui.base.operation.rules import job
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.sources import actions, queries
from zhanggui.insight.sources.errors import ImportMoved, NoSuchImport
from zhanggui.insight.sources.models import Import, Known
from zhanggui.insight.sources.rules import Bucket, ImportState, Plan, State, Tally, import_id_of
from zhanggui.insight.sources.rules import Known as Document
from zhanggui.spine.log.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lake_folder")]

BY = job("import")
DIGESTS = {n: f"{n:032x}" for n in range(5)}


def a_plan(**changed: object) -> Plan:
    fields = {
        "id": "0123456789abcdef",
        "shop": "tea",
        "source": "orders-csv",
        "name": "f.csv",
        "reading": "utf-8",
        "byte_count": 10,
        "chunk_lines": 5,
    }
    return Plan(**(fields | changed))  # type: ignore[arg-type]


def a_tally(**changed: object) -> Tally:
    sold = Bucket(part="lines", name="sold", line_count=3, amount=Decimal("12.345"), is_told=True)
    refused = Bucket(part="lines", name="refused", line_count=1, amount=None, is_told=False)
    fields = {
        "line_count": 4,
        "orders": 2,
        "facts": 4,
        "refused_rows": 1,
        "differing": 0,
        "amount_minor": 1235,
        "currency": "CNY",
        "buckets": (sold, refused),
    }
    return Tally(**(fields | changed))  # type: ignore[arg-type]


def take(chunk: int, *keys: str, known: Sequence[Document] = ()) -> None:
    written = lake.write(columns(*(an_event(key) for key in keys)), shop="tea") if keys else ()
    actions.take(import_id="0123456789abcdef", chunk=chunk, written=written, known=known)


def begun(chunks: int = 2) -> ImportState:
    a_shop()
    return actions.begin(plan=a_plan(), chunks=chunks)


def known_to(import_id: str) -> str:
    return b"".join(queries.known(shop="tea", besides=import_id)).decode()


def test_the_same_content_read_the_same_way_is_the_same_import() -> None:
    asked = {"shop": "tea", "source": "olist", "reading": "", "content_digest": "ab"}
    assert import_id_of(**asked) == import_id_of(**asked)
    others = [import_id_of(**(asked | {key: "other"})) for key in asked]
    assert len({import_id_of(**asked), *others}) == 5


def test_an_import_begins_and_its_chunks_move_its_cursor() -> None:
    assert begun().state is State.RUNNING
    take(0, "a", "b", known=[Document(key="orders/1", digest=DIGESTS[1])])
    state = queries.import_of("0123456789abcdef")
    assert (state.chunk, state.chunks, state.share_rate) == (1, 2, 0.5)
    assert len(ids_in_lake()) == 2
    assert known_to("another") == f'"orders/1",{UUID(DIGESTS[1])}\n'
    assert known_to("0123456789abcdef") == ""


@pytest.mark.parametrize("chunk", [0, 2])
def test_a_chunk_out_of_turn_adds_nothing(chunk: int) -> None:
    begun()
    take(0, "a")
    with pytest.raises(ImportMoved):
        take(chunk, "b", known=[Document(key="orders/2", digest=DIGESTS[2])])
    assert (len(ids_in_lake()), Known.objects.count(), Import.objects.get().chunk) == (1, 0, 1)


def test_a_chunk_that_brings_nothing_new_moves_the_cursor_all_the_same() -> None:
    begun()
    take(0)
    assert queries.import_of("0123456789abcdef").chunk == 1


def test_an_unknown_import_takes_nothing() -> None:
    with pytest.raises(NoSuchImport):
        actions.take(import_id="nothing", chunk=0, written=(), known=())
    with pytest.raises(NoSuchImport):
        queries.import_of("nothing")


def test_what_was_begun_goes_on_with_its_first_chunk_size() -> None:
    begun()
    take(0, "a")
    actions.stop(import_id="0123456789abcdef", error="no room")
    stopped = queries.import_of("0123456789abcdef")
    assert (stopped.state, stopped.error) == (State.STOPPED, "no room")
    again = actions.begin(plan=a_plan(chunk_lines=99), chunks=2)
    assert (again.state, again.error, again.chunk, again.plan.chunk_lines) == (State.RUNNING, "", 1, 5)
    assert again.started_at == stopped.started_at


def test_an_import_ends_with_its_tally_and_tells_of_itself_once() -> None:
    begun(chunks=1)
    take(0, "a")
    done = actions.finish(import_id="0123456789abcdef", tally=a_tally(), by=BY)
    assert (done.state, done.tally, done.share_rate) == (State.DONE, a_tally(), 1.0)
    assert actions.finish(import_id="0123456789abcdef", tally=a_tally(orders=9), by=BY) == done
    (entry,) = Entry.objects.filter(subject="import:0123456789abcdef")
    assert (entry.name, entry.actor, entry.body) == (
        "insight.orders_imported",
        "job:import",
        {
            "import_id": "0123456789abcdef",
            "source": "orders-csv",
            "orders": 2,
            "line_count": 4,
            "refused_rows": 1,
            "amount_minor": 1235,
            "currency": "CNY",
        },
    )


def test_an_import_that_brought_nothing_tells_nothing() -> None:
    begun(chunks=0)
    actions.finish(import_id="0123456789abcdef", tally=a_tally(facts=0, orders=0), by=BY)
    assert not Entry.objects.filter(subject="import:0123456789abcdef").exists()


def test_an_import_does_not_end_before_its_last_chunk() -> None:
    begun(chunks=2)
    take(0, "a")
    with pytest.raises(ImportMoved):
        actions.finish(import_id="0123456789abcdef", tally=a_tally(), by=BY)
    assert queries.import_of("0123456789abcdef").state is State.RUNNING


def test_what_is_done_cannot_stop() -> None:
    begun(chunks=0)
    actions.finish(import_id="0123456789abcdef", tally=a_tally(), by=BY)
    actions.stop(import_id="0123456789abcdef", error="late")
    assert queries.import_of("0123456789abcdef").error == ""


def test_a_product_that_is_told_anew_changes_its_digest() -> None:
    begun()
    take(0, known=[Document(key="products/pot", digest=DIGESTS[1]), Document(key='odd"key', digest=DIGESTS[3])])
    take(1, known=[Document(key="products/pot", digest=DIGESTS[2])])
    assert sorted(known_to("another").splitlines()) == [
        f'"odd""key",{UUID(DIGESTS[3])}',
        f'"products/pot",{UUID(DIGESTS[2])}',
    ]


def test_imports_are_listed_latest_first_and_by_shop() -> None:
    begun()
    actions.begin(plan=a_plan(id="fedcba9876543210", shop="cup"), chunks=1)
    assert [state.plan.shop for state in queries.imports()] == ["cup", "tea"]
    assert [state.plan.shop for state in queries.imports(shop="tea")] == ["tea"]


def test_lines_to_mend_are_found_where_the_import_put_them() -> None:
    assert queries.refused_file("0123456789abcdef") is None
    folder = queries.folder_of("0123456789abcdef")
    folder.mkdir()
    (folder / queries.REFUSED_FILE).write_text("a\n")
    assert queries.refused_file("0123456789abcdef") == folder / "refused.csv"
    (folder / queries.REFUSED_FILE).unlink()
    folder.rmdir()


@pytest.mark.parametrize(
    "changed",
    [{"chunk": 3}, {"state": "done"}, {"state": "stopped"}, {"error": "x"}],
    ids=["cursor", "done", "stopped", "error"],
)
def test_the_table_itself_refuses_what_cannot_be(changed: dict[str, object]) -> None:
    begun()
    with pytest.raises(IntegrityError), transaction.atomic():
        Import.objects.update(**changed)
