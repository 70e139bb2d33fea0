//! Which transforms run on which file.

use std::path::Path;

use asyncmend_pipeline::{PythonVersion, Transform};

use crate::names::Choice;
use crate::patterns::Patterns;

/// The user's choice of transforms.
#[derive(Debug)]
pub(crate) struct Selection {
    /// `--select`; it stands in for `select`.
    pub(crate) select_now: Option<Vec<Choice>>,
    /// `--ignore`.
    pub(crate) ignore_now: Vec<Choice>,
    /// `select` of the configuration.
    pub(crate) select: Vec<Choice>,
    /// `ignore` of the configuration.
    pub(crate) ignore: Vec<Choice>,
    /// `per-file-ignores` of the configuration.
    pub(crate) per_file_ignores: Vec<(Patterns, Vec<Choice>)>,
}

impl Selection {
    /// Whether `transform` runs on the file at `path`, which has to run on `target`.
    ///
    /// A name counts more than `ALL`, and the command line more than the configuration: what
    /// `--select` names runs even where the configuration ignores it.
    pub(crate) fn takes(&self, transform: &Transform, target: PythonVersion, path: &Path) -> bool {
        let names = |choices: &[Choice]| choices.iter().any(|choice| choice.names(transform));
        let covers = |choices: &[Choice]| choices.iter().any(|choice| choice.covers(transform));
        let ignored_here = self
            .per_file_ignores
            .iter()
            .any(|(patterns, ignored)| covers(ignored) && patterns.cover(path));
        if ignored_here || names(&self.ignore_now) {
            return false;
        }
        let select = self.select_now.as_deref();
        if select.is_some_and(names) {
            return true;
        }
        let select = select.unwrap_or(&self.select);
        if names(select) {
            return !names(&self.ignore);
        }
        covers(select)
            && !covers(&self.ignore_now)
            && !covers(&self.ignore)
            && transform.fixed_in.is_none_or(|fixed| target < fixed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::choice;

    fn choices(names: &[&str]) -> Vec<Choice> {
        names.iter().map(|name| choice(name).unwrap()).collect()
    }

    /// The transforms that run: `select`, `ignore`, then the same of the configuration.
    fn taken(now: (Option<&[&str]>, &[&str]), config: (&[&str], &[&str])) -> Vec<&'static str> {
        let selection = Selection {
            select_now: now.0.map(choices),
            ignore_now: choices(now.1),
            select: choices(config.0),
            ignore: choices(config.1),
            per_file_ignores: Vec::new(),
        };
        asyncmend_transforms::ALL
            .iter()
            .filter(|it| selection.takes(it, PythonVersion::PY312, Path::new("/a.py")))
            .map(|it| it.id)
            .collect()
    }

    #[test]
    fn what_python_has_fixed_runs_only_by_its_own_name() {
        let all = taken((None, &[]), (&["ALL"], &[]));
        assert!(all.contains(&"retain-task") && !all.contains(&"wait-for"));
        assert_eq!(taken((None, &[]), (&["wait-for"], &[])), ["wait-for"]);
        assert_eq!(
            taken((Some(&["wait-for"]), &[]), (&["ALL"], &[])),
            ["wait-for"]
        );
    }

    #[test]
    fn a_name_counts_more_than_all() {
        assert_eq!(
            taken((None, &[]), (&["retain-task"], &["ALL"])),
            ["retain-task"]
        );
        assert_eq!(taken((None, &["ALL"]), (&["ALL"], &[])), [""; 0]);
    }

    #[test]
    fn the_command_line_counts_more_than_the_configuration() {
        let ignored: (&[&str], &[&str]) = (&["ALL"], &["retain-task"]);
        assert_eq!(
            taken((Some(&["retain-task"]), &[]), ignored),
            ["retain-task"]
        );
        assert!(!taken((Some(&["ALL"]), &[]), ignored).contains(&"retain-task"));
        assert_eq!(
            taken((None, &["retain-task"]), (&["retain-task"], &[])),
            [""; 0]
        );
    }
}
