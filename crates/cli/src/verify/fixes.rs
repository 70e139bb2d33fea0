//! The fixes of a run, and what files hold where only some of them are applied.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use asyncmend_pipeline::Declined;

use super::copy::normal;
use crate::decisions::{self, FixName};
use crate::disk;
use crate::helper_modules::Wanted;
use crate::here::Here;
use crate::inference::Types;
use crate::kept::{Contents, Kept, KeptSites, SiteKey};
use crate::mend::{self, Engine, Looked, Rewrite, Task};
use crate::terminal::shown;
use crate::trouble::Trouble;
use crate::voice::Voice;
use crate::walk::{Input, Role};
use crate::work;

/// Who knows about the files of a run.
#[derive(Clone, Copy)]
pub(super) struct Files<'f> {
    pub(super) here: &'f Here,
    pub(super) inputs: &'f [Input],
    /// What is done with them where all fixes are applied.
    pub(super) task: &'f Task,
    pub(super) engine: &'f Engine,
    pub(super) types: &'f Types<'f>,
    pub(super) threads: usize,
}

/// The fixes, in the order of the files and of the lines in them.
pub(super) struct Fixes<'f> {
    files: Files<'f>,
    pub(super) list: Vec<Rewrite>,
    /// The files that have fixes.
    changing: Vec<Changing>,
    /// The modules that helpers are imported from, and what they hold as they are.
    modules: Vec<(&'f Input, Option<Arc<[u8]>>)>,
    /// Which helpers files without a fix import.
    usual_wants: Vec<Wanted>,
    /// By the number of the file and the fixes that are left out of it.
    made: HashMap<(usize, Vec<usize>), Made>,
}

/// A file that has fixes.
struct Changing {
    input: usize,
    before: Arc<[u8]>,
    /// What tells whether the file is as it was, and which sites it has.
    sites: KeptSites,
    /// Its fixes.
    fixes: Range<usize>,
}

/// What was made of a file.
#[derive(Clone)]
struct Made {
    /// What it holds then.
    after: Result<Arc<[u8]>, Unmade>,
    /// The fixes that are applied: that of a site may be another one where others are left out.
    applied: HashMap<SiteKey, FixName>,
    /// The helpers that it imports.
    wants: Option<Wanted>,
}

/// Why a file could not be made, in words.
#[derive(Debug, Clone)]
struct Unmade {
    because: String,
    /// Whether it is a fault of ours, which these fixes meet and others may not.
    is_ours: bool,
}

impl Unmade {
    fn new(trouble: &Trouble, name: &str) -> Self {
        Self {
            because: trouble.line(name),
            is_ours: matches!(trouble, Trouble::Text(_)),
        }
    }

    /// What is to be said where the search can go on.
    fn told(self) -> Result<String> {
        if self.is_ours {
            Ok(self.because)
        } else {
            bail!(self.because)
        }
    }
}

impl<'f> Fixes<'f> {
    /// All fixes of all files.
    pub(super) fn survey(around: Files<'f>, voice: &Voice) -> Result<Self> {
        let mut fixes = Self {
            files: around,
            list: Vec::new(),
            changing: Vec::new(),
            modules: Vec::new(),
            usual_wants: Vec::new(),
            made: HashMap::new(),
        };
        let numbers: Vec<usize> = asked(around.inputs).collect();
        voice.begin(numbers.len());
        work::in_order(
            &numbers,
            around.threads.min(numbers.len()),
            |number| {
                mend::mend(
                    &around.inputs[*number],
                    around.task,
                    around.engine,
                    around.types,
                )
            },
            |number, looked| {
                voice.step();
                // What is wrong with a file is said when the others are written.
                if let Ok(looked) = looked {
                    fixes.add(*number, looked);
                }
                Ok(())
            },
        )?;
        voice.end();
        fixes.add_modules()?;
        Ok(fixes)
    }

