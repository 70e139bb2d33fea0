//! Many texts at once, as Apache Arrow has them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Int32Builder, LargeBinaryBuilder, ListBuilder, StringBuilder,
    StructBuilder,
};
use arrow_array::cast::AsArray;
use arrow_array::types::ByteArrayType;
use arrow_array::{Array, ArrayRef, GenericByteArray, RecordBatch};
use arrow_pyarrow::PyArrowType;
use arrow_schema::{ArrowError, DataType, Field, Fields};
use asyncmend::parts::encoding::not_utf_8;
use asyncmend::parts::terminal::shown;
use asyncmend::{self as engine, Decision, Fault, FileOutcome, Finding, Kind, Options};
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::prelude::*;

use crate::mender::{Mender, interrupted, placed};

/// How long an interrupt waits between rows.
const ATTENTION: Duration = Duration::from_millis(100);

/// What becomes of the rows of `batch`: its columns, all binary, are `path`, `content`, and `target`, which may be
/// null. Texts are `content` that is text, and not the bytes of files, where `are_texts`. In the result, contents and
/// patches are large binary. Its columns are for the package, which gives them the types of what it was given.
#[pyfunction]
pub(crate) fn rewrite_batch(
    py: Python<'_>,
    mender: &Mender,
    batch: PyArrowType<RecordBatch>,
    are_texts: bool,
) -> PyResult<PyArrowType<RecordBatch>> {
    let PyArrowType(batch) = batch;
    let rewritten = py.detach(|| rewrite(mender, &batch, are_texts));
    rewritten.map(PyArrowType)
}

fn rewrite(mender: &Mender, batch: &RecordBatch, are_texts: bool) -> PyResult<RecordBatch> {
    let [paths, contents, targets] = ["path", "content", "target"].map(|name| {
        let column = batch.column_by_name(name);
        column.map_or_else(Vec::new, bytes)
    });
    let mut menders = Menders::new(mender);
    let mut columns = Columns::new();
    let mut heard = Instant::now();
    for ((path, content), target) in paths.iter().zip(&contents).zip(&targets) {
        if heard.elapsed() > ATTENTION {
            if interrupted() {
                return Err(Python::attach(PyErr::fetch));
            }
            heard = Instant::now();
        }
        let path = path.map_or("source.py".into(), String::from_utf8_lossy);
        let path = path.trim_start_matches('/');
        let rewritten = match content {
            Some(content) => menders.rewrite(path, content, *target, are_texts)?,
            None => Err(format!("{}: there is no content", shown(path))),
        };
        // A column of strings cannot hold what is none.
        let is_string = |content: &&[u8]| !are_texts || str::from_utf8(content).is_ok();
        let kept = match rewritten {
            Ok(_) => *content,
            Err(_) => content.filter(is_string),
        };
        columns.add(kept, rewritten);
    }
    let finished = columns.finish();
    finished.map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The values of a column that holds bytes.
fn bytes(column: &ArrayRef) -> Vec<Option<&[u8]>> {
    fn all<T: ByteArrayType<Native = [u8]>>(column: &GenericByteArray<T>) -> Vec<Option<&[u8]>> {
        column.iter().collect()
    }
    match column.data_type() {
        DataType::Binary => all(column.as_binary::<i32>()),
        DataType::LargeBinary => all(column.as_binary::<i64>()),
        DataType::BinaryView => column.as_binary_view().iter().collect(),
        // The package has cast all others.
        _ => vec![None; column.len()],
    }
}

/// The menders of a batch, by the target of their texts.
struct Menders<'m> {
    usual: &'m engine::Mender,
    options: &'m Options,
    others: HashMap<Vec<u8>, Result<engine::Mender, String>>,
}

impl<'m> Menders<'m> {
    fn new(mender: &'m Mender) -> Self {
        Self {
            usual: &mender.engine,
            options: &mender.options,
            others: HashMap::new(),
        }
    }

    /// What becomes of one row, or the whole line that says why nothing does. Raises where nothing would become of any
    /// other either.
    fn rewrite(
        &mut self,
        path: &str,
        content: &[u8],
        target: Option<&[u8]>,
        is_text: bool,
    ) -> PyResult<Result<FileOutcome, String>> {
        let usual = self.usual;
        let mender = match target.map(|target| self.of(target)) {
            None => usual,
            Some(Ok(mender)) => mender,
            Some(Err(wrong)) => return Ok(Err(format!("{}: {wrong}", shown(path)))),
        };
        let rewritten = if is_text {
            rewrite_text(mender, path, content)
        } else {
            mender.rewrite_file(path, content)
        };
        match rewritten {
            Err(Fault::GivenUp) => Err(Python::attach(PyErr::fetch)),
            Err(fault @ Fault::NoThread) => Err(PyMemoryError::new_err(fault.to_string())),
            rewritten => Ok(rewritten.map_err(|fault| placed(&fault, path))),
        }
    }

