//! A document as an outline: headings, rows and texts in their order, each with its line, from Markdown, plain text or HTML.
//! It knows no topic, and it leaves out what no reader sees: comments, scripts and style.

mod html;

use crate::parse::markdown::{self, BlockKind};

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Markdown.
    Markdown,
    /// Plain text, and reStructuredText, which reads as such.
    Plain,
    /// HTML.
    Html,
}

impl Form {
    /// The form that a file's name tells; none for what is no text to read.
    pub fn of(path: &str) -> Option<Form> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "md" | "markdown" => Some(Form::Markdown),
            "txt" | "rst" | "text" => Some(Form::Plain),
            "html" | "htm" => Some(Form::Html),
            _ => None,
        }
    }
}

/// One thing that stands in a document.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Line from 1.
    pub line: usize,
    /// What it is.
    pub part: Part,
}

/// The things that stand in a document.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// A heading, with its level from 1.
    Heading(u8, String),
    /// A row of a table by its cells.
    Row {
        /// Whether it heads the table.
        head: bool,
        /// The text of each cell.
        cells: Vec<String>,
    },
    /// An item of a list.
    Item(String),
    /// Running text, its lines as they are.
    Text(String),
}

/// Takes a text apart; `offset` lines of the document stand before it.
pub fn read(form: Form, text: &str, offset: usize) -> Vec<Entry> {
    let mut out = match form {
        Form::Markdown => from_markdown(text, offset),
        Form::Plain => from_plain(text),
        Form::Html => html::read(text),
    };
    if form != Form::Markdown {
        out.iter_mut().for_each(|entry| entry.line += offset);
    }
    out
}

/// The outline of Markdown; a table in HTML tags is read as the table that it is.
fn from_markdown(text: &str, offset: usize) -> Vec<Entry> {
    let text = blanked(text, "<!--", "-->").0;
    let (text, tables) = blanked(&text, "<table", "</table>");
    let doc = markdown::read(&text, offset);
    let mut out: Vec<Entry> = Vec::new();
    for block in doc.blocks {
        let part = match block.kind {
            BlockKind::Heading => Part::Heading(block.level, block.text),
            BlockKind::Item { .. } => Part::Item(block.text),
            BlockKind::Paragraph | BlockKind::Code => Part::Text(block.text),
        };
        out.push(Entry { line: block.line, part });
    }
    for table in doc.tables {
        let cells = |row: Vec<markdown::Cell>| row.into_iter().map(|cell| cell.text).collect();
        out.push(Entry { line: table.line, part: Part::Row { head: true, cells: cells(table.head) } });
        let rows = table.rows.into_iter().map(|(line, row)| (line, Part::Row { head: false, cells: cells(row) }));
        out.extend(rows.map(|(line, part)| Entry { line, part }));
    }
    for (before, table) in tables {
        out.extend(html::read(&table).into_iter().map(|e| Entry { line: e.line + before + offset, ..e }));
    }
    out.sort_by_key(|entry| entry.line);
    out
}

/// A text in which all that stands from `open` to `close` is blank but for its lines, and what stood there, each with the
/// number of lines before it. What is not closed reaches to the end.
fn blanked(text: &str, open: &str, close: &str) -> (String, Vec<(usize, String)>) {
    let low = text.to_ascii_lowercase();
    let (mut out, mut taken) = (String::with_capacity(text.len()), Vec::new());
    let (mut at, mut lines) = (0, 0);
    while let Some(start) = low.get(at..).and_then(|rest| rest.find(open)).map(|found| at + found) {
        let after = start + open.len();
        let end = low.get(after..).and_then(|rest| rest.find(close)).map_or(text.len(), |n| after + n + close.len());
        let (kept, gone) = (text.get(at..start).unwrap_or_default(), text.get(start..end).unwrap_or_default());
        out.push_str(kept);
        lines += kept.matches('\n').count();
        taken.push((lines, gone.to_owned()));
        out.extend(gone.chars().filter(|c| *c == '\n'));
        lines += gone.matches('\n').count();
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    (out, taken)
}

/// The outline of plain text: a line above a rule is a heading, lines that start with a bar are rows, a blank line ends a
/// text.
fn from_plain(text: &str) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    // Which rule is of which level, by the order in which they come.
    let mut rules: Vec<char> = Vec::new();
    let mut open = false;
    for (index, line) in text.lines().enumerate() {
        let (number, trimmed) = (index + 1, line.trim());
        if let Some(rule) = rule_of(trimmed) {
            underline(&mut out, &mut rules, rule, open);
            open = false;
            continue;
        }
        if trimmed.is_empty() {
            open = false;
        } else if let Some(row) = trimmed.strip_prefix('|') {
            open = false;
            let cells = row.trim_end_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
            out.push(Entry { line: number, part: Part::Row { head: false, cells } });
        } else if let Some(item) = trimmed.strip_prefix(['-', '*', '•']).filter(|rest| rest.starts_with(' ')) {
            open = true;
            out.push(Entry { line: number, part: Part::Item(item.trim().to_owned()) });
        } else if let (true, Some(Entry { part: Part::Text(before) | Part::Item(before), .. })) = (open, out.last_mut())
        {
            before.push('\n');
            before.push_str(trimmed);
        } else {
            open = true;
            out.push(Entry { line: number, part: Part::Text(trimmed.to_owned()) });
        }
    }
    out
}

