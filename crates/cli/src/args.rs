//! What can be written on the command line; what it means is decided elsewhere.

use std::ffi::OsString;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::UnknownArgumentValueParser;
use clap::{Arg, ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::portion::Shard;

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "asyncmend", version, about, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,

    #[command(flatten)]
    pub(crate) voice: VoiceArgs,
}

/// By command: what other tools call something that is called otherwise here, and how.
const ELSEWHERE: [(&str, &str, &str); 9] = [
    ("check", "diff", "`asyncmend diff` shows what would change"),
    ("check", "fix", "`asyncmend fix` changes the files"),
    (
        "check",
        "format",
        "`--output-format` says how to print the sites",
    ),
    (
        "diff",
        "check",
        "`asyncmend diff` fails where anything would change",
    ),
    ("diff", "fix", "`asyncmend fix` changes the files"),
    (
        "diff",
        "output-format",
        "`--format` says how to show the changes",
    ),
    (
        "fix",
        "check",
        "`asyncmend diff` fails where anything would change",
    ),
    ("fix", "diff", "`asyncmend diff` shows what would change"),
    ("fix", "dry-run", "`asyncmend diff` shows what would change"),
];

impl Args {
    /// Those in `words`.
    ///
    /// # Errors
    /// Where they make no sense, or ask for help.
    pub(crate) fn read(words: impl Iterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut command = Self::command();
        for (subcommand, name, hint) in ELSEWHERE {
            let elsewhere = Arg::new(name)
                .long(name)
                .hide(true)
                .action(ArgAction::SetTrue)
                .value_parser(UnknownArgumentValueParser::suggest(hint));
            command = command.mut_subcommand(subcommand, |it| it.arg(elsewhere));
        }
        let matches = command.try_get_matches_from_mut(words)?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what `fix` would change, as unified diffs that `git apply` takes
    Diff(DiffArgs),
    /// Change the files
    Fix(FixArgs),
    /// Decide fix by fix, on the terminal, and apply what you accept
    Review(ReviewArgs),
    /// Write what `fix` would change as patches for owners, packages, folders or transforms, which apply in any order
    Split(SplitArgs),
    /// List every site with what was decided and why
    Check(CheckArgs),
    /// Make one report of those that `check --shard` printed
    MergeReports(MergeArgs),
    /// Print the page of a transform, of a caution or of a reason to leave a site alone; or what was decided
    /// about a line of your code, and why
    Explain(ExplainArgs),
    /// Show what holds for a file or a folder, and who says so
    Config(ConfigArgs),
    /// Print what makes a shell complete the command line
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Write a manual page for each command
    #[command(hide = true)]
    Man {
        /// Where to
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Answer questions about types on standard input: how asyncmend runs its own type inference
    #[command(hide = true)]
    TypeWorker,
}

#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) decided: DecidedArgs,

    /// How to show the changes
    #[arg(
        long,
        help_heading = "Output",
        value_name = "FORMAT",
        value_enum,
        default_value_t = DiffFormat::Unified,
        conflicts_with = "statistics"
    )]
    pub(crate) format: DiffFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// As a patch, which `git apply` and `patch -p1` take
    Unified,
    /// As a mailbox with a message for each transform, which `git am` makes commits of
    Mbox,
    /// As a page for a browser, on which to accept and reject fixes, with all that is left alone
    Html,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) choices: ChoiceArgs,
    #[command(flatten)]
    pub(crate) types: TypeArgs,
    #[command(flatten)]
    pub(crate) protection: ProtectionArgs,

    /// Keep the decisions in FILE, and go on with what it holds [default: .asyncmend-review.json]
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) decisions: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(
    mut_arg("allow_dirty", |it| it.requires("add_ignores")),
    mut_arg("no_vcs", |it| it.requires("add_ignores")),
    mut_arg("backup", |it| it.requires("add_ignores"))
)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) protection: ProtectionArgs,

    /// Write a comment, `# asyncmend: ignore[..]`, for each site that `fix` leaves: those that are held back
    /// or left alone. `check` says nothing of them from then on; what has a fix is left for `fix`
    #[arg(
        long,
        help_heading = "Transforms",
        conflicts_with_all = ["output_format", "statistics", "fail_on", "baseline"]
    )]
    pub(crate) add_ignores: bool,

    /// Which sites make the exit status 1 [default: any; new with --baseline]
    #[arg(long, help_heading = "Output", value_name = "WHICH", value_enum)]
    pub(crate) fail_on: Option<FailOn>,

    /// The report of an earlier check (json, json-lines or sarif), whose sites are known: json and sarif mark those that
    /// are new, all other formats leave known ones out. Without it, `--fail-on new` takes what `--since` compares
    /// with
    #[arg(long, help_heading = "Output", value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// How to print the sites
    #[arg(
        long,
        help_heading = "Output",
        value_name = "FORMAT",
        value_enum,
        default_value_t = Format::Full,
        conflicts_with = "statistics"
    )]
    pub(crate) output_format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Sites with a fix or a refusal
    Any,
    /// Sites that `fix` would rewrite
    Fixable,
    /// Sites that were not there before, as `--baseline` or `--since` say
    New,
}