    fn of(&mut self, target: &[u8]) -> &Result<engine::Mender, String> {
        if !self.others.contains_key(target) {
            let version = String::from_utf8_lossy(target);
            let options = self.options.clone().target_version(version);
            let mender = engine::Mender::new(&options).map(|mender| mender.unless(interrupted));
            let mender = mender.map_err(|error| error.to_string());
            self.others.insert(target.to_vec(), mender);
        }
        &self.others[target]
    }
}

/// As for a file, of a text, which has no encoding.
fn rewrite_text(mender: &engine::Mender, path: &str, content: &[u8]) -> Result<FileOutcome, Fault> {
    let text = str::from_utf8(content).map_err(|error| not_utf_8(content, error))?;
    Ok(mender.rewrite_as(Kind::of(path), text)?.into_file(path))
}

/// The columns of the result, as far as they have come.
struct Columns {
    changed: BooleanBuilder,
    content: LargeBinaryBuilder,
    patch: LargeBinaryBuilder,
    findings: ListBuilder<StructBuilder>,
    fault: StringBuilder,
}

impl Columns {
    fn new() -> Self {
        Self {
            changed: BooleanBuilder::new(),
            content: LargeBinaryBuilder::new(),
            patch: LargeBinaryBuilder::new(),
            findings: ListBuilder::new(finding_builder()),
            fault: StringBuilder::new(),
        }
    }

    /// Adds what became of a row, with the `content` that it keeps where nothing changed.
    fn add(&mut self, content: Option<&[u8]>, rewritten: Result<FileOutcome, String>) {
        let (outcome, fault) = match rewritten {
            Ok(outcome) => (outcome, None),
            Err(fault) => (FileOutcome::default(), Some(fault)),
        };
        let FileOutcome { new, findings, .. } = outcome;
        self.changed.append_value(new.is_some());
        let new_content = new.as_ref().map(|new| &*new.bytes);
        self.content.append_option(new_content.or(content));
        self.patch.append_option(new.map(|new| new.patch));
        for finding in &findings {
            add_finding(self.findings.values(), finding);
        }
        self.findings.append(true);
        self.fault.append_option(fault);
    }

    fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let columns: [(&str, ArrayRef); 5] = [
            ("changed", Arc::new(self.changed.finish())),
            ("content", Arc::new(self.content.finish())),
            ("patch", Arc::new(self.patch.finish())),
            ("findings", Arc::new(self.findings.finish())),
            ("fault", Arc::new(self.fault.finish())),
        ];
        RecordBatch::try_from_iter(columns)
    }
}

/// The fields of a finding that are texts, lists of codes, and numbers, in this order.
const TEXTS: [&str; 6] = ["transform", "decision", "message", "why", "code", "remedy"];
const CODES: [&str; 2] = ["cautions", "in_the_way"];
const NUMBERS: [&str; 5] = ["line", "column", "end_line", "end_column", "cell"];

fn finding_builder() -> StructBuilder {
    let codes = || Field::new_list_field(DataType::Utf8, true);
    let texts = TEXTS.map(|name| Field::new(name, DataType::Utf8, true));
    let lists = CODES.map(|name| Field::new(name, DataType::List(Arc::new(codes())), true));
    let numbers = NUMBERS.map(|name| Field::new(name, DataType::Int32, true));
    let fields: Fields = texts.into_iter().chain(lists).chain(numbers).collect();
    StructBuilder::from_fields(fields, 0)
}

/// Why a builder is what it is taken for.
const FIELD: &str = "the builder has this field";

fn add_finding(builder: &mut StructBuilder, finding: &Finding) {
    let refusal = match finding.decision {
        Decision::Refused(refusal) => Some(refusal),
        _ => None,
    };
    let texts = [
        Some(finding.transform),
        Some(finding.decision.word()),
        Some(finding.decision.message()),
        Some(finding.why),
        refusal.map(|it| it.code),
        refusal.map(|it| it.remedy),
    ];
    let cautions = finding.decision.fix().map_or(&[][..], |fix| &fix.cautions);
    let lists = [cautions, finding.decision.in_the_way()];
    let (start, end) = (finding.start, finding.end);
    let numbers = [
        Some(start.line),
        Some(start.column),
        Some(end.line),
        Some(end.column),
        start.cell,
    ];
    for (index, text) in texts.into_iter().enumerate() {
        let builder = builder.field_builder::<StringBuilder>(index).expect(FIELD);
        builder.append_option(text);
    }
    for (index, cautions) in (TEXTS.len()..).zip(lists) {
        let builder = builder.field_builder::<ListBuilder<Box<dyn ArrayBuilder>>>(index);
        let builder = builder.expect(FIELD);
        let codes = builder
            .values()
            .as_any_mut()
            .downcast_mut::<StringBuilder>();
        let codes = codes.expect(FIELD);
        for caution in cautions {
            codes.append_value(caution.code);
        }
        builder.append(true);
    }
    for (index, number) in (TEXTS.len() + CODES.len()..).zip(numbers) {
        let number = number.map(|number| i32::try_from(number).unwrap_or(i32::MAX));
        let builder = builder.field_builder::<Int32Builder>(index).expect(FIELD);
        builder.append_option(number);
    }
    builder.append(true);
}
