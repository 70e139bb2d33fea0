//! The closing summary and the statistics.

use std::cmp::Reverse;
use std::fmt::{self, Write as _};

use crate::mend::Action;
use crate::report::{Report, Sites, TypeTally};
use crate::target::Target;
use crate::wording::{counted, named};

/// How many Python targets are named unless all are wanted.
const TARGETS: usize = 3;

/// How many packages that were not found are named unless all are wanted.
const MISSING: usize = 5;

/// What standard error ends with.
pub(crate) fn text(report: &Report, all_targets: bool) -> String {
    let mut out = String::new();
    write(&mut out, report, all_targets).expect("a string takes everything");
    out
}

fn write(out: &mut String, report: &Report, all_targets: bool) -> fmt::Result {
    writeln!(out, "{}", files_line(report))?;
    if report.ignored > 0 {
        writeln!(
            out,
            "ignored: {} by a comment from now on",
            counted(report.ignored, "site")
        )?;
    }
    if let Some(new) = report.new {
        writeln!(out, "new: {}", counted(new, "site"))?;
    }
    let width = report.sites().map(|sites| sites.transform.id.len()).max();
    for sites in report.sites() {
        write_sites(out, report.action, sites, width.unwrap_or(0))?;
    }
    write_repeated(out, report)?;
    write_targets(out, report, all_targets)?;
    if report.files == 0 {
        return Ok(());
    }
    write_types(out, &report.types, all_targets)
}

/// Whether types were inferred, and what would make that better.
fn write_types(out: &mut String, types: &TypeTally, all_names: bool) -> fmt::Result {
    if !types.wanted {
        return writeln!(out, "types: not inferred");
    }
    if types.files == 0 {
        return writeln!(out, "types: not asked for");
    }
    write!(
        out,
        "types: inferred for {}",
        counted(types.files - types.failed, "file")
    )?;
    match types.failed {
        0 => writeln!(out)?,
        failed => writeln!(out, ", given up for {}", counted(failed, "file"))?,
    }
    let mut missing: Vec<(&String, &usize)> = types.missing.iter().collect();
    missing.sort_by_key(|(_, files)| Reverse(**files));
    if missing.is_empty() {
        return Ok(());
    }
    let most = if all_names { usize::MAX } else { MISSING };
    let names: Vec<&str> = missing.iter().map(|(name, _)| name.as_str()).collect();
    let names = named(&names, most);
    writeln!(
        out,
        "types: not found: {names}; --python PATH names an environment that has them"
    )
}

/// "looked at 12 files, 2 would change, 1 could not be parsed".
fn files_line(report: &Report) -> String {
    let changed = match (report.changed, report.action) {
        (0, Action::Fix | Action::AddIgnores { .. }) => "none changed".to_owned(),
        (0, _) => "none would change".to_owned(),
        (changed, Action::Fix | Action::AddIgnores { .. }) => format!("{changed} changed"),
        (changed, _) => format!("{changed} would change"),
    };
    let troubles = counts([
        (report.unparsable, "could not be parsed"),
        (report.unreachable, "could not be read or written"),
        (report.faults, "met a fault of asyncmend"),
        (report.unmet, "accepted fixes not applied"),
    ]);
    let looked = format!("looked at {}", counted(report.files, "file"));
    let parts = [looked, changed, troubles].into_iter();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// How many sites of one transform met each decision, and why.
fn write_sites(out: &mut String, action: Action, sites: &Sites, width: usize) -> fmt::Result {
    let name = sites.transform.id;
    let rewritten = match action {
        Action::Fix => "rewritten",
        Action::Diff(_)
        | Action::Rewrite
        | Action::Check(_)
        | Action::Split { .. }
        | Action::AddIgnores { .. } => "would be rewritten",
    };
    let counts = counts([
        (sites.rewritten, rewritten),
        (sites.held, "held back"),
        (sites.declined, "declined"),
        (sites.taken_back, "taken back"),
        (sites.undecided, "not decided"),
        (sites.left_alone(), "left alone"),
    ]);
    writeln!(out, "  {name:width$}  {counts}")?;
    let indent = " ".repeat(width + 6);
    for (code, count) in &sites.held_by {
        writeln!(
            out,
            "{indent}{count} held back by {code}: apply with --accept {code}"
        )?;
    }
    for (code, count) in &sites.left {
        writeln!(out, "{indent}{count} left alone: {name}/{code}")?;
    }
    Ok(())
}

/// That helpers could stand in one module.
fn write_repeated(out: &mut String, report: &Report) -> fmt::Result {
    let told = report.action.of_helpers().zip(report.repeated.files());
    let Some((written, count)) = told else {
        return Ok(());
    };
    let files = counted(count, "file");
    writeln!(
        out,
        "helpers: the same one {written} into {files}; set helper-module in the configuration to have it in one"
    )
}

/// The Python targets, that of the most files first.
fn write_targets(out: &mut String, report: &Report, all_targets: bool) -> fmt::Result {
    let mut targets: Vec<(&Target, &usize)> = report.targets.iter().collect();
    targets.sort_by_key(|(_, files)| Reverse(**files));
    if let [(target, _)] = targets[..] {
        return writeln!(out, "python target: {target}");
    }
    let named = if all_targets {
        targets.len()
    } else {
        TARGETS.min(targets.len())
    };
    for (target, count) in &targets[..named] {
        writeln!(
            out,
            "python target: {target} for {}",
            counted(**count, "file")
        )?;
    }
    match targets.len() - named {
        0 => Ok(()),
        more => writeln!(out, "python target: {more} more, which --verbose names"),
    }
}

/// How many sites met each decision, the most frequent first.
pub(crate) fn statistics(report: &Report) -> String {
    let mut rows: Vec<(usize, &str, String)> = Vec::new();
    for sites in report.sites() {
        let decisions = [
            (sites.rewritten, "rewrite"),
            (sites.held, "held"),
            (sites.declined, "declined"),
            (sites.taken_back, "taken back"),
            (sites.undecided, "undecided"),
        ];
        let mut add = |count, decision| rows.push((count, sites.transform.id, decision));
        for (count, decision) in decisions.into_iter().filter(|(count, _)| *count > 0) {
            add(count, decision.to_owned());
        }
        for (code, count) in &sites.left {
            add(*count, format!("refuse {code}"));
        }
    }
    rows.sort_by_key(|(count, ..)| Reverse(*count));
    let digits = rows
        .first()
        .map_or(0, |(count, ..)| count.to_string().len());
    let width = rows
        .iter()
        .map(|(_, name, _)| name.len())
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    for (count, name, decision) in rows {
        writeln!(out, "{count:digits$}  {name:width$}  [{decision}]")
            .expect("a string takes everything");
    }
    out
}

/// "3 rewritten, 1 held back", without what does not occur.
fn counts<const N: usize>(counts: [(usize, &str); N]) -> String {
    let counts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    counts.join(", ")
}