#[derive(Debug, clap::Args)]
pub(crate) struct MergeArgs {
    /// What `check` printed as json, json-lines or sarif
    #[arg(value_name = "REPORT", required = true)]
    pub(crate) reports: Vec<PathBuf>,

    /// How to print them together [default: as the first one is]
    #[arg(long, value_name = "FORMAT", value_enum, help_heading = "Output")]
    pub(crate) output_format: Option<ReportFormat>,

    /// Which sites make the exit status 1 [default: new where each report tells, any elsewhere]
    #[arg(long, value_name = "WHICH", value_enum, help_heading = "Output")]
    pub(crate) fail_on: Option<FailOn>,

    /// Write the result to FILE in place of standard output
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) output_file: Option<PathBuf>,

    /// Exit with 0 where there are sites
    #[arg(long, help_heading = "Output")]
    pub(crate) exit_zero: bool,
}

/// The formats of reports that can be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// An array of objects
    Json,
    /// One object per line
    JsonLines,
    /// SARIF 2.1.0
    Sarif,
}

#[derive(Debug, clap::Args)]
pub(crate) struct FixArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,
    #[command(flatten)]
    pub(crate) decided: DecidedArgs,
    #[command(flatten)]
    pub(crate) protection: ProtectionArgs,
    #[command(flatten)]
    pub(crate) verify: VerifyArgs,
}

/// How fixes are tried before they are kept.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Verification")]
pub(crate) struct VerifyArgs {
    /// Keep only fixes with which COMMAND, run by `sh -c` in a copy of the project, succeeds as it does
    /// without any; where it fails, the smallest sets of fixes that make it fail are found by halving and the
    /// last fix of each is taken back. In COMMAND `{paths}` stands for the files that would change, `{projects}`
    /// for the folders of their projects, and `{junit}` for a file to which it writes a report as of `JUnit`:
    /// then only tests count that pass without any fix, as they do anyway where it runs pytest.
    /// `$ASYNCMEND_TREE` is the folder that was copied; docs/verify.md says more
    #[arg(long, value_name = "COMMAND", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) verify: Option<String>,

