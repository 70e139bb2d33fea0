//! `split`: a patch for each owner, package, folder or transform, in the place of one for all.
//!
//! A file goes whole into one patch, so that patches apply in any order; by transforms it is divided where that is as
//! good. The files themselves stay as they are.

mod again;
mod branches;
mod folder;
mod groups;
mod index;
pub(crate) mod merge;
mod message;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use asyncmend_pipeline::{Caution, Decided, Decision};

use crate::args::{By, OutputArgs, RunArgs, SplitArgs};
use crate::decisions::Decisions;
use crate::helper_modules::Wanted;
use crate::here::Here;
#[cfg(unix)]
use crate::interrupt::{self, Hold};
use crate::letter::Letter;
use crate::mend::{Action, Engine, Looked};
use crate::owners::Owners;
use crate::report::Report;
use crate::run::Job;
use crate::terminal::shown;
use crate::trouble::Trouble;
use crate::vcs::{self, Loss};
use crate::voice::Voice;
use crate::walk::Input;
use crate::wording::{counted, named};
use again::Command;
use branches::Branches;
use folder::Folder;
use groups::{Group, Groups};

/// How many files a message names.
const NAMED: usize = 5;

/// Splits what `fix` would do.
///
/// # Errors
/// The user's trouble, before anything is written.
pub(crate) fn run(args: &SplitArgs, voice: &Voice) -> Result<ExitCode> {
    if args.depth.is_some() && args.by != By::Folder {
        bail!("--depth: it is of folders; name `--by folder`");
    }
    if args.files.paths.iter().any(|path| path.as_os_str() == "-") {
        bail!("split makes patches of files; standard input is none");
    }
    let folder = Folder::check(&args.out)?;
    let here = Here::find()?;
    let tree = vcs::root_around(here.path());
    let base = match vcs::head(&tree) {
        // What is committed does not matter then.
        Err(_) if args.allow_dirty => None,
        base => base?,
    };
    let owners = Owners::find(&tree);
    if args.by == By::Owner && !owners.are_known {
        voice.warn(&format!(
            "no CODEOWNERS that can be read is in {}, in its .github, docs or .gitlab: all is code of nobody",
            tree.display()
        ));
    }
    let branches = args.branches.as_deref().map(|prefix| {
        let base = base.as_deref();
        Branches::check(prefix, &tree, base)
    });
    let job = RunArgs {
        files: args.files.clone(),
        choices: args.choices.clone(),
        types: args.types.clone(),
        output: OutputArgs::default(),
    };
    let decisions = args.decided.decisions.as_deref().map(Decisions::load);
    let splitter = Splitter {
        by: args.by,
        depth: args.depth.map_or(1, usize::from),
        most_files: args.max_files.map_or(usize::MAX, usize::from),
        most_sites: args.max_sites.map_or(usize::MAX, usize::from),
        allow_dirty: args.allow_dirty,
        owners,
        command: Command::of(
            args,
            here.path().strip_prefix(&tree).unwrap_or(Path::new("")),
        ),
        folder,
        branches: branches.transpose()?,
        tree,
        base,
        needs: HashMap::new(),
        modules: HashSet::new(),
        imports: Vec::new(),
        pieces: Vec::new(),
        is_undivided: Vec::new(),
        left_out: Vec::new(),
        elsewhere: Vec::new(),
    };
    let action = Action::Split {
        by_transform: args.by == By::Transform,
    };
    let job = Job {
        decisions: decisions.transpose()?,
        splitter: Some(splitter),
        ..Job::new(action, &job)
    };
    job.run(voice)
}

/// What is to become of all files, and how it is to be split.
pub(crate) struct Splitter {
    by: By,
    depth: usize,
    most_files: usize,
    most_sites: usize,
    allow_dirty: bool,
    owners: Owners,
    command: Command,
    folder: Folder,
    branches: Option<Branches>,
    /// The top of the work tree, or the working directory where there is none.
    tree: PathBuf,
    /// The commit that is checked out.
    base: Option<String>,
    /// By the file: the module for helpers that has to have more for it.
    needs: HashMap<PathBuf, PathBuf>,
    /// Those modules.
    modules: HashSet<PathBuf>,
    /// Files, and what they may import helpers from that is there already.
    imports: Vec<(PathBuf, PathBuf)>,
    pieces: Vec<Piece>,
    /// The files in which fixes of several transforms meet, by transforms alone.
    is_undivided: Vec<String>,
    /// With the reason.
    left_out: Vec<(String, String)>,
    /// Changed files that are not in the work tree.
    elsewhere: Vec<String>,
}

