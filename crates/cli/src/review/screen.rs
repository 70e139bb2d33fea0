//! The terminal while a review is on it.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal::{self, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, queue};

use super::ink::Line;

/// How long to wait for keys that were pressed too early.
const EARLY: Duration = Duration::from_millis(50);

/// Whether the terminal is ours; nobody else may change that meanwhile.
static TAKEN: Mutex<bool> = Mutex::new(false);

/// A terminal that shows one page at a time.
pub(super) struct Screen {
    pub(super) colour: bool,
}

/// What the user does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Enter,
    Tab,
    Escape,
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    /// Control and C, or nobody is there any more.
    Interrupt,
    /// The screen has another size, or the key means nothing.
    Other,
}

impl Screen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) fn open(colour: bool) -> Result<Self> {
        let screen = Self { colour };
        screen.take()?;
        Ok(screen)
    }

    /// Whether there is a terminal that can be taken.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) fn check() -> Result<()> {
        let is_dumb = std::env::var_os("TERM").is_none_or(|it| it == "dumb" || it.is_empty());
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() || (cfg!(unix) && is_dumb) {
            bail!(
                "review needs a terminal that shows pages and takes keys; without one, use `asyncmend diff` to \
                 read the changes and `asyncmend fix --decisions FILE` to apply those that FILE accepts"
            );
        }
        Ok(())
    }

    /// How many columns and rows there are.
    pub(super) fn size() -> (usize, usize) {
        let (columns, rows) = terminal::size().unwrap_or((80, 24));
        // Whoever does not know says nothing.
        let usual = |count: u16, usual| {
            if count == 0 {
                usual
            } else {
                usize::from(count)
            }
        };
        (usual(columns, 80), usual(rows, 24))
    }

    /// Shows `lines`, as many as there are rows.
    pub(super) fn show(&self, lines: &[Line]) -> Result<()> {
        let mut out = io::stdout().lock();
        let mut draw = || -> io::Result<()> {
            for (row, line) in (0..).zip(lines.iter().take(Self::size().1)) {
                // Not behind the text: that would take the last column of a full line.
                let clear = terminal::Clear(ClearType::UntilNewLine);
                queue!(out, cursor::MoveTo(0, row), clear)?;
                out.write_all(line.painted(self.colour).as_bytes())?;
            }
            let below = u16::try_from(lines.len()).unwrap_or(u16::MAX);
            if usize::from(below) < Self::size().1 {
                let clear = terminal::Clear(ClearType::FromCursorDown);
                queue!(out, cursor::MoveTo(0, below), clear)?;
            }
            out.flush()
        };
        draw().context("cannot write to the terminal")
    }

    /// Waits for a key.
    pub(super) fn key() -> Result<Key> {
        loop {
            match event::read().context("cannot read from the terminal")? {
                Event::Key(key) if key.kind == KeyEventKind::Press => return Ok(meaning(key)),
                Event::Resize(..) => return Ok(Key::Other),
                _ => {}
            }
        }
    }

    /// Does something for which the terminal has to be as it was.
    pub(super) fn aside<T>(&self, act: impl FnOnce() -> T) -> Result<T> {
        give_back();
        let done = act();
        self.take()?;
        Ok(done)
    }

    #[expect(clippy::unused_self, reason = "only who has the screen takes it again")]
    fn take(&self) -> Result<()> {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        terminal::enable_raw_mode().context("cannot read single keys from the terminal")?;
        *taken = true;
        let mut out = io::stdout().lock();
        let begin = queue!(out, EnterAlternateScreen, cursor::Hide);
        begin
            .and_then(|()| out.flush())
            .context("cannot write to the terminal")?;
        // Keys that were pressed before there was anything to see are no decisions.
        while event::poll(EARLY).context("cannot read from the terminal")? {
            event::read().context("cannot read from the terminal")?;
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Leaves the terminal as it was, if it is ours.
pub(crate) fn give_back() {
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    if std::mem::take(&mut *taken) {
        let mut out = io::stdout();
        let _ = queue!(out, cursor::Show, LeaveAlternateScreen).and_then(|()| out.flush());
        let _ = terminal::disable_raw_mode();
    }
}

fn meaning(key: KeyEvent) -> Key {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c' | 'd') if control => Key::Interrupt,
        KeyCode::Char('f') if control => Key::PageDown,
        KeyCode::Char('b') if control => Key::PageUp,
        KeyCode::Char(_) if control => Key::Other,
        KeyCode::Char(' ') | KeyCode::PageDown => Key::PageDown,
        KeyCode::Char(it) => Key::Char(it),
        KeyCode::Enter => Key::Enter,
        KeyCode::Tab => Key::Tab,
        KeyCode::Esc => Key::Escape,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        _ => Key::Other,
    }
}