    fn add(&mut self, number: usize, looked: Looked) {
        let Ok(seen) = looked.verdict else {
            return;
        };
        let input = &self.files.inputs[number];
        if seen.rewrites.is_empty() || input.is_new {
            return;
        }
        let Ok(before) = disk::load(&input.path) else {
            return;
        };
        let findings = seen.review.findings.iter();
        let known = findings.map(|it| (it.transform.id, it.at.start()));
        let first = self.list.len();
        let applied = applied(&seen.rewrites);
        let mut keys = HashSet::new();
        let rewrites = seen.rewrites.into_iter();
        self.list
            .extend(rewrites.filter(|it| keys.insert((it.transform, it.at))));
        if self.files.engine.helper_modules.is_empty() {
            let made = Made {
                after: Ok(looked.result.into()),
                applied,
                wants: None,
            };
            self.made.insert((self.changing.len(), Vec::new()), made);
        }
        self.changing.push(Changing {
            input: number,
            sites: KeptSites {
                sha256: decisions::fingerprint(&before),
                known: Arc::new(known.collect()),
                left_out: HashMap::new(),
            },
            before: (*before).into(),
            fixes: first..self.list.len(),
        });
    }

    /// Finds what depends on fixes of other files.
    fn add_modules(&mut self) -> Result<()> {
        let files = self.files;
        let modules = &files.engine.helper_modules;
        if modules.is_empty() {
            return Ok(());
        }
        for input in files.inputs.iter().filter(|input| modules.has(&input.path)) {
            let before = disk::load(&input.path).ok().map(|it| Arc::from(&*it));
            self.modules.push((input, before));
        }
        let with_fixes: HashSet<usize> = self.changing.iter().map(|it| it.input).collect();
        let others: Vec<usize> = asked(files.inputs)
            .filter(|number| !with_fixes.contains(number))
            .collect();
        work::in_order(
            &others,
            files.threads.min(others.len()),
            |number| {
                let input = &files.inputs[*number];
                mend::helpers_wanted(input, files.task, files.engine, files.types)
            },
            |_, wanted| {
                self.usual_wants.extend(wanted.unwrap_or_default());
                Ok(())
            },
        )
    }

    /// The number of the file of each fix.
    pub(super) fn groups(&self) -> Vec<usize> {
        let files = self.changing.iter().enumerate();
        files
            .flat_map(|(number, file)| file.fixes.clone().map(move |_| number))
            .collect()
    }

    /// How many files have fixes.
    pub(super) fn files(&self) -> usize {
        self.changing.len()
    }

