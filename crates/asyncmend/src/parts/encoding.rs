//! The encoding of a Python file, as Python finds it: UTF-8, or what a comment in its first two lines says
//! (PEP 263).

use std::borrow::Cow;
use std::str::Utf8Error;

use encoding_rs as codecs;

use super::check_length;
use crate::Fault;

const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// What UTF-16 starts with, which Python does not read.
const UTF_16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

/// Encodings that Python has under names that the standard for the web lacks.
const ALIASES: [(&str, &str); 7] = [
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp949", "euc-kr"),
    ("cp950", "big5"),
    ("latin-9", "iso-8859-15"),
    ("latin9", "iso-8859-15"),
    ("utf-8-sig", "utf-8"),
];

/// Encodings in which what a byte means hangs on those before it, or of which ASCII is no part.
const UNUSABLE: [&codecs::Encoding; 5] = [
    codecs::ISO_2022_JP,
    codecs::REPLACEMENT,
    codecs::UTF_16BE,
    codecs::UTF_16LE,
    codecs::X_USER_DEFINED,
];

/// How the text of a file became its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Encoding(&'static codecs::Encoding);

/// The text of a file.
#[derive(Debug)]
pub struct Text<'b> {
    /// What Python reads.
    pub text: Cow<'b, str>,
    /// How its bytes have it.
    pub encoding: Encoding,
}

impl Text<'_> {
    /// That of no bytes.
    pub fn empty() -> Self {
        Self {
            text: Cow::Borrowed(""),
            encoding: Encoding::UTF_8,
        }
    }
}

/// Whether `bytes` are a text that Python reads in no case, whatever it says.
pub fn is_utf_16(bytes: &[u8]) -> bool {
    UTF_16_MARKS.iter().any(|mark| bytes.starts_with(mark))
}

/// The text that `bytes`, a Python file, are.
///
/// # Errors
/// Where Python, or asyncmend, does not read them.
pub fn decode(bytes: &[u8]) -> Result<Text<'_>, Fault> {
    let declared = declared(bytes);
    let encoding = match declared {
        Some((line, name)) => {
            let encoding = Encoding::named(name).ok_or_else(|| Fault::UnknownEncoding {
                line,
                name: name.to_owned(),
            })?;
            // To Python this is a contradiction.
            if bytes.starts_with(UTF_8_MARK) && !encoding.is_utf_8() {
                return Err(Fault::UnknownEncoding {
                    line,
                    name: format!("{name}, after the mark of UTF-8"),
                });
            }
            encoding
        }
        None => Encoding::UTF_8,
    };
    if encoding.is_utf_8() {
        return decode_utf_8(bytes);
    }
    check_length(bytes.len())?;
    let name = declared.map_or("", |(_, name)| name);
    let wrong = || Fault::NotInEncoding(name.to_owned());
    let text = (encoding.0)
        .decode_without_bom_handling_and_without_replacement(bytes)
        .ok_or_else(wrong)?;
    // What nobody changes has to come back as it was.
    let comes_back = encoding.encode(&text).is_some_and(|again| *again == *bytes);
    let is_ascii = is_name_of_ascii(name);
    if !comes_back || is_ascii && !bytes.is_ascii() {
        return Err(wrong());
    }
    Ok(Text { text, encoding })
}

/// That `bytes` are none, as `error` says.
pub fn not_utf_8(bytes: &[u8], error: Utf8Error) -> Fault {
    let before = &bytes[..error.valid_up_to()];
    Fault::NotUtf8 {
        line: 1 + memchr::memchr_iter(b'\n', before).count(),
    }
}

/// The text that `bytes` are in UTF-8.
///
/// # Errors
/// Where they are none.
pub fn decode_utf_8(bytes: &[u8]) -> Result<Text<'_>, Fault> {
    check_length(bytes.len())?;
    if is_utf_16(bytes) {
        return Err(Fault::Utf16);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Text {
            text: Cow::Borrowed(text),
            encoding: Encoding::UTF_8,
        }),
        Err(error) => Err(not_utf_8(bytes, error)),
    }
}

impl Encoding {
    const UTF_8: Self = Self(codecs::UTF_8);

    fn is_utf_8(self) -> bool {
        self.0 == codecs::UTF_8
    }

    /// The encoding that Python knows by `name`, if we do.
    fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase().replace('_', "-");
        let alias = ALIASES.iter().find(|(python, _)| *python == name);
        let name = alias.map_or(&*name, |(_, web)| web);
        // CPython takes whatever follows for the name of an operating system's line ends.
        let starts = |known: &str| {
            (name.strip_prefix(known)).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        if starts("utf-8") {
            return Some(Self::UTF_8);
        }
        if ["latin-1", "iso-8859-1", "iso-latin-1"]
            .iter()
            .any(|it| starts(it))
            && name != "iso-8859-1"
        {
            return Some(Self(codecs::WINDOWS_1252));
        }
        let squeezed = name.replace('-', "");
        let spelled = [name, &name.replace('-', "_"), &squeezed];
        let found = spelled
            .iter()
            .find_map(|it| codecs::Encoding::for_label(it.as_bytes()))?;
        (!UNUSABLE.contains(&found)).then_some(Self(found))
    }

