//! A page for a browser, on which the fixes are read, accepted and rejected: one file, which loads nothing.
//!
//! Here is its frame; `review.js` fills it with what is known of the files. Everything in it that comes from
//! the user is JSON, of which the scripts make text, never markup.

mod command;
mod data;

use std::path::Path;

use data_encoding::{BASE64, HEXLOWER};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html as markdown};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub(crate) use data::{Sheet, file};

use asyncmend_pipeline::Transform;

use crate::terminal::shown;

const STYLE: &str = include_str!("review.css");

/// In the order in which they build on each other.
const SCRIPTS: [&str; 3] = [
    include_str!("python.js"),
    include_str!("diff.js"),
    include_str!("review.js"),
];

/// Where in the frame the files go, and where what is known when all of them were looked at. No text of ours
/// has such a character.
const FILES: &str = "\0files\0";
const CLOSING: &str = "\0closing\0";

/// A page that is written piece by piece.
pub(crate) struct Book {
    /// What comes before the files, after them, and after what is known of them all.
    frame: [String; 3],
    is_empty: bool,
    hash: Sha256,
    troubles: Vec<String>,
}

/// What all reviews have in common.
#[derive(Serialize)]
struct Terms {
    transforms: Vec<TransformTerms>,
}

#[derive(Serialize)]
struct TransformTerms {
    id: &'static str,
    flaw: &'static str,
    cautions: Vec<CautionTerms>,
    refusals: Vec<RefusalTerms>,
}

#[derive(Serialize)]
struct CautionTerms {
    code: &'static str,
    what_differs: &'static str,
    when: &'static str,
}

#[derive(Serialize)]
struct RefusalTerms {
    code: &'static str,
    remedy: &'static str,
}

/// What is known when all files were looked at.
#[derive(Serialize)]
struct Closing<'a> {
    /// Tells this review from others.
    hash: String,
    /// What is wrong with files that are not in the review.
    troubles: &'a [String],
    notes: Vec<&'a str>,
}

impl Book {
    /// A page about the files of the folder at `path`, which a program that was given `arguments` makes.
    pub(crate) fn new(path: &Path, arguments: impl Iterator<Item = String>) -> Self {
        let project = path.file_name().unwrap_or_default().to_string_lossy();
        let command = command::applies(arguments);
        let frame = frame(&shown(&project), &shown(&command)).into_string();
        let (begin, rest) = frame.split_once(FILES).expect("a place for the files");
        let (rest, end) = rest.split_once(CLOSING).expect("a place for the rest");
        Self {
            frame: [begin, rest, end].map(str::to_owned),
            is_empty: true,
            hash: Sha256::new(),
            troubles: Vec::new(),
        }
    }

    /// How the page begins.
    pub(crate) fn begin(&self) -> &str {
        &self.frame[0]
    }

    /// How the page goes on with a file, of which [`file()`] made `json`.
    pub(crate) fn add(&mut self, json: &[u8]) -> Vec<u8> {
        self.hash.update(json);
        let separator = if std::mem::take(&mut self.is_empty) {
            "\n"
        } else {
            ",\n"
        };
        [separator.as_bytes(), json].concat()
    }

    /// Notes what is wrong with a file.
    pub(crate) fn add_trouble(&mut self, line: String) {
        self.troubles.push(line);
    }

    /// How the page ends; `notes` are on all files together.
    pub(crate) fn end<'n>(&self, notes: impl Iterator<Item = &'n str>) -> String {
        let closing = Closing {
            hash: HEXLOWER.encode(&self.hash.clone().finalize()),
            troubles: &self.troubles,
            notes: notes.collect(),
        };
        let [_, after_files, end] = &self.frame;
        [after_files, data::embedded(&closing).as_str(), end].concat()
    }
}

