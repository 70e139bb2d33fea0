//! The database that ty's queries run on.

use std::sync::Arc;

use asyncmend_source::PythonVersion;
use ruff_db::files::{File, Files};
use ruff_db::system::System;
use ruff_db::vendored::VendoredFileSystem;
use ty_module_resolver::SearchPathSettings;
use ty_python_core::ProgramFile;
use ty_python_core::platform::PythonPlatform;
use ty_python_core::program::{Program, ProgramSettings, UseDefaultStrategy};
use ty_site_packages::{PythonVersionSource, PythonVersionWithSource};

/// Files as a system shows them, and how imports among them are resolved.
#[salsa::db]
#[derive(Clone)]
pub(crate) struct Database {
    files: Files,
    system: Arc<dyn System>,
    settings: Arc<ProgramSettings>,
    // Dropped last: the inputs above are stored in it.
    storage: salsa::Storage<Self>,
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl ruff_db::Db for Database {
    fn vendored(&self) -> &VendoredFileSystem {
        ty_vendored::file_system()
    }

    fn system(&self) -> &dyn System {
        &*self.system
    }

    fn files(&self) -> &Files {
        &self.files
    }
}

#[salsa::db]
impl ty_module_resolver::Db for Database {}

#[salsa::db]
impl ty_python_core::Db for Database {
    fn should_check_file(&self, _: File) -> bool {
        false
    }
}

impl Database {
    /// A database of the files that `system` shows. Nothing that it has read may change.
    pub(crate) fn new(
        system: Arc<dyn System>,
        paths: &SearchPathSettings,
        version: PythonVersion,
    ) -> Self {
        let Ok(search_paths) =
            paths.to_search_paths(&*system, ty_vendored::file_system(), &UseDefaultStrategy);
        let mut db = Self {
            files: Files::default(),
            system,
            settings: Arc::new(ProgramSettings {
                python_version: PythonVersionWithSource {
                    version,
                    source: PythonVersionSource::default(),
                },
                // Code for every platform is mended.
                python_platform: PythonPlatform::All,
                search_paths,
            }),
            storage: salsa::Storage::new(None),
        };
        // Nothing changes and nothing is asked twice, so nothing has to be evicted either.
        db.files.freeze();
        ruff_db::disable_lru(&mut db);
        db.settings.search_paths.try_register_static_roots(&db);
        db
    }

    pub(crate) fn program_file(&self, file: File) -> ProgramFile<'_> {
        Program::from_settings(self, &self.settings).program_file(self, file)
    }
}

mod semantic {
    use std::sync::LazyLock;

    use ruff_db::diagnostic::Diagnostic;
    use ty_python_semantic::lint::{LintRegistry, RuleSelection};
    use ty_python_semantic::{AnalysisSettings, default_lint_registry};

    use super::{Database, File, ProgramFile, PythonVersionWithSource};

    static RULES: LazyLock<RuleSelection> =
        LazyLock::new(|| RuleSelection::from_registry(default_lint_registry()));
    static SETTINGS: LazyLock<AnalysisSettings> = LazyLock::new(AnalysisSettings::default);

    #[salsa::db]
    impl ty_python_semantic::Db for Database {
        fn check_file(&self, _: File) -> Vec<Diagnostic> {
            Vec::new()
        }

        fn program_file(&self, file: File) -> ProgramFile<'_> {
            Database::program_file(self, file)
        }

        fn python_version_with_source(&self, _: File) -> &PythonVersionWithSource {
            &self.settings.python_version
        }

        fn rule_selection(&self, _: File) -> &RuleSelection {
            &RULES
        }

        fn lint_registry(&self) -> &LintRegistry {
            default_lint_registry()
        }

        fn analysis_settings(&self, _: File) -> &AnalysisSettings {
            &SETTINGS
        }

        fn verbose(&self) -> bool {
            false
        }

        fn is_open_file(&self, _: File) -> bool {
            false
        }

        fn dyn_clone(&self) -> Box<dyn ty_python_semantic::Db> {
            Box::new(self.clone())
        }
    }
}
