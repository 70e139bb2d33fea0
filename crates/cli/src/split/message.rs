//! What the message of a patch says: what it does and why, what may differ, and how to make it again.

use std::fmt::Write as _;

use asyncmend_pipeline::Transform;
use unicode_width::UnicodeWidthStr;

use super::again::{Command, List};
use super::{Content, Shard};
use crate::letter::{self, WIDTH, counted, item, sentence, wrapped};
use crate::terminal::shown;

/// The subject of a shard, in as many columns as a subject may have.
pub(super) fn subject(shard: &Shard) -> String {
    let place = &shard.group.place;
    let what = match &shard.content {
        Content::Helpers => "Add asyncio helpers",
        Content::Fixes => match transforms(shard)[..] {
            [transform] => transform.subject,
            _ if place.is_empty() => the_transform(&shard.group.label).subject,
            _ => "Mend uses of asyncio",
        },
    };
    let sites = shard.sites().values().sum();
    let count = match (&shard.content, shard.part) {
        (Content::Helpers, _) => String::new(),
        (Content::Fixes, None) => format!(" ({})", counted(sites, "site")),
        (Content::Fixes, Some((part, of))) => {
            format!(" ({part}/{of}, {})", counted(sites, "site"))
        }
    };
    if place.is_empty() {
        return format!("{what}{count}");
    }
    let taken = what.width() + " in ".len() + count.width();
    format!(
        "{what} in {}{count}",
        cut(place, WIDTH.saturating_sub(taken))
    )
}

/// `text` in at most `width` columns: the end of a path says most of it, and the beginning of prose.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let fits = |it: &&str| it.width() + 2 <= width;
    let places = || text.char_indices().map(|(at, _)| at);
    if text.contains(' ') {
        let start = places()
            .map(|at| &text[..at])
            .take_while(|it| fits(it))
            .last();
        return format!("{}..", start.unwrap_or_default().trim_end());
    }
    let end = places().map(|at| &text[at..]).find(fits);
    format!("..{}", end.unwrap_or_default())
}

/// The body of the message of the shard at `place`; `patches` are the names of all patches, which `command` made.
pub(super) fn body(
    shards: &[Shard],
    place: usize,
    patches: &[String],
    command: &Command,
) -> String {
    let shard = &shards[place];
    let mut out = String::new();
    if matches!(shard.content, Content::Helpers) {
        out +=
            &wrapped("Other changes of this series import from here what they do their work with.");
    }
    // A module that others import from may have sites of its own.
    if !shard.sites().is_empty() {
        if !out.is_empty() {
            out.push('\n');
        }
        out += &changes(shard);
    }
    out.push('\n');
    if !shard.owners.is_empty() {
        let owners = shard.owners.join(" ");
        out += &wrapped(&format!("Owners, as CODEOWNERS says: {}", shown(&owners)));
        out.push('\n');
    }
    out += &wrapped(&order(shard, patches));
    out.push('\n');
    out += &again(&patches[place], command);
    out.push('\n');
    out += &wrapped(&format!(
        "Made by asyncmend {}; `asyncmend check` shows every site with its reasons.",
        env!("CARGO_PKG_VERSION")
    ));
    out.push('\n');
    out
}

fn changes(shard: &Shard) -> String {
    let mut out = String::new();
    for transform in transforms(shard) {
        out += &wrapped(&sentence(transform.flaw));
        let _ = write!(out, "See {}\n\n", transform.reference);
    }
    let _ = write!(out, "In {}:\n\n", counted(shard.pieces.len(), "file"));
    for (what, count) in shard.fixes() {
        out += &item(&format!("{what} ({})", counted(count, "site")));
    }
    let cautions = shard.cautions();
    out.push('\n');
    if cautions.is_empty() {
        out += &wrapped(
            "Each of these fixes is safe: beside the flaw, nothing that a program can observe differs.",
        );
    } else {
        out += "What may differ from before, beside that:\n\n";
        out += &letter::cautions(&cautions);
    }
    out.push('\n');
    let ids: Vec<&str> = transforms(shard).iter().map(|it| it.id).collect();
    out += &wrapped(&format!(
        "`asyncmend explain` has pages ({}) that show what was observed before and after such a change, on which \
         versions of CPython.",
        ids.join(", ")
    ));
    let (held, left) = shard.left();
    let kinds = [(held, "held back"), (left, "left alone for other reasons")];
    let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
    let kinds: Vec<String> = kinds
        .map(|(count, fate)| {
            let verb = if count == 1 { "was" } else { "were" };
            format!("{} {verb} {fate}", counted(count, "site"))
        })
        .collect();
    if !kinds.is_empty() {
        let _ = writeln!(out);
        out += &wrapped(&format!("In the same files, {}.", kinds.join(" and ")));
    }
    out
}

/// What has to be applied before.
fn order(shard: &Shard, patches: &[String]) -> String {
    if shard.needs.is_empty() {
        return "It stands for itself: it needs no other change of this series.".to_owned();
    }
    let needs: Vec<&str> = shard.needs.iter().map(|it| patches[*it].as_str()).collect();
    format!(
        "It imports what {} {}, which goes first; it needs no other change of this series.",
        needs.join(" and "),
        if needs.len() == 1 { "adds" } else { "add" }
    )
}

/// How to make the patch called `patch` again.
fn again(patch: &str, command: &Command) -> String {
    let mut out = wrapped("To make it again, at the top of the work tree as it was:");
    out.push('\n');
    out += &command.lines();
    out.push('\n');
    let of_list = match command.list {
        List::None => String::new(),
        List::Piped => ", where LIST has the files that were listed".to_owned(),
        List::Paths(count) => format!(", where LIST has the {count} paths that were named"),
    };
    out + &wrapped(&format!("It is {patch} there{of_list}."))
}

/// Whose sites a shard rewrites, in order.
fn transforms(shard: &Shard) -> Vec<&'static Transform> {
    let sites = shard.sites();
    let all = asyncmend_transforms::ALL.iter().copied();
    all.filter(|it| sites.contains_key(it.id)).collect()
}

fn the_transform(id: &str) -> &'static Transform {
    let mut all = asyncmend_transforms::ALL.iter().copied();
    let found = all.find(|it| it.id == id);
    found.expect("a group by transform is called as one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_places_are_cut() {
        assert_eq!(cut("services/billing", 16), "services/billing");
        assert_eq!(cut("services/billing", 10), "../billing");
        assert_eq!(cut("services/billing", 0), "..");
        assert_eq!(cut("code of @org/billing @ops", 20), "code of @org/billi..");
    }
}