/// The whole page, but for what is known of the files.
fn frame(project: &str, command: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="generator" content=(concat!("asyncmend ", env!("CARGO_PKG_VERSION")));
                title { "Review of " (project) " · asyncmend" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#feed" { "Skip to the fixes" }
                (top(project))
                noscript {
                    p.notice {
                        "This page shows nothing without JavaScript. It loads nothing and sends nothing; "
                        code { "asyncmend diff" }
                        " prints the same changes as a patch."
                    }
                }
                div.columns {
                    (filters())
                    main #main {
                        (overview())
                        (bulk())
                        button #above .small type="button" hidden {}
                        div #feed role="region" aria-label="Sites" tabindex="-1" {}
                        div #more {}
                        section #closing hidden {}
                    }
                }
                p #status .unseen role="status" {}
                (help())
                (decisions(command))
                (confirmation())
                dialog #page aria-labelledby="page-title" {
                    (dialog_head("page-title", "Explanation"))
                    div #page-text .prose tabindex="0" {}
                }
                @for transform in asyncmend_transforms::ALL {
                    template id={ "page-" (transform.id) } { (page_of(transform)) }
                }
                script type="application/json" id="terms" { (PreEscaped(data::embedded(&terms()))) }
                script type="application/json" id="files" { "[" (PreEscaped(FILES)) "]" }
                script type="application/json" id="closing-data" { (PreEscaped(CLOSING)) }
                @for script in SCRIPTS {
                    script { (PreEscaped(script)) }
                }
            }
        }
    }
}

/// Nothing is loaded, from anywhere, and nothing runs or is laid out but by what stands in this repository.
fn policy() -> String {
    let hash = |text: &&str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text)));
    let scripts: Vec<String> = SCRIPTS.iter().map(hash).collect();
    format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        scripts.join(" "),
        hash(&STYLE)
    )
}

fn top(project: &str) -> Markup {
    html! {
        header.top {
            h1 { span.brand { "asyncmend" } " " span.project { (project) } }
            div.progress {
                div #bar .bar aria-hidden="true" { span.accepted {} span.rejected {} }
                span #progress-text {}
            }
            div.tools {
                button #filters-toggle type="button" aria-expanded="false" aria-controls="filters" { "Filters" }
                div.switch role="group" aria-label="Layout of diffs" {
                    button type="button" data-layout="unified" aria-pressed="false" { "Unified" }
                    button type="button" data-layout="split" aria-pressed="false" { "Side by side" }
                }
                button #theme type="button" title="Dark or light (t)" { "Theme" }
                button #help-open type="button" title="Keys and words (?)" { "Help" }
                button #decisions-open .primary type="button" { "Decisions" }
            }
        }
    }
}

fn filters() -> Markup {
    html! {
        form #filters aria-label="Filters" {
            div.field {
                label for="search" { "Path or text" }
                input #search type="search" autocomplete="off" spellcheck="false" placeholder="Press / to type";
            }
            div #facets {}
            button #clear type="button" hidden { "Clear all filters" }
        }
    }
}

fn overview() -> Markup {
    html! {
        section #overview aria-labelledby="overview-title" {
            h2 #overview-title .unseen { "Overview" }
            ul #counts {}
            details #map open {
                summary { "Where the sites are" }
                div #map-table tabindex="0" role="region" aria-label="Sites by folder and transform" {}
            }
        }
    }
}

fn bulk() -> Markup {
    html! {
        div #bulk role="toolbar" aria-label="All that is shown" {
            p #shown {}
            button #accept-all type="button" { "Accept all" }
            button #reject-all type="button" { "Reject all" }
            button #undo type="button" title="Undo (u)" disabled { "Undo" }
        }
    }
}

fn dialog_head(id: &str, title: &str) -> Markup {
    html! {
        div.dialog-head {
            h2 id=(id) { (title) }
            button.close type="button" data-close { "Close" }
        }
    }
}