    /// For a suite that fails by chance: run COMMAND N times without any fix, where only what always passes
    /// counts, and repeat a failure up to N times, which counts only if each of them fails
    #[arg(
        long,
        value_name = "N",
        value_parser = from_one::<NonZeroU32>,
        requires = "verify",
        default_value = "1",
        hide_default_value = true
    )]
    pub(crate) verify_runs: NonZeroU32,

    /// Stop after that time (`90s`, `30m`, `2h`) or number of runs (`20runs`), or the first of both
    /// (`1h,20runs`); what is not known to pass by then is not applied
    #[arg(long, value_name = "LIMIT", requires = "verify", value_parser = Budget::parse)]
    pub(crate) verify_budget: Option<Budget>,

    /// How long a run of COMMAND may take before it is ended and counts as failed (`90s`, `30m`) [default: ten
    /// times as long as without any fix, and at least 60s]
    #[arg(long, value_name = "TIME", requires = "verify", value_parser = duration)]
    pub(crate) verify_timeout: Option<Duration>,

    /// Remember in FILE what each run came to, for a run of asyncmend that is broken off to be gone on with; it
    /// is removed at the end [default: .asyncmend-verify.json]
    #[arg(long, value_name = "FILE", requires = "verify")]
    pub(crate) verify_journal: Option<PathBuf>,

    /// Write what was kept and what was taken back to FILE, as JSON; docs/verify.schema.json has its schema
    #[arg(long, value_name = "FILE", requires = "verify")]
    pub(crate) verify_report: Option<PathBuf>,
}

/// What a verification may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Budget {
    pub(crate) time: Option<Duration>,
    pub(crate) runs: Option<u32>,
}

impl Budget {
    fn parse(text: &str) -> Result<Self, String> {
        let mut budget = Self::default();
        for part in text.split(',') {
            let is_twice = match part.trim().strip_suffix("runs").map(str::trim) {
                Some(count) => {
                    let runs = count.parse().ok().filter(|runs| *runs > 0);
                    let runs = runs.ok_or("a number of runs is such as `20runs`")?;
                    budget.runs.replace(runs).is_some()
                }
                None => budget.time.replace(duration(part)?).is_some(),
            };
            if is_twice {
                return Err("one time and one number of runs are enough".to_owned());
            }
        }
        Ok(budget)
    }
}

/// A time with its unit.
fn duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let seconds = [("s", 1), ("m", 60), ("h", 3600)]
        .iter()
        .find_map(|(unit, seconds)| {
            let count: u64 = text.strip_suffix(unit)?.trim().parse().ok()?;
            count
                .checked_mul(*seconds)
                .filter(|it| (1..=u64::from(u32::MAX)).contains(it))
        });
    let seconds = seconds.ok_or("a time has a unit: `90s`, `30m` or `2h`")?;
    Ok(Duration::from_secs(seconds))
}

#[derive(Debug, clap::Args)]
#[command(
    mut_arg("paths", |it| it.help("Files and folders [default: .]")),
    mut_arg("stdin_filename", |it| it.hide(true))
)]
pub(crate) struct SplitArgs {
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) choices: ChoiceArgs,
    #[command(flatten)]
    pub(crate) types: TypeArgs,
    #[command(flatten)]
    pub(crate) decided: DecidedArgs,

    /// What a patch is for
    #[arg(long, value_name = "WHAT", value_enum, help_heading = "Patches")]
    pub(crate) by: By,

    /// How many folders down from the top the folders of `--by folder` are [default: 1]
    #[arg(long, value_name = "N", value_parser = from_one::<NonZeroUsize>, help_heading = "Patches")]
    pub(crate) depth: Option<NonZeroUsize>,

    /// Divide patches of more files
    #[arg(long, value_name = "N", value_parser = from_one::<NonZeroUsize>, help_heading = "Patches")]
    pub(crate) max_files: Option<NonZeroUsize>,

    /// Divide patches of more sites, unless they are in one file
    #[arg(long, value_name = "N", value_parser = from_one::<NonZeroUsize>, help_heading = "Patches")]
    pub(crate) max_sites: Option<NonZeroUsize>,

    /// Write the patches and index.json to DIR, which is empty or not there yet
    #[arg(long, value_name = "DIR", help_heading = "Patches")]
    pub(crate) out: PathBuf,

    /// Make a branch PREFIX/.. with the commit of each patch, too; the work tree stays as it is
    #[arg(long, value_name = "PREFIX", help_heading = "Patches")]
    pub(crate) branches: Option<String>,

    /// Take files that have uncommitted changes as they are; the patches apply to them alone
    #[arg(long, help_heading = "Protection", conflicts_with = "branches")]
    pub(crate) allow_dirty: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Those who own the files, as CODEOWNERS says
    Owner,
    /// The nearest folder with a pyproject.toml, setup.cfg or setup.py
    Package,
    /// The folder
    Folder,
    /// The transform; a file in which fixes of several meet is in the patch of the first
    Transform,
}

