//! A card's text as sections, paragraphs, tables and links, each with its line. It knows Markdown, and no topic.

use std::collections::HashSet;
use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Bytes kept of a heading where it stands above a block: every block below repeats what is read of it.
const LONGEST_HEADING: usize = 200;

/// A card's text, taken apart.
#[derive(Debug, Default)]
pub struct Doc {
    /// The first heading of level 1.
    pub title: Option<String>,
    /// Paragraphs, list items and code blocks in order.
    pub blocks: Vec<Block>,
    /// Tables in order.
    pub tables: Vec<Table>,
}

/// A paragraph, a list item or a code block.
#[derive(Debug, Default)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text without markup; code spans between backticks.
    pub text: String,
    /// Line from 1 in the card.
    pub line: usize,
    /// Level of a heading, 1 to 6; 0 for anything else.
    pub level: u8,
    /// Headings above it, outermost first, lower case, cut when they are long.
    pub section: Arc<[String]>,
    /// Links in it.
    pub links: Vec<Link>,
    /// Code spans in it, with their line.
    pub spans: Vec<(String, usize)>,
}

/// The kinds of block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BlockKind {
    /// Running text.
    #[default]
    Paragraph,
    /// One item of a list.
    Item {
        /// Whether the list is numbered.
        numbered: bool,
    },
    /// A heading.
    Heading,
    /// A code block.
    Code,
}

/// A link or image.
#[derive(Clone, Debug)]
pub struct Link {
    /// The words that carry it.
    pub text: String,
    /// Where it leads.
    pub url: String,
    /// Line from 1 in the card.
    pub line: usize,
    /// Whether it is an image.
    pub image: bool,
}

/// A table.
#[derive(Debug, Default)]
pub struct Table {
    /// Line from 1 of its head.
    pub line: usize,
    /// The cells of its head.
    pub head: Vec<Cell>,
    /// Its rows, each with its line.
    pub rows: Vec<(usize, Vec<Cell>)>,
    /// Headings above it, outermost first, lower case, cut when they are long.
    pub section: Arc<[String]>,
}

/// A cell of a table.
#[derive(Debug, Default)]
pub struct Cell {
    /// Its text without markup.
    pub text: String,
    /// Links in it.
    pub links: Vec<Link>,
}

struct Reader {
    doc: Doc,
    starts: Vec<usize>,
    offset: usize,
    section: Vec<(HeadingLevel, String)>,
    /// The headings of `section`, shared by the blocks below them.
    path: Arc<[String]>,
    block: Option<Block>,
    lists: Vec<bool>,
    link: Option<Link>,
    table: Option<Table>,
    row: Vec<Cell>,
    row_line: usize,
    cell: Option<Cell>,
    heading: Option<HeadingLevel>,
}

/// Takes a card's text apart; `offset` lines of the card stand before it.
pub fn read(text: &str, offset: usize) -> Doc {
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let mut reader = Reader {
        doc: Doc::default(),
        starts,
        offset,
        section: vec![],
        path: Arc::default(),
        block: None,
        lists: vec![],
        link: None,
        table: None,
        row: vec![],
        row_line: 0,
        cell: None,
        heading: None,
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let line = reader.line(range.start);
        reader.take(event, line);
    }
    reader.close();
    reader.doc
}

