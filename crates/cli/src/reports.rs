//! Reports that `check` printed before, read again: to be merged, or to know sites by.
//!
//! What is written of a site is taken over as it stands, so that the report of the parts is that of the whole.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::args::{Colour, FailOn, MergeArgs, ReportFormat};
use crate::output::Output;
use crate::position::Position;
use crate::render::sarif;
use crate::terminal::shown;
use crate::voice::Voice;
use crate::wording::{counted, named};

/// One report.
pub(crate) struct Report {
    path: PathBuf,
    format: ReportFormat,
    /// Which asyncmend made it, as far as the report tells.
    version: Option<String>,
    /// Whether there is nothing in the file: no sites as lines, or a run that was broken off.
    is_empty: bool,
    /// What is said of each site.
    sites: Vec<Box<RawValue>>,
    /// What is said beside that.
    notifications: Vec<Value>,
    /// Whether the run met no trouble, as far as the report tells.
    is_whole: bool,
}

/// What is asked about a site.
#[derive(Debug, Deserialize)]
pub(crate) struct Site {
    pub(crate) path: String,
    transform: String,
    start: Position,
    decision: String,
    #[serde(default)]
    pub(crate) fingerprint: Option<String>,
    /// Whether it was not there before; none where that was not asked.
    #[serde(default)]
    new: Option<bool>,
}

/// What of SARIF is read again.
#[derive(Deserialize)]
struct Sarif {
    runs: Vec<SarifRun>,
}

#[derive(Deserialize)]
struct SarifRun {
    tool: Value,
    results: Vec<Box<RawValue>>,
    #[serde(default)]
    invocations: Vec<Value>,
}

impl Report {
    /// The one in the file at `path`.
    ///
    /// # Errors
    /// Where it cannot be read, or is none that we wrote.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let name = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        Self::parse(path, &text).with_context(|| {
            format!("{name}: no report that `check` printed as json, json-lines or sarif")
        })
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let report = |format, sites| Self {
            path: path.to_path_buf(),
            format,
            version: None,
            is_empty: text.trim().is_empty(),
            sites,
            notifications: Vec::new(),
            is_whole: true,
        };
        let start = text.trim_start();
        if start.starts_with('[') {
            return Ok(report(ReportFormat::Json, serde_json::from_str(text)?));
        }
        if start.starts_with("{\"$schema\"") {
            let mut report = report(ReportFormat::Sarif, Vec::new());
            report.take_sarif(text)?;
            return Ok(report);
        }
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let sites: Result<Vec<_>, _> = lines.map(serde_json::from_str).collect();
        Ok(report(ReportFormat::JsonLines, sites?))
    }

    fn take_sarif(&mut self, text: &str) -> Result<()> {
        let Sarif { runs } = serde_json::from_str(text)?;
        let Ok([run]) = <[SarifRun; 1]>::try_from(runs) else {
            bail!("it has not one run");
        };
        let driver = &run.tool["driver"];
        if driver["name"] != "asyncmend" {
            bail!("it is of another tool");
        }
        self.version = driver["version"].as_str().map(str::to_owned);
        self.sites = run.results;
        for invocation in run.invocations {
            self.is_whole &= invocation["executionSuccessful"] != false;
            let said = invocation["toolExecutionNotifications"].as_array();
            self.notifications
                .extend(said.into_iter().flatten().cloned());
        }
        Ok(())
    }

    /// What there is to know of each site, in the order of the report.
    ///
    /// # Errors
    /// Where one is no site.
    pub(crate) fn sites(&self) -> Result<Vec<Site>> {
        let read = |raw: &RawValue| match self.format {
            ReportFormat::Json | ReportFormat::JsonLines => Ok(serde_json::from_str(raw.get())?),
            ReportFormat::Sarif => sarif_site(raw.get()),
        };
        let sites: Result<Vec<Site>> = self.sites.iter().map(|it| read(it)).collect();
        sites.with_context(|| format!("{}: no site of asyncmend", self.path.display()))
    }
}

