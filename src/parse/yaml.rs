//! YAML as a tree of what was written: scalars keep their text (`no`, `1.10`), nodes keep their line, and a broken
//! document keeps all that stands before the break. Depth and size are bounded, so that no alias can explode.

use std::collections::HashSet;

use granit_parser::{Event, Parser, ScalarStyle};

/// Nodes kept of one document, aliases expanded, and once more each that an anchor names.
const MOST_NODES: usize = 50_000;
/// Bytes of scalars kept of one document, likewise.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Collections inside collections.
const DEEPEST: usize = 64;

/// A node and the line it starts on, from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Line from 1 in the text that was parsed.
    pub line: usize,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A scalar as written; a plain `~`, `null` or nothing is [`Value::Null`].
    Scalar(String),
    /// No value.
    Null,
    /// A sequence.
    Seq(Vec<Node>),
    /// A mapping, in order; a key that is no scalar is left out.
    Map(Vec<(String, Node)>),
}

/// A document read to its end or to its break.
#[derive(Debug)]
pub struct Document {
    /// The root; null for an empty text.
    pub root: Node,
    /// Where and why it breaks off, or what is wrong with it though it was read to its end.
    pub error: Option<(usize, String)>,
}

impl Node {
    fn null(line: usize) -> Node {
        Node { value: Value::Null, line }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(pairs) => pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The pairs of a mapping; none for anything else.
    pub fn pairs(&self) -> &[(String, Node)] {
        match &self.value {
            Value::Map(pairs) => pairs,
            _ => &[],
        }
    }

    /// The nodes of a sequence; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::Seq(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// The scalars of a scalar or of a sequence, each with its line: cards write one where they may write many.
    pub fn texts(&self) -> Vec<(&str, usize)> {
        match &self.value {
            Value::Scalar(text) => vec![(text, self.line)],
            Value::Seq(items) => items.iter().filter_map(|n| Some((n.text()?, n.line))).collect(),
            Value::Null | Value::Map(_) => vec![],
        }
    }

    /// Every scalar below, keys of mappings included, each with its line.
    pub fn all_texts(&self) -> Vec<(&str, usize)> {
        let mut out = Vec::new();
        let mut open = vec![self];
        while let Some(node) = open.pop() {
            match &node.value {
                Value::Scalar(text) => out.push((text.as_str(), node.line)),
                Value::Null => {}
                Value::Seq(items) => open.extend(items.iter().rev()),
                Value::Map(pairs) => {
                    for (key, value) in pairs.iter().rev() {
                        open.push(value);
                        out.push((key.as_str(), value.line));
                    }
                }
            }
        }
        out.sort_by_key(|(_, line)| *line);
        out
    }

    /// Nodes below and including this one, and bytes of their scalars and keys.
    fn size(&self) -> (usize, usize) {
        let sum = |all: &mut dyn Iterator<Item = (usize, usize)>| all.fold((1, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        match &self.value {
            Value::Scalar(text) => (1, text.len()),
            Value::Null => (1, 0),
            Value::Seq(items) => sum(&mut items.iter().map(Node::size)),
            Value::Map(pairs) => sum(&mut pairs.iter().map(|(key, value)| {
                let (nodes, bytes) = value.size();
                (nodes, bytes + key.len())
            })),
        }
    }
}

/// A collection still being read.
struct Open {
    node: Node,
    key: Option<String>,
    keys: HashSet<String>,
    anchor: usize,
}

/// A node that aliases may name, with its number of nodes and bytes.
struct Anchor {
    id: usize,
    node: Node,
    size: (usize, usize),
}

struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    anchors: Vec<Anchor>,
    nodes: usize,
    bytes: usize,
    complaint: Option<(usize, String)>,
}

/// Parses the first document of a text.
pub fn parse(text: &str) -> Document {
    let mut builder = Builder { open: vec![], root: None, anchors: vec![], nodes: 0, bytes: 0, complaint: None };
    let mut parser = Parser::new_from_str(text);
    let mut error = None;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((event, span)) => {
                let line = span.start.line().max(1);
                match builder.take(event, line) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(message) => {
                        error = Some((line, message));
                        break;
                    }
                }
            }
            Err(e) => {
                error = Some((e.marker().line().max(1), e.info()));
                break;
            }
        }
    }
    let root = builder.finish();
    Document { root, error: error.or(builder.complaint) }
}

