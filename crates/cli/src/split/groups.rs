//! For whom a patch is: what each file belongs to.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use toml::Table;

use super::Piece;
use crate::args::By;
use crate::disk;
use crate::owners::Owners;
use crate::roots::PROJECT_FILES;
use crate::terminal::shown;

/// What a place begins with that is the code of owners.
pub(super) const CODE_OF: &str = "code of ";

/// What goes into one patch, or into several where that would be too large.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Group {
    /// Where it stands among the others.
    order: (usize, String),
    /// How it is called; empty for what belongs to nobody.
    pub(super) label: String,
    /// Where it is, as a subject says it; empty for all that there is.
    pub(super) place: String,
    /// What stands in the names of its patches.
    pub(super) slug: String,
}

impl Group {
    /// That of a module which other files import helpers from.
    pub(super) fn of_helpers(name: &str) -> Self {
        Self {
            order: (0, name.to_owned()),
            label: name.to_owned(),
            place: one_line(name),
            slug: slug(&format!("helpers {name}")),
        }
    }
}

/// Tells which group a piece belongs to.
pub(super) struct Groups<'g> {
    pub(super) by: By,
    /// How many folders down the groups are, where they are folders.
    pub(super) depth: usize,
    pub(super) owners: &'g Owners,
    /// The top of the work tree.
    pub(super) tree: &'g Path,
    /// By the folder of a file: the folder of its package, and its name.
    pub(super) packages: HashMap<PathBuf, Option<(PathBuf, String)>>,
}

impl Groups<'_> {
    pub(super) fn of(&mut self, piece: &Piece) -> Group {
        match self.by {
            By::Owner => self.owners_of(piece),
            By::Package => self.package_of(piece),
            By::Folder => self.folder_of(piece),
            By::Transform => transform_of(piece),
        }
    }

    fn owners_of(&self, piece: &Piece) -> Group {
        // Whoever is named first or twice, it is for the same people.
        let mut owners = self.owners.of(&piece.path);
        owners.sort_unstable();
        owners.dedup();
        let owners = owners.join(" ");
        if owners.is_empty() {
            return nobodys("unowned code", "no-owner");
        }
        Group {
            order: (0, owners.clone()),
            place: format!("{CODE_OF}{}", one_line(&owners)),
            slug: slug(&owners),
            label: owners,
        }
    }

    fn package_of(&mut self, piece: &Piece) -> Group {
        let Some((folder, name)) = piece.path.parent().and_then(|it| self.package(it)) else {
            return nobodys("unpackaged code", "no-package");
        };
        Group {
            // Two packages may have one name.
            order: (0, folder.to_string_lossy().into_owned()),
            place: one_line(&name),
            slug: slug(&name),
            label: name,
        }
    }

    /// The package that the files of `folder` belong to: the nearest folder with a file that makes it one.
    fn package(&mut self, folder: &Path) -> Option<(PathBuf, String)> {
        if !folder.starts_with(self.tree) {
            return None;
        }
        if let Some(known) = self.packages.get(folder) {
            return known.clone();
        }
        let is_package = PROJECT_FILES.iter().any(|file| folder.join(file).is_file());
        let found = if is_package {
            Some((folder.to_path_buf(), package_name(folder)))
        } else {
            folder.parent().and_then(|parent| self.package(parent))
        };
        self.packages.insert(folder.to_path_buf(), found.clone());
        found
    }

    fn folder_of(&self, piece: &Piece) -> Group {
        let folders = piece
            .name
            .rsplit_once('/')
            .map_or("", |(folders, _)| folders);
        let folders: Vec<&str> = folders.split('/').take(self.depth).collect();
        let folder = folders.join("/");
        if folder.is_empty() {
            return Group {
                order: (0, folder),
                label: ".".to_owned(),
                place: "the top folder".to_owned(),
                slug: "top".to_owned(),
            };
        }
        Group {
            order: (0, folder.clone()),
            place: one_line(&folder),
            slug: slug(&folder),
            label: folder,
        }
    }
}

/// That of the transform, all files together.
fn transform_of(piece: &Piece) -> Group {
    let id = piece.transform.unwrap_or_default();
    let mut ids = asyncmend_transforms::ALL.iter().map(|it| it.id);
    Group {
        order: (ids.position(|it| it == id).unwrap_or(0), String::new()),
        label: id.to_owned(),
        place: String::new(),
        slug: id.to_owned(),
    }
}

fn nobodys(place: &str, slug: &str) -> Group {
    Group {
        order: (1, String::new()),
        label: String::new(),
        place: place.to_owned(),
        slug: slug.to_owned(),
    }
}

/// What a package calls itself; the name of its folder where it does not say.
fn package_name(folder: &Path) -> String {
    let document = disk::load_text(&folder.join("pyproject.toml")).ok();
    let document = document.and_then(|text| text.parse::<Table>().ok());
    let name = document.as_ref().and_then(|it| {
        let name = |table: &Table| table.get("name")?.as_str().map(str::to_owned);
        let project = it.get("project").and_then(|it| it.as_table());
        let poetry = || it.get("tool")?.get("poetry")?.as_table();
        name(project.or_else(poetry)?)
    });
    let last = || folder.file_name().unwrap_or(folder.as_os_str());
    name.unwrap_or_else(|| last().to_string_lossy().into_owned())
}

/// A name that people gave, for the subject of a message.
fn one_line(name: &str) -> String {
    shown(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `name` in characters that every file system and every branch takes.
pub(super) fn slug(name: &str) -> String {
    /// File names may have 255 bytes, and people read them.
    const LONGEST: usize = 48;
    let mut out = String::new();
    for character in name.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.truncate(LONGEST);
    let out = out.trim_end_matches('-');
    if out.is_empty() { "group" } else { out }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_harmless() {
        for (name, expected) in [
            (
                "@org/payments ops@example.org",
                "org-payments-ops-example-org",
            ),
            ("services/Billing", "services-billing"),
            ("../..", "group"),
            ("\u{e9}t\u{e9}", "t"),
            ("-rf\n", "rf"),
        ] {
            assert_eq!(slug(name), expected);
        }
        assert_eq!(slug(&"ab-".repeat(40)).len(), 47);
    }
}