    /// The files that change where all fixes are applied and that are there without any.
    pub(super) fn inputs(&self) -> impl Iterator<Item = &'f Input> {
        let files = self.files;
        let changing = self.changing.iter().map(move |it| &files.inputs[it.input]);
        let modules = self.modules.iter().map(|(input, _)| *input);
        let modules = modules.filter(|input| {
            let wanted = &self.files.engine.helper_modules;
            !input.is_new && wanted.in_want().any(|it| it == input.path)
        });
        changing.chain(modules)
    }

    /// What all files that may change hold as they are.
    pub(super) fn before(&self) -> Contents {
        let inputs = self.files.inputs;
        let changing = self.changing.iter();
        let changing =
            changing.map(|it| (inputs[it.input].path.clone(), Some(Arc::clone(&it.before))));
        let modules = self.modules.iter();
        let modules = modules.map(|(input, before)| (input.path.clone(), before.clone()));
        modules.chain(changing).collect()
    }

    /// What they hold where these fixes alone are applied; in words why that cannot be, where a fault of ours is in
    /// the way.
    pub(super) fn contents(&mut self, fixes: &[usize]) -> Result<Result<Contents, String>> {
        let mut contents = self.before();
        if fixes.is_empty() {
            return Ok(Ok(contents));
        }
        let wanted: HashSet<usize> = fixes.iter().copied().collect();
        let left_out: Vec<(usize, Vec<usize>)> = (self.changing.iter().enumerate())
            .map(|(number, file)| {
                let left_out = file.fixes.clone().filter(|fix| !wanted.contains(fix));
                (number, left_out.collect())
            })
            .collect();
        self.make(&left_out)?;
        let mut wants = self.usual_wants.clone();
        for key in &left_out {
            let (file, made) = (&self.changing[key.0], &self.made[key]);
            wants.extend(made.wants.clone());
            if key.1.len() < file.fixes.len() {
                let path = self.files.inputs[file.input].path.clone();
                match &made.after {
                    Ok(after) => contents.insert(path, Some(Arc::clone(after))),
                    Err(unmade) => return Ok(Err(unmade.clone().told()?)),
                };
            }
        }
        match self.fill_modules(&wants, &left_out, &mut contents)? {
            Ok(()) => Ok(Ok(contents)),
            Err(unmade) => Ok(Err(unmade.told()?)),
        }
    }

    /// Puts what the modules for helpers hold into `contents`.
    fn fill_modules(
        &self,
        wants: &[Wanted],
        left_out: &[(usize, Vec<usize>)],
        contents: &mut Contents,
    ) -> Result<Result<(), Unmade>> {
        if self.modules.is_empty() {
            return Ok(Ok(()));
        }
        let mut engine = Engine::new(self.files.here);
        engine.helper_modules = self.files.engine.helper_modules.wanting(wants);
        let mut filled = Ok(());
        work::in_order(
            &self.modules,
            self.files.threads.min(self.modules.len()),
            |(input, before)| {
                let own = left_out.iter().find(|(number, _)| {
                    self.files.inputs[self.changing[*number].input].path == input.path
                });
                let task = match own {
                    Some((number, fixes)) => self.task(*number, fixes),
                    None => self.files.task.clone(),
                };
                // What is verified is made of one text, whatever becomes of the file meanwhile.
                let before = before.as_deref().unwrap_or_default();
                mend::mend_bytes(input, before, &task, &engine, self.files.types)
            },
            |(input, _), looked| {
                let looked = looked.unwrap_or_else(|panic| Trouble::panic(&*panic).into());
                match looked.verdict {
                    Ok(seen) if seen.changed => {
                        contents.insert(input.path.clone(), Some(looked.result.into()));
                    }
                    Ok(_) => {}
                    Err(trouble) => filled = Err(Unmade::new(&trouble, input.name())),
                }
                Ok(())
            },
        )?;
        Ok(filled)
    }

    /// Makes what is not known of files with these fixes left out.
    fn make(&mut self, left_out: &[(usize, Vec<usize>)]) -> Result<()> {
        let open: Vec<&(usize, Vec<usize>)> = left_out
            .iter()
            .filter(|key| !self.made.contains_key(key))
            .collect();
        let mut made = Vec::new();
        work::in_order(
            &open,
            self.files.threads.min(open.len()),
            |(number, fixes)| self.made_of(*number, fixes),
            |key, result| {
                let result = result.unwrap_or_else(|panic| Made {
                    after: Err(Unmade::new(&Trouble::panic(&*panic), self.name(key.0))),
                    applied: HashMap::new(),
                    wants: None,
                });
                made.push(((*key).clone(), result));
                Ok(())
            },
        )?;
        self.made.extend(made);
        Ok(())
    }

    fn made_of(&self, number: usize, left_out: &[usize]) -> Made {
        let file = &self.changing[number];
        let files = self.files;
        let input = &files.inputs[file.input];
        let task = self.task(number, left_out);
        let wants = (!files.engine.helper_modules.is_empty())
            .then(|| mend::helpers_wanted(input, &task, files.engine, files.types))
            .flatten();
        if left_out.len() == file.fixes.len() {
            // As it is, to the byte.
            return Made {
                after: Ok(Arc::clone(&file.before)),
                applied: HashMap::new(),
                wants,
            };
        }
        let looked = mend::mend(input, &task, files.engine, files.types);
        let (after, applied) = match looked.verdict {
            Ok(seen) => {
                let after = if seen.changed {
                    looked.result.into()
                } else {
                    Arc::clone(&file.before)
                };
                let applied = applied(&seen.rewrites);
                (Ok(after), applied)
            }
            Err(trouble) => (Err(Unmade::new(&trouble, input.name())), HashMap::new()),
        };
        Made {
            after,
            applied,
            wants,
        }
    }

    /// What is done with the file of that number where these fixes are left out.
    fn task(&self, number: usize, left_out: &[usize]) -> Task {
        let sites = self.sites(
            number,
            left_out.iter().map(|fix| (*fix, Declined::TakenBack)),
        );
        let name = self.name(number);
        Task {
            kept: Some(Arc::new(Kept {
                files: HashMap::from([(name.to_owned(), sites)]),
                ..Kept::default()
            })),
            ..self.files.task.clone()
        }
    }

    fn name(&self, number: usize) -> &'f str {
        self.files.inputs[self.changing[number].input].name()
    }

    fn sites(&self, number: usize, left_out: impl Iterator<Item = (usize, Declined)>) -> KeptSites {
        let key = |fix: usize| (self.list[fix].transform, self.list[fix].at);
        KeptSites {
            left_out: left_out.map(|(fix, because)| (key(fix), because)).collect(),
            ..self.changing[number].sites.clone()
        }
    }

    /// How to write the files where these fixes alone are applied, with which they hold `contents`; the others were
    /// taken back or, if they are among the `unproven`, not decided about.
    pub(super) fn kept(&self, fixes: &[usize], unproven: &[usize], contents: Contents) -> Kept {
        let wanted: HashSet<usize> = fixes.iter().copied().collect();
        let unproven: HashSet<usize> = unproven.iter().copied().collect();
        let because = |fix: usize| {
            if unproven.contains(&fix) {
                Declined::Undecided
            } else {
                Declined::TakenBack
            }
        };
        let sites = self.changing.iter().enumerate().map(|(number, file)| {
            let left_out = file.fixes.clone().filter(|fix| !wanted.contains(fix));
            let sites = self.sites(number, left_out.map(|fix| (fix, because(fix))));
            (self.files.inputs[file.input].name().to_owned(), sites)
        });
        Kept {
            files: sites.collect(),
            contents,
            backed_up: HashSet::new(),
        }
    }

    /// Where the files with fixes are, by their names.
    pub(super) fn places(&self) -> HashMap<String, PathBuf> {
        let inputs = self.changing.iter().map(|it| &self.files.inputs[it.input]);
        let places = inputs.map(|input| (input.name().to_owned(), input.path.clone()));
        places.collect()
    }

    /// What is done where these fixes alone are applied; nothing for those that do not show then, because they need
    /// another one.
    pub(super) fn applied(&self, fixes: &[usize]) -> HashMap<usize, FixName> {
        let wanted: HashSet<usize> = fixes.iter().copied().collect();
        let mut all = HashMap::new();
        for (number, file) in self.changing.iter().enumerate() {
            let (kept, left_out): (Vec<usize>, Vec<usize>) =
                file.fixes.clone().partition(|fix| wanted.contains(fix));
            let Some(made) = self.made.get(&(number, left_out)) else {
                continue;
            };
            all.extend(kept.into_iter().filter_map(|fix| {
                let key = (self.list[fix].transform, self.list[fix].at);
                Some((fix, made.applied.get(&key)?.clone()))
            }));
        }
        all
    }

    /// Fails where a file that changes, or to which helpers may be written, is not as it was.
    pub(super) fn check_unchanged(&self) -> Result<()> {
        for (path, before) in self.before() {
            let now = disk::load(&path).ok();
            if now.as_deref() != before.as_deref() {
                let name = self.files.here.name(&path);
                let name = shown(&name);
                bail!(
                    "nothing was written: {name} has changed while fixes were verified; run again"
                );
            }
        }
        Ok(())
    }

    /// The folder in which the imports of the first file's project start.
    pub(super) fn import_root(&self) -> PathBuf {
        let roots = &self.files.engine.roots;
        let folder = (self.changing.first())
            .and_then(|file| self.files.inputs[file.input].path.parent())
            .unwrap_or(self.files.here.path());
        let roots = roots.of_project(roots.project_folder(folder));
        let root = roots.iter().find(|root| folder.starts_with(root));
        root.map_or_else(|| folder.to_path_buf(), PathBuf::clone)
    }

    /// The files that change, as a command calls them that runs in the working directory.
    pub(super) fn paths_for_command(&self) -> Vec<PathBuf> {
        let here = self.files.here.path();
        let paths = self.inputs().map(|input| seen_from(here, &input.path));
        paths.collect::<BTreeSet<PathBuf>>().into_iter().collect()
    }

    /// Where the file is that a command calls `seen`.
    pub(super) fn path(&self, seen: &Path) -> PathBuf {
        normal(&self.files.here.path().join(seen))
    }

    /// The folders of the projects that the files of these `paths`, as a command calls them, belong to.
    pub(super) fn projects_for_command(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let (here, roots) = (self.files.here.path(), &self.files.engine.roots);
        let project = |path: &PathBuf| {
            let path = self.path(path);
            Some(seen_from(here, roots.project_folder(path.parent()?)))
        };
        let projects = paths.iter().filter_map(project);
        projects
            .collect::<BTreeSet<PathBuf>>()
            .into_iter()
            .collect()
    }

    /// The name of the file that has the fix.
    pub(super) fn name_of(&self, fix: usize) -> &'f str {
        self.name(self.number_of(fix))
    }

    /// The line on which the site of the fix starts, as it is in the file without any fix; none of a notebook's.
    pub(super) fn line_of(&self, fix: usize) -> String {
        let start = self.list[fix].start;
        let text = String::from_utf8_lossy(&self.changing[self.number_of(fix)].before);
        let line = text.lines().nth(start.line - 1);
        let line = line.filter(|_| start.cell.is_none());
        line.unwrap_or_default().trim().to_owned()
    }

    /// The number of the file that has the fix.
    fn number_of(&self, fix: usize) -> usize {
        let mut files = self.changing.iter();
        let number = files.position(|file| file.fixes.contains(&fix));
        number.expect("each fix is one of a file")
    }
}

/// The places of those of `inputs` that are to be looked at.
fn asked(inputs: &[Input]) -> impl Iterator<Item = usize> {
    let inputs = inputs.iter().enumerate();
    inputs
        .filter(|(_, input)| input.role != Role::Background)
        .map(|(number, _)| number)
}

/// What the file or folder at `path` is called in the folder `here`; both are absolute and without links.
fn seen_from(here: &Path, path: &Path) -> PathBuf {
    let common = here.ancestors().find(|around| path.starts_with(around));
    let common = common.unwrap_or(Path::new(""));
    let up = here
        .strip_prefix(common)
        .map_or(0, |below| below.iter().count());
    let below = path.strip_prefix(common).unwrap_or(path);
    let seen: PathBuf = std::iter::repeat_n(Path::new(".."), up)
        .chain([below])
        .collect();
    if seen.as_os_str().is_empty() {
        return PathBuf::from(".");
    }
    seen
}

/// The fixes that are applied, by their sites.
fn applied(rewrites: &[Rewrite]) -> HashMap<SiteKey, FixName> {
    let rewrites = rewrites.iter();
    rewrites
        .map(|it| ((it.transform, it.at), it.fix.clone()))
        .collect()
}