impl Builder {
    /// Takes one event; `false` at the end of the document.
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<bool, String> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let value = if plain && matches!(text.as_ref(), "" | "~" | "null" | "Null" | "NULL") {
                    Value::Null
                } else {
                    Value::Scalar(text.into_owned())
                };
                let node = Node { value, line };
                self.count(node.size())?;
                self.put(node, anchor)?;
            }
            Event::SequenceStart(_, anchor, _) => self.push(Node { value: Value::Seq(vec![]), line }, anchor)?,
            Event::MappingStart(_, anchor, _) => self.push(Node { value: Value::Map(vec![]), line }, anchor)?,
            Event::SequenceEnd | Event::MappingEnd => self.pop()?,
            Event::Alias(anchor) => {
                let Some(found) = self.anchors.iter().find(|a| a.id == anchor) else {
                    return Err("an alias names an anchor that is not complete".into());
                };
                let size = found.size;
                self.count(size)?;
                let node = self.anchors.iter().find(|a| a.id == anchor).map(|a| a.node.clone());
                let node = node.unwrap_or(Node::null(line));
                self.put(node, 0)?;
            }
            Event::DocumentEnd => return Ok(false),
            _ => {}
        }
        Ok(true)
    }

    fn count(&mut self, (nodes, bytes): (usize, usize)) -> Result<(), String> {
        self.nodes += nodes;
        self.bytes += bytes;
        if self.nodes > MOST_NODES {
            return Err(format!("more than {MOST_NODES} nodes, aliases expanded"));
        }
        if self.bytes > MOST_BYTES {
            return Err(format!("more than {MOST_BYTES} bytes, aliases expanded"));
        }
        Ok(())
    }

    fn push(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        self.count((1, 0))?;
        if self.open.len() >= DEEPEST {
            return Err(format!("more than {DEEPEST} levels of nesting"));
        }
        self.open.push(Open { node, key: None, keys: HashSet::new(), anchor });
        Ok(())
    }

    fn pop(&mut self) -> Result<(), String> {
        self.open.pop().map_or(Ok(()), |done| self.put(done.node, done.anchor))
    }

    /// Keeps a copy for aliases. It counts: anchors inside of anchors copy what is below them at every level.
    fn name(&mut self, node: &Node, anchor: usize) -> Result<(), String> {
        if anchor > 0 {
            let size = node.size();
            self.count(size)?;
            self.anchors.push(Anchor { id: anchor, node: node.clone(), size });
        }
        Ok(())
    }

    /// Puts a finished node where it belongs: into the open collection, as its key, or as the root.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        let named = self.name(&node, anchor);
        let Some(parent) = self.open.last_mut() else {
            self.root.get_or_insert(node);
            return named;
        };
        match &mut parent.node.value {
            Value::Seq(items) => items.push(node),
            Value::Map(pairs) => match parent.key.take() {
                None => parent.key = Some(node.text().unwrap_or_default().trim().to_owned()),
                Some(key) => {
                    if !parent.keys.insert(key.clone()) {
                        self.complaint.get_or_insert((node.line, format!("the key `{key}` stands twice")));
                    }
                    pairs.push((key, node));
                }
            },
            Value::Scalar(_) | Value::Null => {}
        }
        named
    }

    /// Closes what is still open after a break.
    fn finish(&mut self) -> Node {
        while let Some(done) = self.open.pop() {
            let _ = self.put(done.node, 0);
        }
        self.root.take().unwrap_or(Node::null(1))
    }
}

/// The front matter of a card, and its text below.
#[derive(Debug)]
pub struct Split<'a> {
    /// The YAML between the fences; absent when the card does not start with one.
    pub front: Option<&'a str>,
    /// Lines before the YAML, to be added to its line numbers.
    pub front_offset: usize,
    /// The text below.
    pub body: &'a str,
    /// Lines before the text.
    pub body_offset: usize,
    /// Whether the closing fence is there.
    pub closed: bool,
}

