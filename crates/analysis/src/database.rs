//! The smallest database that ty's binder runs on: one file in memory, typeshed beside it.

use asyncmend_source::PythonVersion;
use ruff_db::files::{File, Files, system_path_to_file};
use ruff_db::system::{InMemorySystem, MemoryFileSystem, System, SystemPath};
use ruff_db::vendored::VendoredFileSystem;
use ty_module_resolver::SearchPathSettings;
use ty_python_core::ProgramFile;
use ty_python_core::platform::PythonPlatform;
use ty_python_core::program::{Program, ProgramSettings, UseDefaultStrategy};
use ty_site_packages::{PythonVersionSource, PythonVersionWithSource};

/// Where the one file lies; no part of it ever shows.
const ROOT: &str = "/";
const PATH: &str = "/module_under_analysis.py";

#[salsa::db]
#[derive(Clone)]
pub(crate) struct Database {
    files: Files,
    system: InMemorySystem,
    settings: ProgramSettings,
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
        &self.system
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
    /// A database that holds `text` as its only file of its own.
    pub(crate) fn with_file(text: &str, version: PythonVersion) -> (Self, File) {
        let memory = MemoryFileSystem::with_current_directory(ROOT);
        memory
            .write_file_all(PATH, text)
            .expect("a new file system in memory takes a file");
        let system = InMemorySystem::from_memory_fs(memory);
        let paths = SearchPathSettings {
            src_roots: vec![SystemPath::new(ROOT).to_path_buf()],
            ..SearchPathSettings::empty()
        };
        let Ok(search_paths) =
            paths.to_search_paths(&system, ty_vendored::file_system(), &UseDefaultStrategy);
        let mut db = Self {
            files: Files::default(),
            system,
            settings: ProgramSettings {
                python_version: PythonVersionWithSource {
                    version,
                    source: PythonVersionSource::default(),
                },
                python_platform: PythonPlatform::default(),
                search_paths,
            },
            storage: salsa::Storage::new(None),
        };
        // Nothing changes and nothing is asked twice, so nothing has to be evicted either.
        db.files.freeze();
        ruff_db::disable_lru(&mut db);
        db.settings.search_paths.try_register_static_roots(&db);
        let file = system_path_to_file(&db, PATH).expect("the file was just written");
        (db, file)
    }

    pub(crate) fn program_file(&self, file: File) -> ProgramFile<'_> {
        Program::from_settings(self, &self.settings).program_file(self, file)
    }
}