fn help() -> Markup {
    let keys = [
        ("j, k", "next and previous site"),
        ("J, K", "first site of the next and of the previous file"),
        (
            "y",
            "accept the fix, and go on to the next without a decision",
        ),
        ("n", "reject it, and go on"),
        ("x", "take the decision back"),
        ("u", "undo what was decided last"),
        ("s", "show the next candidate where there are several"),
        ("e", "why it is a site, and what may differ"),
        ("w", "all that changes in the file"),
        ("/", "to the text to filter by"),
        ("v", "unified or side by side"),
        ("t", "dark or light"),
        ("?", "this page"),
    ];
    let words = [
        (
            "Rewrite",
            "there is a fix whose cautions are all accepted, or that has none: fix applies it",
        ),
        (
            "Held back",
            "there is a fix, but it may differ in a way that is not accepted yet; to accept it here is to \
             accept that for this site alone",
        ),
        (
            "Left alone",
            "there is no fix; a code and a sentence say why",
        ),
        (
            "Caution",
            "a named way in which a fix may differ from the original, and when; a fix without any differs in \
             nothing but the flaw",
        ),
    ];
    html! {
        dialog #help aria-labelledby="help-title" {
            (dialog_head("help-title", "Keys and words"))
            div.prose tabindex="0" {
                dl.keys {
                    @for (key, does) in keys {
                        div {
                            dt { @for key in key.split(", ") { kbd { (key) } " " } }
                            dd { (does) }
                        }
                    }
                }
                dl.words {
                    @for (word, means) in words {
                        div { dt { (word) } dd { (means) } }
                    }
                }
                p {
                    "Each diff is what one fix alone would change. What all of them make of a file together, laid \
                     out as the file's formatter would, is below its name. Decisions are kept by the browser, for \
                     this very review; to apply them, save them to a file."
                }
            }
        }
    }
}

fn decisions(command: &str) -> Markup {
    html! {
        dialog #decisions aria-labelledby="decisions-title" {
            (dialog_head("decisions-title", "Decisions"))
            div.prose {
                p #decisions-count {}
                p.buttons {
                    button #save .primary type="button" { "Save decisions.json" }
                    label.button for="load" { "Load decisions.json" }
                    input #load .unseen type="file" accept=".json,application/json";
                    button #forget type="button" { "Forget all" }
                }
                p { "Then, in the folder where this page was made:" }
                p.command {
                    code #command { (command) }
                    button type="button" data-copy="command" { "Copy" }
                }
                p.faint {
                    "It applies what is accepted here, in files that are still as they were, and nothing else."
                }
                p #load-result role="status" {}
            }
        }
    }
}

fn confirmation() -> Markup {
    html! {
        dialog #confirm aria-labelledby="confirm-title" {
            (dialog_head("confirm-title", "Some of these are held back"))
            div.prose {
                p #confirm-text {}
                ul #confirm-cautions {}
                p.buttons {
                    button #confirm-some .primary type="button" {}
                    button #confirm-all type="button" {}
                }
            }
        }
    }
}

/// What `explain` prints of a transform.
fn page_of(transform: &Transform) -> PreEscaped<String> {
    // It stands below the headings of a dialog.
    let lower = |level| match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    };
    let events = Parser::new_ext(transform.doc, Options::ENABLE_TABLES).map(|event| match event {
        Event::Start(Tag::Heading {
            level,
            id,
            classes,
            attrs,
        }) => Event::Start(Tag::Heading {
            level: lower(level),
            id,
            classes,
            attrs,
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    });
    let mut out = String::new();
    markdown::push_html(&mut out, events);
    PreEscaped(out)
}

fn terms() -> Terms {
    let transforms = asyncmend_transforms::ALL
        .iter()
        .map(|transform| TransformTerms {
            id: transform.id,
            flaw: transform.flaw,
            cautions: (transform.cautions.iter())
                .map(|caution| CautionTerms {
                    code: caution.code,
                    what_differs: caution.what_differs,
                    when: caution.when,
                })
                .collect(),
            refusals: (transform.refusals.iter())
                .map(|refusal| RefusalTerms {
                    code: refusal.code,
                    remedy: refusal.remedy,
                })
                .collect(),
        });
    Terms {
        transforms: transforms.collect(),
    }
}
