//! The outline of HTML. It knows the tags that part a page, and no style.

use super::{Entry, Part};

/// A page while it is read.
#[derive(Default)]
struct Page {
    out: Vec<Entry>,
    /// Line from 1 of what is read now.
    line: usize,
    /// Line of the first letter of `text`.
    start: usize,
    text: String,
    /// The level of the heading that is open; 0 for none.
    heading: u8,
    item: bool,
    /// The cells of the row that is open, and whether all of them head a column.
    row: Option<(Vec<String>, bool)>,
    row_start: usize,
    /// Whether a cell of it is open.
    cell: bool,
}

/// Takes a page apart.
pub(super) fn read(text: &str) -> Vec<Entry> {
    let low = text.to_ascii_lowercase();
    let mut page = Page { line: 1, ..Page::default() };
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(open) = rest.find('<') else {
            page.words(rest);
            break;
        };
        page.words(rest.get(..open).unwrap_or_default());
        let start = at + open;
        let tail = low.get(start..).unwrap_or_default();
        // What nobody sees is left out up to its end.
        let hidden = [("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>")];
        let end = match hidden.iter().find(|(open, _)| tail.starts_with(open)) {
            Some((_, close)) => tail.find(close).map(|n| n + close.len()),
            None if is_tag(tail) => tail.find('>').map(|n| n + 1),
            None => {
                page.words("<");
                at = start + 1;
                continue;
            }
        };
        let end = end.map_or(text.len(), |n| start + n);
        let tag = low.get(start..end).unwrap_or_default();
        page.tag(tag);
        page.line += tag.matches('\n').count();
        at = end;
    }
    page.end_cell();
    page.end_row();
    page.close();
    page.out
}

/// Whether a text starts with a tag.
fn is_tag(text: &str) -> bool {
    text.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

impl Page {
    /// Text between tags.
    fn words(&mut self, text: &str) {
        for c in text.chars() {
            if self.text.is_empty() {
                self.start = self.line;
            }
            match c {
                '\n' => {
                    self.line += 1;
                    self.space();
                }
                c if c.is_whitespace() => self.space(),
                c => self.text.push(c),
            }
        }
    }

    /// One space between words, and none before the first.
    fn space(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn tag(&mut self, tag: &str) {
        let closes = tag.starts_with("</");
        let name = tag.trim_start_matches(['<', '/']);
        let name =
            name.get(..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())).unwrap_or_default();
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.close();
                let level = name.bytes().last().map_or(1, |b| b.saturating_sub(b'0'));
                self.heading = if closes { 0 } else { level };
            }
            "tr" | "table" => {
                self.end_cell();
                self.end_row();
                if name == "tr" && !closes {
                    self.close();
                    self.row = Some((vec![], true));
                    self.row_start = self.line;
                }
            }
            "td" | "th" => {
                self.end_cell();
                if let (Some((_, head)), false) = (&mut self.row, closes) {
                    *head &= name == "th";
                    self.cell = true;
                }
            }
            "li" => {
                self.close();
                self.item = !closes;
            }
            "p" | "div" | "br" | "ul" | "ol" | "dl" | "dt" | "dd" | "section" | "article" | "header" | "title"
            | "blockquote" | "pre" => self.close(),
            // A box that can be ticked shows whether it is.
            "input" if tag.contains("checkbox") => self.words(if tag.contains("checked") { " ☒ " } else { " ☐ " }),
            _ => {}
        }
    }

    /// Ends the cell that is open, where one is; what stands between cells is in none.
    fn end_cell(&mut self) {
        if let Some((cells, _)) = &mut self.row {
            let text = std::mem::take(&mut self.text);
            if std::mem::take(&mut self.cell) {
                cells.push(decoded(text.trim()));
            }
        }
    }

    fn end_row(&mut self) {
        if let Some((cells, head)) = self.row.take()
            && !cells.is_empty()
        {
            self.out.push(Entry { line: self.row_start, part: Part::Row { head, cells } });
        }
    }

    /// Ends a heading, an item or a text; in a row it only parts words.
    fn close(&mut self) {
        if self.row.is_some() {
            self.space();
            return;
        }
        let text = decoded(std::mem::take(&mut self.text).trim());
        if text.is_empty() {
            return;
        }
        let part = match (self.heading, self.item) {
            (0, false) => Part::Text(text),
            (0, true) => Part::Item(text),
            (level, _) => Part::Heading(level, text),
        };
        self.out.push(Entry { line: self.start, part });
    }
}

/// The signs that HTML writes by name, where they matter to a reader of words.
fn decoded(text: &str) -> String {
    let signs = [
        ("&nbsp;", " "),
        ("&rsquo;", "'"),
        ("&#39;", "'"),
        ("&eacute;", "é"),
        ("&egrave;", "è"),
        ("&agrave;", "à"),
        ("&ecirc;", "ê"),
        ("&icirc;", "î"),
        ("&#9744;", "☐"),
        ("&#9746;", "☒"),
        ("&#9745;", "☑"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    match text.contains('&') {
        true => signs.iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign)),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_headings_rows_items_and_texts() {
        let text = "<html><head><title>T</title><style>x < y</style></head>\n<h2>A\nb</h2><p>c &amp; d<br>e</p>\n<ul><li>f</li></ul><table><tr><th>g</th><th></th></tr>\n<tr><td>h<p>i</p></td> <td></td><td><input type=\"checkbox\" checked> j</td></tr></table>1 < 2 <!-- k";
        let row = |head, cells: &[&str]| Part::Row { head, cells: cells.iter().map(|c| (*c).to_owned()).collect() };
        let wanted = [
            (1, Part::Text("T".into())),
            (2, Part::Heading(2, "A b".into())),
            (3, Part::Text("c & d".into())),
            (3, Part::Text("e".into())),
            (4, Part::Item("f".into())),
            (4, row(true, &["g", ""])),
            (5, row(false, &["h i", "", "☒ j"])),
            (5, Part::Text("1 < 2".into())),
        ];
        assert_eq!(read(text), wanted.map(|(line, part)| Entry { line, part }));
        for hostile in ["<", "<a", "</", "<tr><td>", "</td></tr>", "<table><table><tr><tr>x", "<h9>x</h9>", "<li><h1>"]
        {
            assert!(read(&hostile.repeat(1000)).len() <= 2000, "{hostile}");
        }
    }
}
