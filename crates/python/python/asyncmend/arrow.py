"""Mends many texts at once, as batches of Apache Arrow: for engines that hand those to Python, such as Spark and Ray.

A batch has the columns

- ``path``: the name of each text, as patches and messages have it; one that ends with ``.ipynb`` is a notebook;
- ``content``: the texts, as strings, or as the bytes of files; of any width, in dictionaries or not;
- ``target``, which may be missing or null: the Python that a text has to run on, in place of the option's.

What it becomes has the columns

- ``path``, as it was;
- ``changed``;
- ``content``: the new text, or the old one where nothing changed; null where it was, and for strings that are not UTF-8;
- ``patch``: a unified diff; null where nothing changed;
- ``findings``: a list of structs (`FINDING`), one for each site, by position;
- ``fault``: why nothing could be said about the text; else null.

What is wrong with a row is the fault of that row. What is wrong with the batch or the options raises `TypeError` or
`ValueError`; `MemoryError`, where the machine has none left for a thread. Rows are worked on one after the other, on one core: a task of an engine has no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

try:
    import pyarrow as pa  # type: ignore[import-untyped]
except ImportError as _error:
    raise ImportError("asyncmend.arrow needs pyarrow: pip install 'asyncmend[arrow]'") from _error

from asyncmend import Mender, Options, _native

if TYPE_CHECKING:
    from typing_extensions import Unpack
else:
    from asyncmend._api import Unpack

__all__ = [
    "FINDING",
    "SPARK_SCHEMA",
    "SPARK_SCHEMA_OF_BYTES",
    "rewrite_batch",
    "rewrite_table",
    "schema",
]

_CODES = pa.list_(pa.string())

#: What was decided about a site: `asyncmend.Finding`, of whose cautions there are the codes alone.
FINDING: Any = pa.struct(
    [
        ("transform", pa.string()),
        ("decision", pa.string()),
        ("message", pa.string()),
        ("why", pa.string()),
        ("code", pa.string()),
        ("remedy", pa.string()),
        ("cautions", _CODES),
        ("in_the_way", _CODES),
        ("line", pa.int32()),
        ("column", pa.int32()),
        ("end_line", pa.int32()),
        ("end_column", pa.int32()),
        ("cell", pa.int32()),
    ]
)

_IN_SPARK = {pa.string(): "string", pa.int32(): "int", _CODES: "array<string>"}

#: What batches become whose columns are strings, as Spark's `mapInArrow` wants to hear it.
SPARK_SCHEMA = (
    "path string, changed boolean, content string, patch string, findings array<struct<"
    + ", ".join(f"{field.name}: {_IN_SPARK[field.type]}" for field in FINDING)
    + ">>, fault string"
)

#: The same for batches whose contents are bytes.
SPARK_SCHEMA_OF_BYTES = SPARK_SCHEMA.replace(
    "content string, patch string", "content binary, patch binary"
)


def _has_views() -> bool:
    """Whether this pyarrow can make views: some know them and cannot."""
    if not hasattr(pa, "string_view"):
        return False
    try:
        pa.nulls(0, pa.large_binary()).cast(pa.binary_view())
    except pa.ArrowNotImplementedError:
        return False
    return True


#: The bytes of each kind of string.
_BYTES = {pa.string(): pa.binary(), pa.large_string(): pa.large_binary()}
if _has_views():
    _BYTES[pa.string_view()] = pa.binary_view()

_TOO_MUCH = "do not fit into {}; make smaller batches, or use the large type"


def schema(given: Any) -> Any:
    """The schema of what a batch with the schema `given` becomes."""
    _value_type(given, "path")
    content = _value_type(given, "content")
    return pa.schema(
        [
            given.field("path"),
            ("changed", pa.bool_()),
            ("content", content),
            ("patch", content),
            ("findings", pa.list_(FINDING)),
            ("fault", pa.string()),
        ]
    )


def rewrite_batch(batch: Any, **options: Unpack[Options]) -> Any:
    """What a `pyarrow.RecordBatch` becomes, or anything that hands one out by Arrow's C data interface."""
    mender = Mender(**options)
    if not isinstance(batch, pa.RecordBatch):
        if not hasattr(batch, "__arrow_c_array__"):
            raise TypeError(f"batch: expected a record batch of Arrow, found {type(batch).__name__}")
        batch = pa.record_batch(batch)
    return _rewrite(mender, batch)


def rewrite_table(table: Any, **options: Unpack[Options]) -> Any:
    """What a `pyarrow.Table` becomes, batch by batch."""
    mender = Mender(**options)
    if not isinstance(table, pa.Table):
        raise TypeError(f"table: expected a table of Arrow, found {type(table).__name__}")
    batches = [_rewrite(mender, batch) for batch in table.to_batches()]
    return pa.Table.from_batches(batches, schema=schema(table.schema))


def _rewrite(mender: Mender, batch: Any) -> Any:
    wanted = schema(batch.schema)
    are_texts = wanted.field("content").type in _BYTES
    columns = [_bytes(batch, "path"), _bytes(batch, "content"), _targets(batch)]
    given = pa.record_batch(columns, names=["path", "content", "target"])
    done = _native.rewrite_batch(mender._native, given, are_texts)
    content = [_as(column, wanted.field("content").type) for column in done.columns[1:3]]
    columns = [batch.column("path"), done.column(0), *content, *done.columns[3:]]
    return pa.record_batch(columns, schema=wanted)


def _value_type(given: Any, name: str) -> Any:
    """The type of the values in a column, which has to hold strings or bytes."""
    # Of a name that there is twice it says that there is none.
    if given.get_field_index(name) < 0:
        names = ", ".join(given.names) or "none"
        raise ValueError(f"batch: it needs one column `{name}`; it has {names}")
    found = given.field(name).type
    value = found.value_type if pa.types.is_dictionary(found) else found
    if pa.types.is_null(value):
        return pa.string()
    if value not in _BYTES and value not in _BYTES.values():
        raise TypeError(f"batch: expected strings or bytes in the column `{name}`, found {found}")
    return value


def _bytes(batch: Any, name: str) -> Any:
    """A column, as bytes: nobody asks whether they are text. What is wrong with one is the matter of its row."""
    kind = _value_type(batch.schema, name)
    column = batch.column(name)
    if pa.types.is_dictionary(column.type):
        try:
            column = column.dictionary_decode()
        except pa.ArrowInvalid as error:
            raise ValueError(f"batch: the texts of its column `{name}` {_TOO_MUCH.format(kind)}") from error
    if pa.types.is_null(column.type):
        column = column.cast(kind)
    return column.view(_BYTES.get(kind, kind))


def _targets(batch: Any) -> Any:
    if "target" not in batch.schema.names:
        return pa.nulls(batch.num_rows, pa.binary())
    return _bytes(batch, "target")


def _as(column: Any, kind: Any) -> Any:
    """A column of large binary values in another kind."""
    stored = _BYTES.get(kind, kind)
    try:
        column = column.cast(stored)
    except pa.ArrowInvalid as error:
        raise ValueError(f"batch: its new texts {_TOO_MUCH.format(kind)}") from error
    return column.view(kind)