/// What was decided fix by fix.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Transforms")]
pub(crate) struct DecidedArgs {
    /// Apply the fixes that FILE accepts, which a review has written, and no other, in the files that are
    /// still as they were
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
}

/// What may be done to files whose text Git could not bring back.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Protection")]
pub(crate) struct ProtectionArgs {
    /// Change files that have uncommitted changes, too
    #[arg(long)]
    pub(crate) allow_dirty: bool,

    /// Change files that are in no Git work tree, too
    #[arg(long)]
    pub(crate) no_vcs: bool,

    /// Keep the old text of each changed file beside it, under its name with SUFFIX
    #[arg(long, value_name = "SUFFIX", value_parser = suffix)]
    pub(crate) backup: Option<String>,
}

fn from_one<T: FromStr>(text: &str) -> Result<T, &'static str> {
    text.parse().map_err(|_| "it is a number from 1 on")
}

fn revision(text: &str) -> Result<String, String> {
    if text.is_empty() || text.starts_with('-') || text.contains('\0') {
        return Err("it is what to compare with, such as origin/main".to_owned());
    }
    Ok(text.to_owned())
}

fn suffix(text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(['/', '\\', '\0']) {
        return Err("it is what to add to the name of a file, such as .orig".to_owned());
    }
    Ok(text.to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// The source line, the decision, its reasons and what to do
    Full,
    /// One line per site
    Concise,
    /// An array of JSON objects, one per site; docs/check.schema.json has their schema
    Json,
    /// One JSON object per line and site
    JsonLines,
    /// SARIF 2.1.0, with the fixes
    Sarif,
    /// Workflow commands, which GitHub Actions shows as annotations
    Github,
    /// A Code Quality report of GitLab
    Gitlab,
    /// XML as `JUnit` has it: each file a test suite, each site a failure
    Junit,
    /// A comment for a pull request, below the 65,536 characters of GitHub's limit
    Markdown,
}

/// What `diff`, `fix` and `check` have in common.
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) files: FileArgs,
    #[command(flatten)]
    pub(crate) choices: ChoiceArgs,
    #[command(flatten)]
    pub(crate) types: TypeArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// What to explain: `wait-for`, `wait-for/zero-timeout`, `zero-timeout`, or a place such as `app.py:12`;
    /// without it, the list
    #[arg(value_name = "TRANSFORM[/CODE]|FILE:LINE")]
    pub(crate) topic: Option<String>,

    #[command(flatten)]
    pub(crate) choices: ChoiceArgs,
    #[command(flatten)]
    pub(crate) types: TypeArgs,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ConfigArgs {
    /// The file or folder
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,

    /// How to print it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = ConfigFormat::Text)]
    pub(crate) output_format: ConfigFormat,

    /// Leave out what these globs match, in place of the usual exclusions
    #[arg(
        long,
        value_name = "GLOB",
        value_delimiter = ',',
        help_heading = "Files"
    )]
    pub(crate) exclude: Option<Vec<String>>,

    /// Leave out what these globs match as well
    #[arg(
        long,
        value_name = "GLOB",
        value_delimiter = ',',
        help_heading = "Files"
    )]
    pub(crate) extend_exclude: Vec<String>,

    #[command(flatten)]
    pub(crate) choices: ChoiceArgs,
    #[command(flatten)]
    pub(crate) types: TypeArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfigFormat {
    /// A line for each value
    Text,
    /// One JSON object
    Json,
}

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Files")]
pub(crate) struct FileArgs {
    /// Files and folders, or `-` for standard input [default: .]
    #[arg(value_name = "PATH", help_heading = "Arguments")]
    pub(crate) paths: Vec<PathBuf>,