/// What changes in a file, or the part of it that one transform changes.
struct Piece {
    path: PathBuf,
    /// From the top of the work tree.
    name: String,
    transform: Option<&'static str>,
    diff: Vec<u8>,
    /// By transform.
    sites: BTreeMap<&'static str, usize>,
    /// What is done, and how often; in the order of transforms.
    fixes: BTreeMap<(usize, String), usize>,
    cautions: Vec<&'static Caution>,
    held: usize,
    left_alone: usize,
}

impl Piece {
    /// Counts a site of it.
    fn count(&mut self, finding: &Decided) {
        let id = finding.transform.id;
        match &finding.decision {
            Decision::Rewrite(proposal) => {
                *self.sites.entry(id).or_default() += 1;
                let mut all = asyncmend_transforms::ALL.iter();
                let place = all.position(|it| it.id == id).unwrap_or(0);
                let fix = (place, proposal.what.clone());
                *self.fixes.entry(fix).or_default() += 1;
                for caution in &proposal.cautions {
                    if !self.cautions.contains(caution) {
                        self.cautions.push(caution);
                    }
                }
            }
            Decision::Held { .. } => self.held += 1,
            Decision::Declined { .. } | Decision::Refused(_) => self.left_alone += 1,
        }
    }

    fn sites(&self) -> usize {
        self.sites.values().sum()
    }
}

/// What a shard brings.
enum Content {
    /// What the others import.
    Helpers,
    Fixes,
}

/// One patch.
struct Shard {
    group: Group,
    content: Content,
    /// Of how many its group is the how-maniest.
    part: Option<(usize, usize)>,
    pieces: Vec<Piece>,
    owners: Vec<String>,
    /// The places of the shards that go before.
    needs: Vec<usize>,
}

impl Shard {
    fn sites(&self) -> BTreeMap<&'static str, usize> {
        let mut sites = BTreeMap::new();
        for (id, count) in self.pieces.iter().flat_map(|piece| &piece.sites) {
            *sites.entry(*id).or_default() += count;
        }
        sites
    }

    fn fixes(&self) -> impl Iterator<Item = (String, usize)> {
        let mut fixes: BTreeMap<&(usize, String), usize> = BTreeMap::new();
        for (what, count) in self.pieces.iter().flat_map(|piece| &piece.fixes) {
            *fixes.entry(what).or_default() += count;
        }
        let fixes: Vec<(String, usize)> = fixes
            .into_iter()
            .map(|((_, what), count)| (what.clone(), count))
            .collect();
        fixes.into_iter()
    }

    fn cautions(&self) -> Vec<&'static Caution> {
        let mut cautions: Vec<&'static Caution> = Vec::new();
        for caution in self.pieces.iter().flat_map(|piece| &piece.cautions) {
            if !cautions.contains(caution) {
                cautions.push(caution);
            }
        }
        cautions
    }

    /// How many sites were held back, and how many left alone.
    fn left(&self) -> (usize, usize) {
        let pieces = self.pieces.iter();
        pieces.fold((0, 0), |(held, left), piece| {
            (held + piece.held, left + piece.left_alone)
        })
    }

    fn diff(&self) -> Vec<u8> {
        let diffs: Vec<&[u8]> = self.pieces.iter().map(|it| it.diff.as_slice()).collect();
        diffs.concat()
    }

    /// The name of its patch without its number, and of its branch.
    fn slug(&self) -> String {
        match self.part {
            Some((part, of)) => format!("{}-{part}-of-{of}", self.group.slug),
            None => self.group.slug.clone(),
        }
    }
}