    /// The bytes of `text`; none where a character of it has none.
    pub fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        let (bytes, _, has_others) = self.0.encode(text);
        (!has_others).then_some(bytes)
    }

    /// The bytes of a unified diff of a file with this encoding: its header names paths, in UTF-8, and its
    /// other lines are the file's.
    pub fn encode_diff(self, diff: &str) -> Option<Vec<u8>> {
        if self.is_utf_8() {
            return Some(diff.as_bytes().to_vec());
        }
        let header: usize = diff.split_inclusive('\n').take(2).map(str::len).sum();
        let (header, hunks) = diff.split_at(header);
        Some([header.as_bytes(), &self.encode(hunks)?].concat())
    }
}

fn is_name_of_ascii(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    matches!(&*name, "ascii" | "us-ascii" | "646")
}

/// The line, counted from 1, and the name in it of the encoding that `bytes` say they have.
fn declared(bytes: &[u8]) -> Option<(usize, &str)> {
    let bytes = bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes);
    let mut rest = bytes;
    for number in 1..=2 {
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        let start = line
            .iter()
            .position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'));
        let comment = match start {
            Some(start) if line[start] == b'#' => &line[start..],
            // Only where nothing else stands in the first line does the second count.
            Some(_) => return None,
            None => &[],
        };
        if let Some(name) = name_in(comment) {
            return Some((number, name));
        }
        let end_of_line = if after.starts_with(b"\r\n") { 2 } else { 1 };
        rest = after.get(end_of_line..)?;
    }
    None
}

/// The name after the first `coding:` or `coding=` of a comment.
fn name_in(comment: &[u8]) -> Option<&str> {
    memchr::memmem::find_iter(comment, b"coding").find_map(|at| {
        let rest = &comment[at + b"coding".len()..];
        let rest = rest
            .strip_prefix(b":")
            .or_else(|| rest.strip_prefix(b"="))?;
        let start = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let length = rest[start..]
            .iter()
            .take_while(|byte| is_of_name(byte))
            .count();
        let name = std::str::from_utf8(&rest[start..start + length]).ok()?;
        (!name.is_empty()).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_found_where_python_finds_it() {
        let found =
            |text: &str| declared(text.as_bytes()).map(|(line, name)| format!("{line} {name}"));
        for (text, expected) in [
            ("# -*- coding: latin-1 -*-\nx = 1\n", Some("1 latin-1")),
            (
                "#!/usr/bin/python\r\n# vim: set fileencoding=cp1252 :\n",
                Some("2 cp1252"),
            ),
            ("\n\t# coding:koi8_r", Some("2 koi8_r")),
            ("#\r# encoding=utf8\r", Some("2 utf8")),
            ("\u{feff}# coding: utf-8\n", Some("1 utf-8")),
            ("# coding is: bad, coding: x\n", Some("1 x")),
            ("x = 1\n# coding: latin-1\n", None),
            ("\n\n# coding: latin-1\n", None),
            ("# coding : latin-1\n", None),
            ("'# coding: latin-1'\n", None),
            ("", None),
        ] {
            assert_eq!(found(text).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn names_are_those_of_python() {
        let found = |name: &str| Encoding::named(name).map(|it| it.0.name());
        for (name, expected) in [
            ("UTF8", Some("UTF-8")),
            ("utf_8", Some("UTF-8")),
            ("utf-8-unix", Some("UTF-8")),
            ("Latin-1-unix", Some("windows-1252")),
            ("iso8859_15", Some("ISO-8859-15")),
            ("latin_9", Some("ISO-8859-15")),
            ("iso-8859-2", Some("ISO-8859-2")),
            ("cp1251", Some("windows-1251")),
            ("koi8_r", Some("KOI8-R")),
            ("euc_jp", Some("EUC-JP")),
            ("cp932", Some("Shift_JIS")),
            ("gb2312", Some("GBK")),
            ("utf-16", None),
            ("utf_7", None),
            ("iso2022_jp", None),
            ("iso-2022-jp", None),
            ("rot13", None),
            ("cp437", None),
        ] {
            assert_eq!(found(name), expected, "{name}");
        }
    }

    #[test]
    fn what_does_not_come_back_is_not_read() {
        for bytes in [
            &b"# coding: ascii\n'\xe9'\n"[..],
            b"# coding: shift_jis\n'\x81'\n",
            b"\xef\xbb\xbf# coding: latin-1\n",
            b"# coding: cp437\n",
            b"x = '\xe9'\n",
            b"\xff\xfei\0",
        ] {
            assert!(decode(bytes).is_err(), "{bytes:?}");
        }
        for bytes in [
            &b"# coding: latin-1\n'\xe9\x81\xff'\n"[..],
            b"# coding: gbk\n'\xb0\xa1'\n",
        ] {
            let text = decode(bytes).unwrap();
            assert_eq!(&*text.encoding.encode(&text.text).unwrap(), bytes);
        }
    }
}