/// The sign that a line is ruled with: three of it or more and nothing else, or the line that parts a table's head.
fn rule_of(line: &str) -> Option<char> {
    let sign = line.chars().next().filter(|c| c.is_ascii_punctuation() && *c != '.')?;
    let ruled = line.len() > 2 && line.chars().all(|c| c == sign);
    let parts = matches!(sign, '|' | '+') && line.len() > 2 && line.contains(['-', '=']);
    (ruled || (parts && line.chars().all(|c| matches!(c, '|' | '+' | '-' | '=' | ':' | ' ')))).then_some(sign)
}

/// Makes the text above a rule a heading, or the row above it the head of its table.
fn underline(out: &mut [Entry], rules: &mut Vec<char>, rule: char, open: bool) {
    let follows_row = out.iter().rev().nth(1).is_some_and(|e| matches!(e.part, Part::Row { .. }));
    let Some(entry) = out.last_mut() else { return };
    match &mut entry.part {
        Part::Row { head, .. } if rule == '|' && !follows_row => *head = true,
        Part::Text(text) if open && !text.contains('\n') && !matches!(rule, '|' | '+') => {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
            let level = rules.iter().position(|r| *r == rule).map_or(1, |at| at + 1);
            let text = std::mem::take(text);
            entry.part = Part::Heading(u8::try_from(level).unwrap_or(u8::MAX), text);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An outline in one line an entry.
    fn told(form: Form, text: &str) -> Vec<String> {
        let tell = |entry: &Entry| {
            let part = match &entry.part {
                Part::Heading(level, text) => format!("h{level} {text}"),
                Part::Row { head, cells } => format!("{} {}", if *head { "head" } else { "row" }, cells.join("|")),
                Part::Item(text) => format!("item {}", text.trim().replace('\n', "/")),
                Part::Text(text) => format!("text {}", text.trim().replace('\n', "/")),
            };
            format!("{}:{part}", entry.line)
        };
        read(form, text, 0).iter().map(tell).collect()
    }

    #[test]
    fn markdown_in_its_order_without_comments() {
        let text = "# T\n\nOne\ntwo\n\n| a | b |\n|---|---|\n| c | d |\n\n<!-- hidden\nstill -->\n### S\n- x\n\n<table>\n<tr><td>p</td>\n<td>q</td></tr>\n</table>\nend\n<!-- open\n# not seen\n";
        let wanted = [
            "1:h1 T",
            "3:text One/two",
            "6:head a|b",
            "8:row c|d",
            "12:h3 S",
            "13:item x",
            "16:row p|q",
            "19:text end",
        ];
        assert_eq!(told(Form::Markdown, text), wanted);
        assert_eq!(read(Form::Markdown, "# T", 4)[0].line, 5);
    }

    #[test]
    fn plain_text_has_rules_and_rows() {
        let text = "=====\nTitle\n=====\n\nSub\n---\none\ntwo\n\n- x\n  y\n\n| a | b |\n|---|---|\n| c | d |\n+---+---+\n| e | f |\n...\n";
        let wanted = [
            "2:h1 Title",
            "5:h2 Sub",
            "7:text one/two",
            "10:item x/y",
            "13:head a|b",
            "15:row c|d",
            "17:row e|f",
            "18:text ...",
        ];
        assert_eq!(told(Form::Plain, text), wanted);
        assert_eq!(read(Form::Plain, "a", 4)[0].line, 5);
    }

    #[test]
    fn forms_by_name() {
        assert_eq!(Form::of("a/B.MD"), Some(Form::Markdown));
        assert_eq!((Form::of("a.rst"), Form::of("a.html")), (Some(Form::Plain), Some(Form::Html)));
        assert_eq!((Form::of("a.pdf"), Form::of("README")), (None, None));
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_line_is_one_of_the_text(text in "\\PC{0,200}|([-|#+=<>/!`*\n a-ctdrh1.é]{0,200})|((<table|<tr>|<td>|</td>|<!--|-->|</table>|<h2>|\n|é|x){0,40})") {
            for form in [Form::Markdown, Form::Plain, Form::Html] {
                for entry in read(form, &text, 3) {
                    proptest::prop_assert!((4..=3 + text.split('\n').count()).contains(&entry.line), "{form:?} {entry:?}");
                }
            }
        }
    }
}