impl Splitter {
    /// Notes which of the files `inputs` will import from where.
    pub(crate) fn note_needs(&mut self, wanted: &[Wanted], inputs: &[&Input], engine: &Engine) {
        let modules = &engine.helper_modules;
        for it in wanted {
            let (by, module) = (it.by.clone(), it.module.clone());
            if modules.lacks(it) {
                self.modules.insert(module.clone());
                self.needs.insert(by.clone(), module.clone());
            }
            self.imports.push((by, module));
        }
        for input in inputs {
            let file = modules.keeper_file(input, engine);
            let file = file.map(|file| (input.path.clone(), file.to_path_buf()));
            self.imports.extend(file);
        }
    }

    /// Takes what becomes of one file.
    pub(crate) fn add(&mut self, input: &Input, looked: &mut Looked) {
        let stages = std::mem::take(&mut looked.stages);
        let Ok(seen) = &looked.verdict else {
            return;
        };
        if stages.is_empty() {
            return;
        }
        let Some(name) = self.name(input) else {
            self.elsewhere.push(input.name().to_owned());
            return;
        };
        let is_whole = stages.len() == 1;
        let is_module = self.modules.contains(&input.path);
        for stage in stages {
            let findings = seen.review.findings.iter();
            let findings =
                findings.filter(|it| is_whole || stage.transform == Some(it.transform.id));
            let mut piece = Piece {
                path: input.path.clone(),
                name: name.clone(),
                transform: stage.transform,
                diff: stage.diff,
                sites: BTreeMap::new(),
                fixes: BTreeMap::new(),
                cautions: Vec::new(),
                held: 0,
                left_alone: 0,
            };
            findings.for_each(|finding| piece.count(finding));
            if self.by == By::Transform && is_whole && !is_module && piece.sites.len() > 1 {
                self.is_undivided.push(name.clone());
            }
            self.pieces.push(piece);
        }
    }

    /// Takes what is wrong with the file called `name`.
    pub(crate) fn add_trouble(&mut self, name: &str, trouble: &Trouble) {
        self.left_out.push((name.to_owned(), trouble.to_string()));
    }

    /// A file as the work tree calls it; none where it is in another one.
    fn name(&self, input: &Input) -> Option<String> {
        let root = vcs::root_around(input.path.parent()?);
        let is_here = root == self.tree || self.base.is_none() && !root.join(".git").exists();
        vcs::name_in(&self.tree, &input.path).filter(|_| is_here)
    }

    /// Writes the patches; what to print of them.
    ///
    /// # Errors
    /// Where they would not apply to what is committed, or cannot be written: then nothing is.
    pub(crate) fn finish(self, report: &Report, voice: &Voice) -> Result<Vec<u8>> {
        #[cfg(unix)]
        let hold = Hold::begin()?;
        let done = self.write(report, voice);
        #[cfg(unix)]
        if let Some(signal) = Hold::noted() {
            match &done {
                Ok(_) => voice.error("interrupted when everything was written"),
                Err(error) => voice.error(&format!("{error:#}")),
            }
            interrupt::end(signal);
        }
        #[cfg(unix)]
        drop(hold);
        done
    }

    fn write(mut self, report: &Report, voice: &Voice) -> Result<Vec<u8>> {
        if let Some(first) = self.elsewhere.first() {
            bail!(
                "nothing was written: {} would change, and is not in the work tree {}; leave it out by \
                 --extend-exclude, and split its own work tree by itself",
                shown(first),
                self.tree.display()
            );
        }
        self.check_committed()?;
        self.write_lines_as_committed()?;
        if !self.is_undivided.is_empty() {
            let names: Vec<Cow<str>> = self.is_undivided.iter().map(|it| shown(it)).collect();
            let names = named(&names, NAMED);
            voice.warn(&format!(
                "fixes of several transforms meet in {names}: such a file is whole in the patch of the first of them"
            ));
        }
        let author = vcs::author(&self.tree);
        let shards = self.shards();
        let patches = patch_names(&shards);
        let subjects: Vec<String> = shards.iter().map(message::subject).collect();
        let bodies: Vec<String> = (0..shards.len())
            .map(|place| message::body(&shards, place, &patches, &self.command))
            .collect();
        let branches = self.branches.as_ref().map(|it| it.names(&shards));
        let index = index::text(&index::Parts {
            by: self.by,
            base: self.base.as_deref(),
            shards: &shards,
            patches: &patches,
            subjects: &subjects,
            branches: branches.as_deref(),
            undivided: &self.is_undivided,
            left_out: &self.left_out,
            report,
        });
        let mut files: Vec<(&str, Vec<u8>)> = Vec::new();
        for (place, shard) in shards.iter().enumerate() {
            let letter = Letter {
                author: author.as_deref(),
                tag: "PATCH",
                subject: &subjects[place],
                body: &bodies[place],
                diffs: &shard.diff(),
            };
            files.push((&patches[place], letter.bytes()));
        }
        // Whoever sees it finds all else.
        files.push(("index.json", index.into_bytes()));
        let mut commits = Vec::new();
        if let Some(branches) = &self.branches {
            let messages: Vec<String> = (subjects.iter().zip(&bodies))
                .map(|(subject, body)| format!("{subject}\n\n{body}"))
                .collect();
            commits = branches.commits(&shards, &messages)?;
        }
        // The patches and their branches are there, or neither.
        let written = self.folder.write(&files)?;
        go_on()?;
        let kept = written.keep()?;
        if let (Some(branches), Some(names)) = (&self.branches, &branches)
            && let Err(error) = branches.make(names, &commits)
        {
            kept.take_back();
            return Err(error);
        }
        voice.close(&told(&shards, &self.folder, branches.as_deref()));
        let lines = patches.iter().map(|patch| {
            let path = self.folder.given().join(patch);
            format!("{}\n", shown(&path.to_string_lossy()))
        });
        Ok(lines.collect::<String>().into_bytes())
    }