/// Splits a card at its `---` fences. Without a closing fence all is front matter, as far as it parses, and all is text.
pub fn split(text: &str) -> Split<'_> {
    let whole = Split { front: None, front_offset: 0, body: text, body_offset: 0, closed: true };
    let start = text.len() - text.trim_start_matches('\n').len();
    let skipped = start;
    let Some(rest) = text.get(start..).and_then(|t| t.strip_prefix("---")) else { return whole };
    let Some(after) = rest.find('\n') else { return whole };
    let (fence, rest) = rest.split_at(after);
    if !fence.trim().is_empty() {
        return whole;
    }
    let rest = rest.strip_prefix('\n').unwrap_or(rest);
    let front_offset = skipped + 1;
    let mut at = 0;
    for (index, line) in rest.split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" {
            let body = rest.get(at + line.len()..).unwrap_or_default();
            return Split {
                front: rest.get(..at),
                front_offset,
                body,
                body_offset: front_offset + index + 1,
                closed: true,
            };
        }
        at += line.len();
    }
    Split { front: Some(rest), front_offset, body: rest, body_offset: front_offset, closed: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get<'a>(doc: &'a Document, key: &str) -> Vec<(&'a str, usize)> {
        doc.root.get(key).map(Node::texts).unwrap_or_default()
    }

    #[test]
    fn scalars_stay_as_written() {
        let doc = parse("a: no\nb: 1.10\nc: [123e4567, \\no]\nd: ~\ne: \"q\\n\"\n");
        assert_eq!(doc.error, None);
        assert_eq!(get(&doc, "a"), [("no", 1)]);
        assert_eq!(get(&doc, "b"), [("1.10", 2)]);
        assert_eq!(get(&doc, "c"), [("123e4567", 3), ("\\no", 3)]);
        assert_eq!(doc.root.get("d").unwrap().value, Value::Null);
        assert_eq!(get(&doc, "e"), [("q\n", 5)]);
    }

    #[test]
    fn a_break_keeps_what_stands_before() {
        let doc = parse("license: mit\ndatasets:\n- a/b\n- c/d\n\tbad: [\n");
        assert!(doc.error.is_some());
        assert_eq!(get(&doc, "license"), [("mit", 1)]);
        assert_eq!(get(&doc, "datasets").first(), Some(&("a/b", 3)));
    }

    #[test]
    fn duplicates_are_told_and_none_is_lost() {
        let doc = parse("license: mit\nlicense: gemma\n");
        assert_eq!(doc.root.pairs().len(), 2);
        assert_eq!(get(&doc, "license"), [("mit", 1)]);
        assert_eq!(doc.error.unwrap().0, 2);
    }

    #[test]
    fn explosions_stop() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for i in 1..12 {
            let row = vec![format!("*a{}", i - 1); 10].join(", ");
            text.push_str(&format!("a{i}: &a{i} [{row}]\n"));
        }
        let doc = parse(&format!("license: mit\n{text}"));
        assert!(doc.error.unwrap().1.contains("nodes"));
        assert_eq!(doc.root.get("license").unwrap().text(), Some("mit"));
        let wide = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 40_000].join(", "));
        assert!(parse(&wide).error.unwrap().1.contains("bytes"));
        let nested: String = (0..60).map(|i| format!("&a{i} [")).collect();
        let doc = parse(&format!("[{nested}&s {}{}{}", "x".repeat(1000), ", *s".repeat(8000), "]".repeat(61)));
        assert!(doc.error.unwrap().1.contains("bytes"));
        assert!(parse(&"[".repeat(5000)).error.is_some());
        assert!(parse("a: &a [*a]").error.is_some());
    }

    #[test]
    fn fences() {
        let s = split("---\na: 1\n---\n# T\n");
        assert_eq!((s.front, s.front_offset, s.body, s.body_offset, s.closed), (Some("a: 1\n"), 1, "# T\n", 3, true));
        let s = split("# T\n---\nx\n---\n");
        assert_eq!((s.front, s.body_offset), (None, 0));
        let s = split("---\na: 1\n# T\n");
        assert!(!s.closed && s.front.is_some());
        assert_eq!(split("").front, None);
        assert_eq!(split("---").front, None);
        assert_eq!(split("--- #x\n").front, None);
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn every_line_is_one_of_the_text(text in "\\PC{0,200}|([-:\\[\\]{}&*#|>'\"\n\t a-c]{0,120})") {
            let doc = super::parse(&text);
            let last = text.split('\n').count();
            for (_, line) in doc.root.all_texts() {
                proptest::prop_assert!((1..=last).contains(&line), "{line}");
            }
        }

        #[test]
        fn a_card_is_split_at_lines(text in "(---| |a: b|#|\n){0,20}|\\PC{0,200}") {
            let split = super::split(&text);
            let (above, body) = text.split_at(text.len() - split.body.len());
            proptest::prop_assert_eq!(body, split.body);
            proptest::prop_assert!(body.is_empty() || above.matches('\n').count() == split.body_offset);
            if let Some(front) = split.front {
                let below = text.split('\n').skip(split.front_offset).collect::<Vec<_>>().join("\n");
                proptest::prop_assert!(below.starts_with(front));
            }
        }
    }
}