    /// The name of what comes from standard input
    #[arg(long, value_name = "NAME")]
    pub(crate) stdin_filename: Option<PathBuf>,

    /// Take the Python files and folders listed in FILE, one per line (`-` for standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,

    /// The names in `--files-from` end with a NUL, not with a line
    #[arg(short = '0', long = "null", requires = "files_from")]
    pub(crate) null: bool,

    /// Leave out what these globs match, in place of the usual exclusions
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) exclude: Option<Vec<String>>,

    /// Leave out what these globs match as well
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub(crate) extend_exclude: Vec<String>,

    /// Apply exclusions even to files named on the command line
    #[arg(long)]
    pub(crate) force_exclude: bool,

    /// Do not respect `.gitignore`, `.ignore` and Git's other excludes
    #[arg(long)]
    pub(crate) no_ignore: bool,

    /// Look only at files that differ from what they were where the branch left REV, and at those that Git does not
    /// know yet
    #[arg(long, value_name = "REV", value_parser = revision)]
    pub(crate) since: Option<String>,

    /// Look only at the K-th of N parts of all files: each file is in one, by its path alone
    #[arg(long, value_name = "K/N")]
    pub(crate) shard: Option<Shard>,

    /// How many files to work on at the same time [default: one per core]
    #[arg(long, value_name = "N", value_parser = from_one::<NonZeroUsize>)]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// How long the work on one file may take, types aside, before it is left as it is [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = from_one::<NonZeroU32>)]
    pub(crate) time_limit: Option<NonZeroU32>,
}

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Transforms")]
pub(crate) struct ChoiceArgs {
    /// The transforms to run, or ALL
    #[arg(long, value_name = "TRANSFORM", value_delimiter = ',')]
    pub(crate) select: Option<Vec<String>>,

    /// Transforms not to run
    #[arg(long, value_name = "TRANSFORM", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,

    /// The oldest Python that the code has to run on, such as 3.11 or py311
    #[arg(long, value_name = "VERSION")]
    pub(crate) target_version: Option<String>,

    /// Apply fixes that have these cautions
    #[arg(long, value_name = "CAUTION", value_delimiter = ',')]
    pub(crate) accept: Vec<String>,

    /// Hold back fixes that have these cautions
    #[arg(long, value_name = "CAUTION", value_delimiter = ',')]
    pub(crate) reject: Vec<String>,

    /// Apply fixes whatever their cautions
    #[arg(long, conflicts_with = "strict")]
    pub(crate) unsafe_fixes: bool,

    /// Apply no fix that has a caution
    #[arg(long)]
    pub(crate) strict: bool,

    /// Take the configuration from this file
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    pub(crate) config: Option<PathBuf>,

    /// Read no configuration and no other file about the project
    #[arg(long)]
    pub(crate) isolated: bool,
}

#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Types")]
pub(crate) struct TypeArgs {
    /// The environment whose packages type inference may read: a virtual environment or an
    /// interpreter [default: the active one, or `.venv` beside the project]
    #[arg(long, value_name = "PATH")]
    pub(crate) python: Option<PathBuf>,

    /// Do not infer types; what a file alone does not show is then unknown
    #[arg(long, conflicts_with = "python")]
    pub(crate) no_types: bool,

    /// How long type inference may take for one file before it goes on without [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = from_one::<NonZeroU32>)]
    pub(crate) type_budget: Option<NonZeroU32>,
}

#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Write the result to FILE in place of standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) output_file: Option<PathBuf>,

    /// Print how many sites met each decision, in place of the result
    #[arg(long)]
    pub(crate) statistics: bool,

    /// Exit with 0 where there is something to change or to report
    #[arg(long)]
    pub(crate) exit_zero: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct VoiceArgs {
    /// When to use colours
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN", global = true)]
    pub(crate) color: Colour,

    /// Print no summary and no progress
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Name each file that is written, and every Python target
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}
