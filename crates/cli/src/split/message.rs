//! What the message of a patch says: what it does and why, what may differ, and how to make it again.

use std::fmt::Write as _;

use asyncmend_pipeline::Transform;
use unicode_width::UnicodeWidthStr;

use super::again::{Command, List};
use super::groups::CODE_OF;
use super::{Content, Shard};
use crate::letter::{self, WIDTH, item, sentence, wrapped};
use crate::terminal::shown;
use crate::wording::counted;

/// The subject of a shard, in as many columns as a subject may have.
pub(super) fn subject(shard: &Shard) -> String {
    let count = count(shard);
    let place = &shard.group.place;
    let whats = whats(shard);
    if place.is_empty() {
        return format!("{}{count}", whats[0]);
    }
    let width = |what: &str| WIDTH.saturating_sub(what.width() + " in ".len() + count.width());
    let whole = |what: &&'static str| Some((*what, cut(place, width(what))?));
    let (what, place) = whats.iter().find_map(whole).unwrap_or_else(|| {
        let what = whats[whats.len() - 1];
        (what, end(place, width(what)))
    });
    format!("{what} in {place}{count}")
}

/// What a shard does, in words and in fewer.
fn whats(shard: &Shard) -> Vec<&'static str> {
    const ANY: &str = "Mend uses of asyncio";
    if matches!(shard.content, Content::Helpers) {
        return vec!["Add asyncio helpers"];
    }
    match transforms(shard)[..] {
        _ if shard.group.place.is_empty() => vec![the_transform(&shard.group.label).subject],
        [transform] => vec![transform.subject, ANY],
        _ => vec![ANY],
    }
}

/// How many sites a shard has; where it is for a transform, those of others in files that are not divided are counted
/// by themselves.
fn count(shard: &Shard) -> String {
    let sites = shard.sites();
    let all: usize = sites.values().sum();
    if all == 0 {
        return String::new();
    }
    let own = match &shard.group {
        group if group.place.is_empty() => sites.get(&*group.label).copied().unwrap_or(0),
        _ => all,
    };
    let mut count = counted(own, "site");
    if all > own {
        count = format!("{count} and {}", counted(all - own, "other"));
    }
    match shard.part {
        Some((part, of)) => format!(" ({part}/{of}, {count})"),
        None => format!(" ({count})"),
    }
}

/// `text` in at most `width` columns, in whole names: the end of a path says most of it, and the beginning of prose.
fn cut(text: &str, width: usize) -> Option<String> {
    if text.width() <= width {
        return Some(text.to_owned());
    }
    let fits = |it: &&str| it.width() + 2 <= width;
    let starts = text.rmatch_indices(' ').map(|(at, _)| &text[..at]);
    // It says nothing without the first owner.
    let mut starts = starts.filter(|it| !CODE_OF.starts_with(it));
    if let Some(start) = starts.find(fits) {
        return Some(format!("{start}.."));
    }
    let mut ends = text.match_indices('/').map(|(at, _)| &text[at..]);
    ends.find(fits).map(|end| format!("..{end}"))
}

/// The end of `text` in at most `width` columns.
fn end(text: &str, width: usize) -> String {
    let mut ends = text.char_indices().map(|(at, _)| &text[at..]);
    let end = ends.find(|it| it.width() + 2 <= width);
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
    if let Some(left) = letter::left(held, left) {
        let _ = writeln!(out);
        out += &wrapped(&format!("In the same files, {left}."));
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
    fn long_places_are_cut_between_names() {
        let cut = |text, width| cut(text, width).unwrap_or_default();
        assert_eq!(cut("services/billing", 16), "services/billing");
        assert_eq!(cut("services/billing", 11), "../billing");
        assert_eq!(cut("services/billing", 9), "");
        assert_eq!(end("services/billing", 9), "..billing");
        assert_eq!(end("services/billing", 0), "..");
        let owners = "code of @org/billing @ops";
        assert_eq!(cut(owners, 24), "code of @org/billing..");
        assert_eq!(cut(owners, 20), "../billing @ops");
        assert_eq!(cut(owners, 14), "");
    }
}
