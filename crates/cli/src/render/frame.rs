//! What stands around the findings of all files, where a format makes them one document.

use serde_json::Value;

use super::html::Book;
use super::mailbox::Mailbox;
use super::markdown::Comment;
use super::{github, gitlab, junit, sarif};
use crate::args::Format;
use crate::mend::Looked;
use crate::report::Report;
use crate::split::Splitter;
use crate::trouble::Trouble;
use crate::walk::Input;

/// The document, as far as it has come. What can be written is, in the order of the files; what has to wait for
/// the end is held here.
#[derive(Default)]
pub(crate) struct Frame {
    /// That of findings; none where the parts are the whole.
    format: Option<Format>,
    /// The page for a browser, where that is wanted.
    book: Option<Book>,
    /// The mailbox, where that is wanted.
    mailbox: Option<Mailbox>,
    /// What takes the changes, where they are split.
    pub(crate) splitter: Option<Splitter>,
    /// Whether something is in it already.
    has_parts: bool,
    notifications: Vec<Value>,
    comment: Comment,
}

impl Frame {
    /// That of what `check` prints.
    pub(crate) fn of_findings(format: Format) -> Self {
        Self {
            format: Some(format),
            ..Self::default()
        }
    }

    /// That of a mailbox.
    pub(crate) fn of_a_mailbox(mailbox: Mailbox) -> Self {
        Self {
            mailbox: Some(mailbox),
            ..Self::default()
        }
    }

    /// That of a page for a browser.
    pub(crate) fn of_a_book(book: Book) -> Self {
        Self {
            book: Some(book),
            ..Self::default()
        }
    }

    /// What comes first.
    pub(crate) fn open(&self) -> String {
        if let Some(book) = &self.book {
            return book.begin().to_owned();
        }
        match self.format {
            Some(Format::Json | Format::Gitlab) => "[\n".to_owned(),
            Some(Format::Sarif) => sarif::head(),
            Some(Format::Junit) => junit::HEAD.to_owned(),
            _ => String::new(),
        }
    }

    /// What to write of the findings of one file, which are not empty.
    pub(crate) fn add(&mut self, part: Vec<u8>) -> Vec<u8> {
        let is_first = !std::mem::replace(&mut self.has_parts, true);
        if let Some(book) = &mut self.book {
            return book.add(&part);
        }
        match self.format {
            Some(Format::Json | Format::Gitlab | Format::Sarif) if !is_first => {
                [&b",\n"[..], &part].concat()
            }
            Some(Format::Markdown) => {
                self.comment.add(&String::from_utf8_lossy(&part));
                Vec::new()
            }
            _ => part,
        }
    }

    /// What to write of what is wrong with the file called `name`.
    pub(crate) fn add_trouble(&mut self, name: &str, trouble: &Trouble) -> Vec<u8> {
        if let Some(book) = &mut self.book {
            book.add_trouble(trouble.line(name));
        }
        if let Some(splitter) = &mut self.splitter {
            splitter.add_trouble(name, trouble);
        }
        match self.format {
            Some(Format::Github) => return github::trouble(name, trouble).into_bytes(),
            Some(Format::Gitlab) => return self.add(gitlab::trouble(name, trouble).into_bytes()),
            Some(Format::Junit) => return self.add(junit::trouble(name, trouble).into_bytes()),
            Some(Format::Sarif) => self.notifications.push(sarif::trouble(name, trouble)),
            Some(Format::Markdown) => self.comment.add_trouble(name, trouble),
            // The objects of JSON are findings, and people read standard error.
            _ => {}
        }
        Vec::new()
    }

    /// Takes what is odd.
    pub(crate) fn add_warning(&mut self, text: &str) {
        if self.format == Some(Format::Sarif) {
            self.notifications.push(sarif::warning(text));
        }
    }

    /// Takes what the transforms change in the file `input`.
    pub(crate) fn add_stages(&mut self, input: &Input, looked: &mut Looked) {
        if let Some(splitter) = &mut self.splitter {
            splitter.add(input, looked);
        }
        if let Some(mailbox) = &mut self.mailbox {
            mailbox.add(looked);
        }
    }

    /// What comes last.
    pub(crate) fn close(&self, report: &Report) -> Vec<u8> {
        match (&self.mailbox, &self.book) {
            (Some(mailbox), _) => mailbox.text(report),
            (_, Some(book)) => book.end(report.warnings()).into_bytes(),
            _ => self.end(report).into_bytes(),
        }
    }

    fn end(&self, report: &Report) -> String {
        match self.format {
            Some(Format::Json | Format::Gitlab) if self.has_parts => "\n]\n".to_owned(),
            Some(Format::Json | Format::Gitlab) => "]\n".to_owned(),
            Some(Format::Sarif) => sarif::tail(!report.has_trouble(), &self.notifications),
            Some(Format::Junit) if self.has_parts => junit::TAIL.to_owned(),
            Some(Format::Junit) => junit::nothing_found() + junit::TAIL,
            Some(Format::Markdown) => self.comment.text(report),
            _ => String::new(),
        }
    }
}
