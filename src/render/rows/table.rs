//! What many releases come to, for a terminal.

use textwrap::core::display_width;

use super::{About, Tally, VERDICTS, share};
use crate::finding::Verdict;
use crate::render::{Options, clean, shorten, wrapped};
use crate::words::board::Board as Word;

/// Columns that a name takes at most.
const NAME: usize = 44;

/// Counts of levels, of verdicts by criterion, and of what failed, by reason.
pub fn render(tally: &Tally, about: &About, options: Options) -> String {
    let lang = options.lang;
    let heading = if tally.all == 1 { Word::HeadingOne } else { Word::Heading };
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("all", &tally.all), ("audited", &tally.audited()), ("failed", &tally.failed())];
    let mut out = lines(&heading.with(lang, &values), options);
    if let Some(lack) = &about.lack {
        out.push_str(&lines(&Word::Lacks.with(lang, &[("what", &lack.get(lang))]), options));
    }
    if tally.audited() > 0 {
        let judged = Word::JudgedBy.with(lang, &[("profile", &about.title.get(lang))]);
        out.push_str(&lines(&judged, options));
        let mut rows =
            vec![vec![Word::Level.say(lang).into(), Word::Releases.say(lang).into(), Word::Share.say(lang).into()]];
        for (at, level) in tally.levels.iter().enumerate() {
            let n = tally.whole.of_level(at);
            rows.push(vec![level.title.get(lang).to_owned(), n.to_string(), share(n, tally.audited(), lang)]);
        }
        out.push_str(&aligned(&rows));
        let verdicts = [Verdict::Pass, Verdict::Partial, Verdict::Fail, Verdict::Unknown];
        debug_assert_eq!(verdicts.len(), VERDICTS.len());
        let mut head = vec![Word::Criterion.say(lang).to_owned()];
        head.extend(verdicts.iter().map(|v| v.word(lang).to_owned()));
        let mut rows = vec![head];
        for (criterion, counts) in about.criteria.iter().zip(&tally.verdicts) {
            let mut row = vec![criterion.title.get(lang).to_owned()];
            row.extend(counts.iter().map(u64::to_string));
            rows.push(row);
        }
        out.push_str(&aligned(&rows));
    }
    if !tally.failures.is_empty() {
        let mut rows = vec![vec![Word::Failures.say(lang).to_owned(), Word::Releases.say(lang).to_owned()]];
        rows.extend(tally.failures.iter().map(|(kind, n)| vec![kind.clone(), n.to_string()]));
        out.push_str(&aligned(&rows));
    }
    out
}

fn lines(text: &str, options: Options) -> String {
    wrapped(text, options.width.max(40), "", "  ").iter().map(|line| line.clone() + "\n").collect()
}

/// Rows below a blank line, the first cell of each to the left and the others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| shorten(&clean(cell), NAME)).collect()).collect();
    let columns = rows.first().map_or(0, Vec::len);
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|c| display_width(c)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::from("\n");
    for row in &rows {
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(width.saturating_sub(display_width(cell)));
            let text = if at == 0 { format!("  {cell}{pad}") } else { format!("   {pad}{cell}") };
            out.push_str(&text);
        }
        out.truncate(out.trim_end_matches(' ').len());
        out.push('\n');
    }
    out
}