impl Reader {
    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|s| *s <= at) + self.offset
    }

    fn take(&mut self, event: Event<'_>, line: usize) {
        match event {
            Event::Start(tag) => self.start(tag, line),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                if let Some(block) = &mut self.block {
                    block.spans.push((code.to_string(), line));
                }
                self.text(&format!("`{code}`"));
            }
            Event::SoftBreak | Event::HardBreak => self.text("\n"),
            Event::InlineHtml(html) | Event::Html(html) => self.html(&html, line),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, line: usize) {
        match tag {
            Tag::Heading { level, .. } => {
                self.open(BlockKind::Heading, line);
                self.heading = Some(level);
            }
            Tag::Paragraph if self.block.is_none() => self.open(BlockKind::Paragraph, line),
            Tag::List(start) => self.lists.push(start.is_some()),
            Tag::Item => {
                let numbered = self.lists.last().copied().unwrap_or(false);
                self.open(BlockKind::Item { numbered }, line);
            }
            Tag::CodeBlock(_) => self.open(BlockKind::Code, line),
            Tag::Table(_) => {
                self.close();
                self.table = Some(Table { line, section: self.path.clone(), ..Table::default() });
            }
            Tag::TableRow => self.row_line = line,
            Tag::TableCell => self.cell = Some(Cell::default()),
            Tag::Link { dest_url, .. } => {
                self.link = Some(Link { text: String::new(), url: dest_url.to_string(), line, image: false })
            }
            Tag::Image { dest_url, .. } => {
                // A badge is an image inside a link: the image is kept, the link goes on.
                let image = Link { text: String::new(), url: dest_url.to_string(), line, image: true };
                self.keep(image);
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => self.end_heading(),
            TagEnd::Paragraph if self.lists.is_empty() => self.close(),
            TagEnd::Paragraph => self.text("\n"),
            TagEnd::Item | TagEnd::CodeBlock => self.close(),
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::TableCell => self.row.extend(self.cell.take()),
            TagEnd::TableHead => {
                let head = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.head = head;
                }
            }
            TagEnd::TableRow => {
                let row = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.rows.push((self.row_line, row));
                }
            }
            TagEnd::Table => self.doc.tables.extend(self.table.take()),
            TagEnd::Link => {
                if let Some(link) = self.link.take() {
                    self.keep(link);
                }
            }
            _ => {}
        }
    }

    fn end_heading(&mut self) {
        let Some(level) = self.heading.take() else { return };
        let text = self.block.as_ref().map(|b| b.text.trim().to_owned()).unwrap_or_default();
        if let Some(block) = &mut self.block {
            block.level = level as u8;
        }
        if level == HeadingLevel::H1 && self.doc.title.is_none() && !text.is_empty() {
            self.doc.title = Some(text.clone());
        }
        self.close();
        self.section.retain(|(l, _)| *l < level);
        let kept = text.char_indices().take_while(|(at, _)| *at < LONGEST_HEADING);
        self.section.push((level, kept.flat_map(|(_, c)| c.to_lowercase()).collect()));
        self.path = self.section.iter().map(|(_, t)| t.clone()).collect();
    }

    fn open(&mut self, kind: BlockKind, line: usize) {
        self.close();
        self.block = Some(Block { kind, line, section: self.path.clone(), ..Block::default() });
    }

    fn close(&mut self) {
        if let Some(mut block) = self.block.take() {
            bare_links(&mut block);
            if !block.text.trim().is_empty() || !block.links.is_empty() {
                self.doc.blocks.push(block);
            }
        }
    }

    fn keep(&mut self, link: Link) {
        match (&mut self.cell, &mut self.block) {
            (Some(cell), _) => cell.links.push(link),
            (None, Some(block)) => block.links.push(link),
            (None, None) => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(link) = &mut self.link {
            link.text.push_str(text);
        }
        match (&mut self.cell, &mut self.block) {
            (Some(cell), _) => cell.text.push_str(text),
            (None, Some(block)) => block.text.push_str(text),
            (None, None) => {}
        }
    }

    /// Links of raw HTML: cards write `<a href="…">` and `<img src="…">` as often as Markdown.
    fn html(&mut self, html: &str, line: usize) {
        let alone = self.block.is_none() && self.cell.is_none();
        if alone {
            self.block = Some(Block { line, section: self.path.clone(), ..Block::default() });
        }
        for (attribute, image) in [("href=\"", false), ("src=\"", true)] {
            for part in html.split(attribute).skip(1) {
                if let Some((url, _)) = part.split_once('"') {
                    self.keep(Link { text: String::new(), url: url.to_owned(), line, image });
                }
            }
        }
        let mut depth = 0usize;
        let plain: String = html
            .chars()
            .filter(|c| {
                match c {
                    '<' => depth += 1,
                    '>' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                depth == 0 && *c != '>'
            })
            .collect();
        self.text(&plain);
        if alone {
            self.close();
        }
    }
}

/// Adds the URLs that stand bare in a block's text; Markdown proper leaves them words, every hub shows them as links.
/// A URL inside of another is a part of it.
fn bare_links(block: &mut Block) {
    if block.kind == BlockKind::Code {
        return;
    }
    let mut seen: HashSet<&str> = block.links.iter().flat_map(|l| [l.url.as_str(), l.text.as_str()]).collect();
    let mut found = Vec::new();
    for (index, line) in block.text.lines().enumerate() {
        let mut end = 0;
        for (at, _) in line.match_indices("http") {
            let rest = line.get(at..).unwrap_or_default();
            if at < end || !(rest.starts_with("https://") || rest.starts_with("http://")) {
                continue;
            }
            let length = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|' | ')' | ']'))
                .unwrap_or(rest.len());
            end = at + length;
            let url =
                rest.get(..length).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
            if seen.insert(url) {
                let (text, url) = (url.to_owned(), url.to_owned());
                found.push(Link { text, url, line: block.line + index, image: false });
            }
        }
    }
    block.links.extend(found);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_urls_are_links() {
        let doc = read("Code: https://github.com/a/b.\nAnd (https://x.example/y) too; [z](https://z.example).\n", 0);
        let links: Vec<_> = doc.blocks[0].links.iter().map(|l| (l.url.as_str(), l.line)).collect();
        assert_eq!(links, [("https://z.example", 2), ("https://github.com/a/b", 1), ("https://x.example/y", 2)]);
    }

    #[test]
    fn sections_links_and_tables_keep_their_lines() {
        let text = "# Name\n\nIntro [a](https://a.example).\n\n## Training data\n\n- `x/y` one\n- two\n\n| Set | N |\n|---|---|\n| [S](u) | 1 |\n| plain | 2 |\n\n```\ncode\n```\n";
        let doc = read(text, 10);
        assert_eq!(doc.title.as_deref(), Some("Name"));
        let intro = &doc.blocks[1];
        assert_eq!((intro.line, intro.links[0].url.as_str()), (13, "https://a.example"));
        let item = doc.blocks.iter().find(|b| b.kind == BlockKind::Item { numbered: false }).unwrap();
        assert_eq!((item.line, item.section.last().unwrap().as_str()), (17, "training data"));
        assert_eq!(item.spans[0].0, "x/y");
        let table = &doc.tables[0];
        assert_eq!((table.head[0].text.as_str(), table.line), ("Set", 20));
        assert_eq!(doc.blocks.iter().map(|b| b.level).max(), Some(2));
        assert_eq!(
            table.rows.iter().map(|(l, r)| (*l, r[0].text.as_str())).collect::<Vec<_>>(),
            [(22, "S"), (23, "plain")]
        );
        assert!(doc.blocks.iter().any(|b| b.kind == BlockKind::Code && b.text.contains("code")));
    }

    #[test]
    fn rows_have_their_own_line() {
        for text in
            ["|a|\n|-|\n|x|\n|y|\n|\\*|\n", "> |a|\n> |-|\n> |x|\n> |[y](u)|\n> ||\n", "|a|\n|-|\n| |\n|x|\n|x|\n"]
        {
            let lines: Vec<usize> = read(text, 2).tables[0].rows.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [5, 6, 7], "{text}");
        }
    }

    #[test]
    fn what_is_said_once_is_kept_once() {
        let many = format!("# {}\n\n{}", "h".repeat(100_000), "- a\n".repeat(50_000));
        let doc = read(&many, 0);
        assert_eq!((doc.title.unwrap().len(), doc.blocks[1].section[0].len()), (100_000, LONGEST_HEADING));
        assert!(Arc::ptr_eq(&doc.blocks[1].section, &doc.blocks[50_000].section));
        let nested = read(&"https://x.example/".repeat(50_000), 0);
        assert_eq!(nested.blocks[0].links.len(), 1);
        let distinct: String = (0..50_000).map(|n| format!("http://{n} ")).collect();
        assert_eq!(read(&distinct.repeat(2), 0).blocks[0].links.len(), 50_000);
    }

    #[test]
    fn html_links_are_seen() {
        let doc = read("<p align=\"center\"><a href=\"https://x.example/LICENSE\">License</a> here</p>\n", 0);
        assert!(doc.blocks.iter().flat_map(|b| &b.links).any(|l| l.url == "https://x.example/LICENSE"));
        assert!(doc.blocks.iter().any(|b| b.text.contains("here")));
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn every_line_is_one_of_the_text(text in "\\PC{0,200}|([-|#\\[\\]()<>`*\n a-c1.]{0,160})", offset in 0usize..9) {
            let doc = super::read(&text, offset);
            let blocks = doc.blocks.iter().flat_map(|b| [b.line].into_iter().chain(b.links.iter().map(|l| l.line)));
            let rows = doc.tables.iter().flat_map(|t| t.rows.iter().map(|(line, _)| *line));
            let last = offset + text.split('\n').count();
            for line in blocks.chain(rows) {
                proptest::prop_assert!((offset + 1..=last).contains(&line), "{line}");
            }
        }
    }
}