/// The site that a result of SARIF is about.
fn sarif_site(text: &str) -> Result<Site> {
    let value: Value = serde_json::from_str(text)?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let number = |value: &Value| usize::try_from(value.as_u64()?).ok();
    let site = || {
        let place = &value["locations"][0]["physicalLocation"];
        let uri = text(&place["artifactLocation"]["uri"])?;
        let uri = uri.strip_prefix("file://").unwrap_or(&uri);
        let path = percent_encoding::percent_decode_str(uri)
            .decode_utf8()
            .ok()?;
        Some(Site {
            path: path.into_owned(),
            transform: text(&value["ruleId"])?,
            start: Position {
                cell: None,
                line: number(&place["region"]["startLine"])?,
                column: number(&place["region"]["startColumn"])?,
            },
            decision: text(&value["properties"]["decision"])?,
            fingerprint: text(&value["partialFingerprints"]["site/v1"]),
            new: text(&value["baselineState"]).map(|state| state == "new"),
        })
    };
    site().context("it lacks what a result has")
}

/// One site of one of the reports.
struct Entry<'r> {
    site: Site,
    raw: &'r RawValue,
    report: &'r Report,
}

impl Entry<'_> {
    /// What tells it from the other sites of its file. In a notebook SARIF has no places.
    fn key(&self) -> (&str, Position, &str, Option<&str>) {
        let Site {
            path,
            transform,
            start,
            fingerprint,
            ..
        } = &self.site;
        (path, *start, transform, fingerprint.as_deref())
    }

    fn place(&self) -> String {
        let Position { line, column, .. } = self.site.start;
        format!("{}:{line}:{column}", shown(&self.site.path))
    }
}

/// Prints the reports that `args` name as one.
///
/// # Errors
/// Where one cannot be read, or they do not go together.
pub(crate) fn merge(args: &MergeArgs, voice: &Voice) -> Result<ExitCode> {
    let reports = args.reports.iter().map(|path| Report::load(path));
    let reports: Vec<Report> = reports.collect::<Result<_>>()?;
    check_versions(&reports)?;
    let format = check_formats(args, &reports)?;
    let mut entries: Vec<Entry> = Vec::new();
    for report in &reports {
        let sites = report.sites()?.into_iter().zip(&report.sites);
        entries.extend(sites.map(|(site, raw)| Entry { site, raw, report }));
    }
    let untold = entries.iter().find(|it| it.site.new.is_none());
    if let Some(untold) = untold.filter(|_| args.fail_on == Some(FailOn::New)) {
        let name = untold.report.path.display();
        bail!("--fail-on new: {name} does not tell; run check with --baseline or --since");
    }
    // Each report has the sites of a file in their order.
    entries.sort_by(|one, other| {
        let (one, other) = (Path::new(&one.site.path), Path::new(&other.site.path));
        one.cmp(other)
    });
    let entries = once(entries, voice)?;
    let mut output = Output::open(args.output_file.as_deref(), Colour::Never)?;
    output.write(text(format, &entries, &reports).as_bytes())?;
    output.finish()?;
    let mut is_whole = true;
    for report in reports.iter().filter(|it| !it.is_whole) {
        is_whole = false;
        let name = report.path.display();
        voice.error(&format!(
            "{name}: the run that made it met trouble, which it tells"
        ));
    }
    let sites = counted(entries.len(), "site");
    let files = counted(reports.len(), "report");
    voice.close(&format!("merged {files} with {sites}\n"));
    let are_compared = !entries.is_empty() && entries.iter().all(|it| it.site.new.is_some());
    let usual = if are_compared {
        FailOn::New
    } else {
        FailOn::Any
    };
    let fails = |entry: &Entry| match args.fail_on.unwrap_or(usual) {
        FailOn::Any => true,
        FailOn::Fixable => entry.site.decision == "rewrite",
        FailOn::New => entry.site.new == Some(true),
    };
    Ok(ExitCode::from(match entries.iter().any(fails) {
        _ if !is_whole => 2,
        true if !args.exit_zero => 1,
        _ => 0,
    }))
}

