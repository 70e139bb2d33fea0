//! What holds for one file or folder, value by value, with who says so.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use asyncmend_pipeline::Transform;
use serde_json::{Value, json};

use crate::args::{ConfigArgs, ConfigFormat, FileArgs};
use crate::chosen::{USUAL_EXCLUDES, USUAL_TYPE_BUDGET};
use crate::config::Config;
use crate::here::Here;
use crate::patience::USUAL_TIME_LIMIT;
use crate::render;
use crate::settings::{Resolver, Settings};
use crate::target::Target;
use crate::terminal::shown_lines;

/// Who says what nobody says otherwise.
const DEFAULT: &str = "default";

/// One value that counts, and who says so; a key that is added to has several.
#[derive(serde::Serialize)]
struct Row {
    key: &'static str,
    value: Value,
    origin: String,
}

/// What `config` prints.
pub(crate) fn page(args: &ConfigArgs) -> Result<String> {
    let here = Here::find()?;
    let path = dunce::canonicalize(&args.path);
    let path = path.with_context(|| format!("cannot find {}", args.path.display()))?;
    let files = FileArgs {
        exclude: args.exclude.clone(),
        extend_exclude: args.extend_exclude.clone(),
        ..FileArgs::default()
    };
    let resolver = Resolver::new(here, &files, &args.choices, &args.types)?;
    let folder = if path.is_dir() {
        path.as_path()
    } else {
        path.parent().context("it lies in no folder")?
    };
    let settings = resolver.settings(folder)?;
    let target = settings.target(&path);
    let transforms = settings.transforms(&path, target);
    let mut rows = vec![Row {
        key: "target-version",
        value: target.version.to_string().into(),
        origin: origin(target, &settings),
    }];
    rows.extend(rows_of_keys(args, &settings));
    let name = resolver.here.name(&path);
    let result = Effective {
        name: &name,
        rows: &rows,
        transforms: transforms.iter().map(|it| it.id).collect(),
        accepted: accepted(&transforms, &settings),
        is_excluded: settings.excludes_below(&path),
    };
    Ok(match args.output_format {
        ConfigFormat::Text => result.text(),
        ConfigFormat::Json => result.json(),
    })
}

/// Who says what the target is: the line where that is a configuration.
fn origin(target: &Target, settings: &Settings) -> String {
    let said = settings.facts.config.iter().flat_map(|config| &config.said);
    let key = target.origin.split(" in ").next();
    let mut place = said
        .filter(|said| Some(said.key.as_str()) == key)
        .map(|said| &said.place);
    place
        .next_back()
        .map_or_else(|| target.origin.to_string(), Clone::clone)
}

/// All that there is to say.
struct Effective<'e> {
    name: &'e str,
    rows: &'e [Row],
    /// That run here.
    transforms: Vec<&'static str>,
    accepted: Vec<&'static str>,
    is_excluded: bool,
}

impl Effective<'_> {
    fn text(&self) -> String {
        let values = self.rows.iter().map(|row| toml(&row.value));
        let values: Vec<String> = values.collect();
        let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
        let keys = width(&mut self.rows.iter().map(|row| row.key.len()));
        // A long list takes no other value's place on the line.
        let wide = width(
            &mut values
                .iter()
                .map(|it| it.chars().count())
                .filter(|it| *it <= 40),
        );
        let mut out = format!("{}\n", self.name);
        for (row, value) in self.rows.iter().zip(&values) {
            let _ = writeln!(out, "  {:keys$}  {value:wide$}  ({})", row.key, row.origin);
        }
        let list = |names: &[&str]| match names {
            [] => "none".to_owned(),
            names => names.join(", "),
        };
        let _ = writeln!(out, "transforms that run here: {}", list(&self.transforms));
        let _ = writeln!(out, "cautions that are accepted: {}", list(&self.accepted));
        if self.is_excluded {
            out +=
                "it is left out, unless it is named on the command line without --force-exclude\n";
        }
        shown_lines(&out)
    }

    fn json(&self) -> String {
        let value = json!({
            "path": self.name,
            "settings": self.rows,
            "transforms": self.transforms,
            "accepted": self.accepted,
            "excluded": self.is_excluded,
        });
        render::json_line(&value)
    }
}

/// As a configuration would have it.
fn toml(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        value => {
            toml::Value::try_from(value).map_or_else(|_| value.to_string(), |it| it.to_string())
        }
    }
}

/// The cautions of `transforms` that are accepted.
fn accepted(transforms: &[&Transform], settings: &Settings) -> Vec<&'static str> {
    let mut codes = Vec::new();
    for caution in transforms.iter().flat_map(|transform| transform.cautions) {
        if settings.plan.consent.accepts(caution) && !codes.contains(&caution.code) {
            codes.push(caution.code);
        }
    }
    codes
}

