//! `index.json`: what is in which patch, for scripts. `docs/split.schema.json` describes it; its keys are a promise.

use std::collections::BTreeMap;

use clap::ValueEnum;
use serde::Serialize;

use super::{Content, Shard};
use crate::args::By;
use crate::report::Report;

/// The version of the format.
const VERSION: u32 = 1;

/// What an index is made of.
pub(super) struct Parts<'p> {
    pub(super) by: By,
    pub(super) base: Option<&'p str>,
    pub(super) shards: &'p [Shard],
    /// By the place of the shard, as what follows.
    pub(super) patches: &'p [String],
    pub(super) subjects: &'p [String],
    pub(super) branches: Option<&'p [String]>,
    pub(super) undivided: &'p [String],
    pub(super) left_out: &'p [(String, String)],
    pub(super) report: &'p Report,
}

#[derive(Serialize)]
struct Index<'a> {
    version: u32,
    asyncmend: &'a str,
    base: Option<&'a str>,
    by: String,
    shards: Vec<Entry<'a>>,
    undivided: &'a [String],
    left_out: Vec<LeftOut<'a>>,
    left: BTreeMap<&'a str, Left>,
}

#[derive(Serialize)]
struct Entry<'a> {
    patch: &'a str,
    title: &'a str,
    group: &'a str,
    part: Option<Part>,
    helpers: bool,
    owners: &'a [String],
    files: Vec<&'a str>,
    sites: BTreeMap<&'a str, usize>,
    cautions: Vec<&'a str>,
    needs: Vec<&'a str>,
    branch: Option<&'a str>,
}

#[derive(Serialize)]
struct Part {
    number: usize,
    of: usize,
}

#[derive(Serialize)]
struct LeftOut<'a> {
    path: &'a str,
    why: &'a str,
}

/// Sites that are in no patch.
#[derive(Serialize)]
struct Left {
    held: usize,
    left_alone: usize,
}

/// The index as text.
pub(super) fn text(parts: &Parts) -> String {
    let left = parts.report.sites().map(|sites| {
        let left_alone = sites.left_alone() + sites.passed_over();
        let held = sites.held;
        (sites.transform.id, Left { held, left_alone })
    });
    let index = Index {
        version: VERSION,
        asyncmend: env!("CARGO_PKG_VERSION"),
        base: parts.base,
        by: word(parts.by),
        shards: (0..parts.shards.len())
            .map(|place| entry(parts, place))
            .collect(),
        undivided: parts.undivided,
        left_out: (parts.left_out.iter())
            .map(|(path, why)| LeftOut { path, why })
            .collect(),
        left: left
            .filter(|(_, left)| left.held + left.left_alone > 0)
            .collect(),
    };
    serde_json::to_string_pretty(&index).expect("strings and numbers alone") + "\n"
}

fn entry<'a>(parts: &Parts<'a>, place: usize) -> Entry<'a> {
    let shard = &parts.shards[place];
    Entry {
        patch: &parts.patches[place],
        title: &parts.subjects[place],
        group: &shard.group.label,
        part: shard.part.map(|(number, of)| Part { number, of }),
        helpers: matches!(shard.content, Content::Helpers),
        owners: &shard.owners,
        files: shard.pieces.iter().map(|it| it.name.as_str()).collect(),
        sites: shard.sites(),
        cautions: shard.cautions().iter().map(|it| it.code).collect(),
        needs: (shard.needs.iter())
            .map(|it| parts.patches[*it].as_str())
            .collect(),
        branch: parts.branches.map(|names| names[place].as_str()),
    }
}

/// As the option has it.
fn word(by: By) -> String {
    let value = by.to_possible_value();
    value.map_or_else(String::new, |it| it.get_name().to_owned())
}