    /// Fails where a file that would change is not as the last commit has it: a patch would be of other text.
    fn check_committed(&mut self) -> Result<()> {
        if self.base.is_none() {
            return Ok(());
        }
        // A module that is to be made is not there.
        let paths = self.pieces.iter().map(|it| it.path.as_path());
        let paths: HashSet<&Path> = paths.filter(|path| path.exists()).collect();
        let imported = self.imports.iter().filter(|(by, _)| paths.contains(&**by));
        let imported: HashSet<&Path> = imported.map(|(_, file)| &**file).collect();
        let dirty = vcs::uncommitted(paths.iter().copied())?;
        if dirty.is_empty() {
            let imported = imported.into_iter().filter(|it| it.is_file());
            return self.check_imported(vcs::uncommitted(imported)?);
        }
        if self.allow_dirty {
            self.base = None;
            return Ok(());
        }
        let dirty: HashSet<&Path> = dirty.into_iter().collect();
        let mut names: Vec<Cow<str>> = Vec::new();
        for piece in self.pieces.iter().filter(|it| dirty.contains(&*it.path)) {
            names.push(shown(&piece.name));
        }
        names.dedup();
        bail!(vcs::refusal(Loss::Uncommitted, &names));
    }

    /// Fails where there are `dirty` files that patches would import from: what is committed has them not.
    fn check_imported(&self, mut dirty: Vec<&Path>) -> Result<()> {
        dirty.sort_unstable();
        let Some(first) = dirty.first().filter(|_| !self.allow_dirty) else {
            return Ok(());
        };
        let name = first.strip_prefix(&self.tree).unwrap_or(first);
        bail!(
            "nothing was written: what would change imports from {}, which has uncommitted changes; commit it, or run with \
             --allow-dirty",
            shown(&name.to_string_lossy())
        );
    }

    /// Has lines end in the patches as they do in what is committed, as in Git's own.
    fn write_lines_as_committed(&mut self) -> Result<()> {
        if self.base.is_none() {
            return Ok(());
        }
        let has_crlf = |piece: &&Piece| piece.diff.windows(2).any(|it| it == b"\r\n");
        let names = self.pieces.iter().filter(has_crlf);
        let names: Vec<&str> = names.map(|it| it.name.as_str()).collect();
        if names.is_empty() {
            return Ok(());
        }
        let kept_with_lf = vcs::kept_with_lf(&self.tree, &names)?;
        for piece in &mut self.pieces {
            if kept_with_lf.contains(&piece.name) {
                let mut lines: Vec<u8> = Vec::with_capacity(piece.diff.len());
                for line in piece.diff.split_inclusive(|byte| *byte == b'\n') {
                    match line.strip_suffix(b"\r\n") {
                        Some(line) => lines.extend([line, b"\n"].concat()),
                        None => lines.extend(line),
                    }
                }
                piece.diff = lines;
            }
        }
        Ok(())
    }