/// Every key but that of the target, by the alphabet.
fn rows_of_keys(args: &ConfigArgs, settings: &Settings) -> Vec<Row> {
    let choices = &args.choices;
    let list = |values: &[String]| (!values.is_empty()).then(|| json!(values));
    // What the command line says of the cautions of a configuration that it overrides as a whole.
    let consent = match (choices.unsafe_fixes, choices.strict) {
        (true, _) => Some("--unsafe-fixes"),
        (_, true) => Some("--strict"),
        _ => None,
    };
    let said = settings.facts.config.as_deref();
    let mut rows = Vec::new();
    let mut add = |key, now: Option<(&str, Value)>, how, usual: Value| {
        rows.extend(key_rows(key, now, how, said, usual));
    };
    let now = |option, value: Option<Value>| value.map(|value| (option, value));
    let cautions = if consent.is_some() {
        How::InPlace
    } else {
        How::Added
    };
    let cautions_now = |option, codes: &[String]| {
        now(option, list(codes)).or(consent.map(|option| (option, json!([]))))
    };
    add(
        "accept",
        cautions_now("--accept", &choices.accept),
        cautions,
        json!([]),
    );
    add("coroutine-functions", None, How::InPlace, json!([]));
    let exclude = args.exclude.as_ref().map(|globs| json!(globs));
    add(
        "exclude",
        now("--exclude", exclude),
        How::InPlace,
        json!(USUAL_EXCLUDES),
    );
    let globs = list(&args.extend_exclude);
    add(
        "extend-exclude",
        now("--extend-exclude", globs),
        How::Added,
        json!([]),
    );
    add("gather.errors", None, How::InPlace, json!("auto"));
    add("gather.style", None, How::InPlace, json!("auto"));
    add("helper-module", None, How::InPlace, Value::Null);
    add(
        "ignore",
        now("--ignore", list(&choices.ignore)),
        How::Added,
        json!([]),
    );
    add("per-file-ignores", None, How::InPlace, json!({}));
    let target = choices.target_version.as_ref().map(|_| json!({}));
    add(
        "per-file-target-version",
        now("--target-version", target),
        How::InPlace,
        json!({}),
    );
    let python = args.types.python.as_ref();
    let python = python.map(|path| json!(path.display().to_string()));
    add("python", now("--python", python), How::InPlace, Value::Null);
    add(
        "reject",
        cautions_now("--reject", &choices.reject),
        cautions,
        json!([]),
    );
    add("retain-task.helper", None, How::InPlace, Value::Null);
    add("retain-task.style", None, How::InPlace, json!("auto"));
    let select = choices.select.as_ref().map(|names| json!(names));
    add(
        "select",
        now("--select", select),
        How::InPlace,
        json!(["ALL"]),
    );
    add("task-holders", None, How::InPlace, json!([]));
    let usual = json!(USUAL_TIME_LIMIT.as_secs());
    add("time-limit", None, How::InPlace, usual);
    let budget = args.types.type_budget.map(|seconds| json!(seconds));
    let usual = json!(USUAL_TYPE_BUDGET.as_secs());
    add(
        "type-budget",
        now("--type-budget", budget),
        How::InPlace,
        usual,
    );
    let types = if args.types.no_types {
        Some(("--no-types", json!(false)))
    } else {
        let python = args.types.python.as_ref();
        python.map(|_| ("--python", json!(true)))
    };
    add("types", types, How::InPlace, json!(true));
    add("wait-for.style", None, How::InPlace, json!("auto"));
    rows
}

/// What the command line does to what a configuration says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// It counts alone.
    InPlace,
    /// It comes on top.
    Added,
}

/// What counts under `key`: what is said `now`, by which option, and what the configuration says; else the `usual`
/// value.
fn key_rows(
    key: &'static str,
    now: Option<(&str, Value)>,
    how: How,
    config: Option<&Config>,
    usual: Value,
) -> Vec<Row> {
    let counts = now.is_none() || how == How::Added;
    let mut rows: Vec<Row> = now
        .map(|(option, value)| Row {
            key,
            value,
            origin: option.to_owned(),
        })
        .into_iter()
        .collect();
    let said = config.into_iter().flat_map(|config| &config.said);
    rows.extend(
        said.filter(|said| counts && said.key == key)
            .map(|said| Row {
                key,
                value: said.value.clone(),
                origin: said.place.clone(),
            }),
    );
    if rows.is_empty() {
        rows.push(Row {
            key,
            value: usual,
            origin: DEFAULT.to_owned(),
        });
    }
    rows
}
