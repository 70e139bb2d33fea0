//! A TOML file that knows where everything in it stands.

use std::num::NonZeroU32;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use crate::names::Wrong;

/// A value and where it stands.
pub(crate) type Value<'t> = Spanned<DeValue<'t>>;

/// A key and where it stands.
pub(crate) type Key<'t> = Spanned<DeString<'t>>;

/// A parsed TOML file.
#[derive(Debug)]
pub(crate) struct Document<'t> {
    /// The file, absolute.
    pub(crate) path: PathBuf,
    /// The file as messages name it.
    pub(crate) name: String,
    text: &'t str,
    root: DeTable<'t>,
}

impl<'t> Document<'t> {
    /// Parses `text`, the contents of the file at `path`.
    pub(crate) fn parse(path: &Path, name: String, text: &'t str) -> Result<Self> {
        let root = DeTable::parse(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let message = error.message().replace('\n', ", ");
            anyhow!("{name}:{}: invalid TOML: {message}", line(text, start))
        })?;
        Ok(Self {
            path: path.to_path_buf(),
            name,
            text,
            root: root.into_inner(),
        })
    }

    /// The whole file.
    pub(crate) fn root(&self) -> &DeTable<'t> {
        &self.root
    }

    /// The value under this path of keys.
    pub(crate) fn get(&self, keys: &[&str]) -> Option<&Value<'t>> {
        let (last, tables) = keys.split_last()?;
        let mut table = &self.root;
        for key in tables {
            table = table.get(*key)?.get_ref().as_table()?;
        }
        table.get(*last)
    }

    /// Where a value stands: `pyproject.toml:12`.
    pub(crate) fn place(&self, span: &Range<usize>) -> String {
        format!("{}:{}", self.name, line(self.text, span.start))
    }

    /// Adds to an error where in the file its cause stands.
    pub(crate) fn locate<T, E>(&self, span: &Range<usize>, result: Result<T, E>) -> Result<T>
    where
        Result<T, E>: Context<T, E>,
    {
        result.with_context(|| self.place(span))
    }

    /// `value` as a string.
    pub(crate) fn string<'v>(&self, value: &'v Value<'t>) -> Result<&'v str> {
        self.expect(value, "a string", value.get_ref().as_str())
    }

    /// `value` as true or false.
    pub(crate) fn boolean(&self, value: &Value<'t>) -> Result<bool> {
        self.expect(value, "true or false", value.get_ref().as_bool())
    }

    /// `value` as a number from 1.
    pub(crate) fn positive(&self, value: &Value<'t>) -> Result<NonZeroU32> {
        let number = value.get_ref().as_integer();
        let number = number.and_then(|it| u32::from_str_radix(it.as_str(), it.radix()).ok());
        self.expect(value, "a number from 1", number.and_then(NonZeroU32::new))
    }

    /// `value` as a table, its entries in the order of the file: the first error and the first
    /// match are then those that a reader sees first.
    pub(crate) fn table<'v>(
        &self,
        value: &'v Value<'t>,
    ) -> Result<Vec<(&'v Key<'t>, &'v Value<'t>)>> {
        let table = self.expect(value, "a table", value.get_ref().as_table())?;
        Ok(in_file_order(table))
    }

    /// `value` as a list of strings, each read by `read`.
    pub(crate) fn list<'v, T>(
        &self,
        value: &'v Value<'t>,
        read: impl Fn(&'v str) -> Result<T, Wrong>,
    ) -> Result<Vec<T>> {
        self.expect(value, "a list of strings", value.get_ref().as_array())?
            .iter()
            .map(|item| self.locate(&item.span(), read(self.string(item)?)))
            .collect()
    }

    fn expect<T>(&self, value: &Value, wanted: &str, found: Option<T>) -> Result<T> {
        let kind = value.get_ref().type_str();
        self.locate(
            &value.span(),
            found.ok_or_else(|| anyhow!("expected {wanted}, found {kind}")),
        )
    }
}

/// The entries of a table in the order in which they stand in the file.
pub(crate) fn in_file_order<'v, 't>(table: &'v DeTable<'t>) -> Vec<(&'v Key<'t>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// `value` as JSON has it; a date, which no key of ours takes, as a string.
pub(crate) fn json(value: &Value) -> serde_json::Value {
    match value.get_ref() {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => {
            let digits = i64::from_str_radix(number.as_str(), number.radix());
            digits.map_or_else(|_| number.as_str().into(), Into::into)
        }
        DeValue::Float(number) => number.as_str().into(),
        DeValue::Boolean(truth) => (*truth).into(),
        DeValue::Datetime(date) => date.to_string().into(),
        DeValue::Array(items) => items.iter().map(json).collect(),
        DeValue::Table(table) => in_file_order(table)
            .into_iter()
            .map(|(key, value)| (key.get_ref().to_string(), json(value)))
            .collect(),
    }
}

/// The line of an offset, counted from 1.
fn line(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + memchr::memchr_iter(b'\n', before).count()
}
