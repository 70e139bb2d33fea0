//! Which transforms run on which file.

use asyncmend_pipeline::{PythonVersion, Transform};

use super::names::Choice;

/// The user's choice of transforms.
#[derive(Debug, Clone)]
pub struct Selection {
    /// `--select`; it stands in for `select`.
    pub select_now: Option<Vec<Choice>>,
    /// `--ignore`.
    pub ignore_now: Vec<Choice>,
    /// `select` of the configuration.
    pub select: Vec<Choice>,
    /// `ignore` of the configuration.
    pub ignore: Vec<Choice>,
}

impl Default for Selection {
    /// All of them, where nothing is said.
    fn default() -> Self {
        Self {
            select_now: None,
            ignore_now: Vec::new(),
            select: vec![Choice::All],
            ignore: Vec::new(),
        }
    }
}

impl Selection {
    /// Whether `transform` runs on a file that has to run on `target`, and for which `ignored` are left out.
    ///
    /// A name counts more than `ALL`, and the command line more than the configuration: what
    /// `--select` names runs even where the configuration ignores it.
    pub fn takes(&self, transform: &Transform, target: PythonVersion, ignored: &[Choice]) -> bool {
        let names = |choices: &[Choice]| choices.iter().any(|choice| choice.names(transform));
        let covers = |choices: &[Choice]| choices.iter().any(|choice| choice.covers(transform));
        if covers(ignored) || names(&self.ignore_now) {
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
    use crate::parts::names::choice;

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
        };
        asyncmend_transforms::ALL
            .iter()
            .filter(|it| selection.takes(it, PythonVersion::PY312, &[]))
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