    /// The patches, in order: those for helpers first.
    fn shards(&mut self) -> Vec<Shard> {
        let (helpers, fixes): (Vec<Piece>, Vec<Piece>) = std::mem::take(&mut self.pieces)
            .into_iter()
            .partition(|piece| self.modules.contains(&piece.path));
        let mut groups = Groups {
            by: self.by,
            depth: self.depth,
            owners: &self.owners,
            tree: &self.tree,
            packages: HashMap::new(),
        };
        let mut grouped: BTreeMap<Group, Vec<Piece>> = BTreeMap::new();
        for piece in fixes {
            grouped.entry(groups.of(&piece)).or_default().push(piece);
        }
        let mut shards: Vec<Shard> = Vec::new();
        for piece in helpers {
            shards.push(Shard {
                group: Group::of_helpers(&piece.name),
                content: Content::Helpers,
                part: None,
                pieces: vec![piece],
                owners: Vec::new(),
                needs: Vec::new(),
            });
        }
        for (group, pieces) in grouped {
            let parts = self.parts(pieces);
            let of = parts.len();
            for (index, pieces) in parts.into_iter().enumerate() {
                shards.push(Shard {
                    group: group.clone(),
                    content: Content::Fixes,
                    part: (of > 1).then_some((index + 1, of)),
                    pieces,
                    owners: Vec::new(),
                    needs: Vec::new(),
                });
            }
        }
        let modules: HashMap<PathBuf, usize> = shards
            .iter()
            .enumerate()
            .filter(|(_, shard)| matches!(shard.content, Content::Helpers))
            .map(|(place, shard)| (shard.pieces[0].path.clone(), place))
            .collect();
        for (place, shard) in shards.iter_mut().enumerate() {
            let modules = shard.pieces.iter().filter_map(|piece| {
                let module = self.needs.get(&piece.path)?;
                modules.get(module).copied()
            });
            shard.needs = modules.filter(|it| *it != place).collect();
            shard.needs.sort_unstable();
            shard.needs.dedup();
            for owner in shard.pieces.iter().flat_map(|it| self.owners.of(&it.path)) {
                if !shard.owners.contains(&owner) {
                    shard.owners.push(owner);
                }
            }
        }
        shards
    }

    /// The pieces of a group in the order of paths, as many together as there may be.
    fn parts(&self, mut pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
        pieces.sort_by(|one, other| Path::new(&one.name).cmp(Path::new(&other.name)));
        let mut parts: Vec<Vec<Piece>> = Vec::new();
        let mut sites = 0;
        for piece in pieces {
            let more = piece.sites();
            match parts.last_mut() {
                Some(part) if part.len() < self.most_files && sites + more <= self.most_sites => {
                    sites += more;
                    part.push(piece);
                }
                _ => {
                    sites = more;
                    parts.push(vec![piece]);
                }
            }
        }
        parts
    }
}

/// Fails where the user wants no more of it.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps))]
fn go_on() -> Result<()> {
    #[cfg(unix)]
    if Hold::noted().is_some() {
        bail!("interrupted before anything was written; run again");
    }
    Ok(())
}

/// The names of the patches: in the order in which they may be applied.
fn patch_names(shards: &[Shard]) -> Vec<String> {
    let digits = shards.len().to_string().len().max(4);
    let names = shards.iter().enumerate().map(|(index, shard)| {
        let number = index + 1;
        format!("{number:0digits$}-asyncmend-{}.patch", shard.slug())
    });
    names.collect()
}

/// What the summary begins with.
fn told(shards: &[Shard], folder: &Folder, branches: Option<&[String]>) -> String {
    let folder = folder.given().to_string_lossy();
    let index = format!("{folder}/index.json");
    let index = shown(&index);
    if shards.is_empty() {
        return format!("wrote no patch: nothing would change; {index} has what is left\n");
    }
    let patches = counted(shards.len(), "patch");
    let branches = branches.map_or_else(String::new, |names| {
        format!(" and {}", counted(names.len(), "branch"))
    });
    let sites = shards.iter().flat_map(|it| it.sites().into_values()).sum();
    format!(
        "wrote {patches}{branches} with {}; {index} has the index\n",
        counted(sites, "site")
    )
}