/// Fails where another version has made one: what was said of all sites together would be what this one says.
fn check_versions(reports: &[Report]) -> Result<()> {
    let own = env!("CARGO_PKG_VERSION");
    for report in reports {
        if let Some(version) = report.version.as_deref().filter(|it| *it != own) {
            let name = report.path.display();
            bail!("{name}: it was made by asyncmend {version}, and this is {own}; make it anew");
        }
    }
    Ok(())
}

/// How to print the reports together.
fn check_formats(args: &MergeArgs, reports: &[Report]) -> Result<ReportFormat> {
    let own = reports.iter().find(|it| !it.is_empty);
    let own = own.map_or(ReportFormat::JsonLines, |it| it.format);
    let format = args.output_format.unwrap_or(own);
    let has_lines = |it: &Report| it.format == ReportFormat::JsonLines && !it.is_empty;
    let empty = reports.iter().find(|it| it.is_empty);
    // Only as lines is nothing a report.
    if let Some(empty) = empty.filter(|_| own != ReportFormat::JsonLines)
        && !reports.iter().any(has_lines)
    {
        bail!(
            "{}: it is empty, as where a run was broken off; make it anew, or all in json-lines",
            empty.path.display()
        );
    }
    let is_sarif = |format| format == ReportFormat::Sarif;
    // An empty report of lines has no look of its own.
    let other = reports
        .iter()
        .find(|it| is_sarif(it.format) != is_sarif(format) && !it.sites.is_empty());
    if let Some(other) = other {
        bail!(
            "{}: reports in SARIF go with those in SARIF alone; make all in one format",
            other.path.display()
        );
    }
    Ok(format)
}

/// The same without what is there more than once, which is told.
fn once<'r>(entries: Vec<Entry<'r>>, voice: &Voice) -> Result<Vec<Entry<'r>>> {
    let mut first_of: HashMap<_, usize> = HashMap::new();
    let mut is_kept = vec![true; entries.len()];
    let mut twice: Vec<String> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let known = &entries[*first_of.entry(entry.key()).or_insert(place)];
        if std::ptr::eq(known.report, entry.report) {
            continue;
        }
        is_kept[place] = false;
        if known.raw.get() != entry.raw.get() {
            bail!(
                "{} differs between {} and {}: they are not of one state of the code and one set of options",
                entry.place(),
                known.report.path.display(),
                entry.report.path.display()
            );
        }
        twice.push(entry.place());
    }
    if !twice.is_empty() {
        let places = named(&twice, 1);
        voice.warn(&format!(
            "{places}: in more than one report, and taken once"
        ));
    }
    let kept = entries.into_iter().zip(is_kept);
    Ok(kept
        .filter_map(|(entry, is_kept)| is_kept.then_some(entry))
        .collect())
}

/// The document.
fn text(format: ReportFormat, entries: &[Entry], reports: &[Report]) -> String {
    let raw = |separator: &str| {
        let raw: Vec<&str> = entries.iter().map(|it| it.raw.get()).collect();
        raw.join(separator)
    };
    let end = if entries.is_empty() { "" } else { "\n" };
    match format {
        ReportFormat::Json => format!("[\n{}{end}]\n", raw(",\n")),
        ReportFormat::JsonLines => raw("\n") + end,
        ReportFormat::Sarif => {
            let is_whole = reports.iter().all(|it| it.is_whole);
            let said = reports.iter().flat_map(|it| &it.notifications);
            let said: Vec<Value> = said.cloned().collect();
            sarif::head() + &raw(",\n") + &sarif::tail(is_whole, &said)
        }
    }
}
