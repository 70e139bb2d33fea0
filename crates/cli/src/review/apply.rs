//! The end of a review: comments and fixes are written, and the noes kept.

use std::collections::HashSet;
use std::process::ExitCode;

use anyhow::Result;

use super::Files;
use super::session::{File, Session};
use super::store::Store;
use crate::args::{ProtectionArgs, RunArgs};
use crate::decisions::Decisions;
use crate::mend::Action;
use crate::run;
use crate::terminal::shown;
use crate::voice::Voice;

pub(super) struct Applying<'a, 'f> {
    pub(super) files: &'a Files<'f>,
    /// The files to which nothing is written.
    pub(super) left_out: HashSet<String>,
    /// Whether the user was asked about files whose text could not be brought back.
    pub(super) was_asked: bool,
    pub(super) job: &'a RunArgs,
    pub(super) protection: &'a ProtectionArgs,
    pub(super) voice: &'a Voice,
}

impl Applying<'_, '_> {
    /// Writes what was accepted, and keeps the rest.
    pub(super) fn apply(&self, mut session: Session, store: &Store) -> Result<ExitCode> {
        let (commented, has_failed) = self.write_comments(&mut session);
        match commented.len() {
            0 => {}
            1 => self.voice.close("comments written to 1 file\n"),
            count => self
                .voice
                .close(&format!("comments written to {count} files\n")),
        }
        // They may be all there is to write.
        store.save(&session.decisions())?;
        let mut status = ExitCode::SUCCESS;
        for (files, backup) in self.groups(&session, &commented) {
            let mut decisions = Decisions::default();
            for file in files {
                decisions.put(&file.name, file.reviewed());
            }
            // A comment that we wrote is no change that somebody else would miss.
            let is_agreed = self.was_asked || !commented.is_empty();
            let protection = ProtectionArgs {
                allow_dirty: is_agreed || self.protection.allow_dirty,
                no_vcs: is_agreed || self.protection.no_vcs,
                backup: backup.map(str::to_owned),
            };
            let protection = Some(&protection);
            status = run::run(
                Action::Fix,
                self.job,
                protection,
                Some(decisions),
                self.voice,
            )?;
        }
        self.keep_noes(&session, store)?;
        if has_failed {
            status = ExitCode::from(2);
        }
        Ok(status)
    }

    /// Writes the comments: to which files, and whether one could not be written.
    fn write_comments(&self, session: &mut Session) -> (HashSet<String>, bool) {
        let mut commented = HashSet::new();
        let mut has_failed = false;
        for file in session.files.iter_mut().filter(|it| self.is_wanted(it)) {
            let sites = file.ignored();
            if sites.is_empty() {
                continue;
            }
            let backup = self.protection.backup.as_deref();
            match self.files.ignore(file.input, &sites, backup) {
                Ok(sha256) => {
                    self.voice.tell("wrote", &shown(&file.name));
                    file.has_comments(sha256);
                    commented.insert(file.name.clone());
                }
                Err(trouble) => {
                    self.voice.error(&trouble.line(&file.name));
                    has_failed = true;
                }
            }
        }
        (commented, has_failed)
    }

    /// The files with fixes to apply, and what is to keep their old text: that of a file with new comments is
    /// kept already.
    fn groups<'s>(
        &self,
        session: &'s Session,
        commented: &HashSet<String>,
    ) -> Vec<(Vec<&'s File>, Option<&str>)> {
        let accepting = session.files.iter();
        let accepting = accepting.filter(|file| self.is_wanted(file) && file.accepts());
        let groups = match self.protection.backup.as_deref() {
            None => vec![(accepting.collect(), None)],
            backup => {
                let (kept, others): (Vec<&File>, Vec<&File>) =
                    accepting.partition(|file| commented.contains(&file.name));
                vec![(others, backup), (kept, None)]
            }
        };
        let has_files = |(files, _): &(Vec<&File>, Option<&str>)| !files.is_empty();
        groups.into_iter().filter(has_files).collect()
    }

    fn is_wanted(&self, file: &File) -> bool {
        file.changes() && !self.left_out.contains(&file.name)
    }

    /// Keeps the decisions that are still to be applied, and the noes about what files hold now.
    fn keep_noes(&self, session: &Session, store: &Store) -> Result<()> {
        let mut decisions = session.decisions();
        for file in session.files.iter().filter(|it| self.is_wanted(it)) {
            // What is wrong with a file was said.
            let Ok((now, _)) = self.files.look(file.input) else {
                continue;
            };
            let Some(mut now) = now else {
                decisions.forget(&file.name);
                continue;
            };
            if !now.is_same(file) {
                now.carry_noes(file);
                decisions.put(&file.name, now.reviewed());
            }
        }
        store.save(&decisions)
    }
}
