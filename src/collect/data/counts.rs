//! Counts of the training data in tables of the card: whether the rows add up to the total that stands below them.

use std::sync::LazyLock;

use regex::Regex;

use super::is_data_section;
use crate::collect::{Release, matches, pattern};
use crate::evidence::{Count, Evidence};
use crate::parse::markdown::Table;

/// Notes the first table whose rows do not add up.
pub(super) fn counts(release: &Release<'_>, out: &mut Evidence) {
    let Some(card) = &release.card else { return };
    for table in card.doc.tables.iter().filter(|t| is_data_section(&t.section)) {
        for column in counted(table) {
            if let Some((line, sum, total)) = disagreement(table, column) {
                out.data.counts.get_or_insert_with(|| Count { sum, total, place: card.place(line) });
            }
        }
    }
}

/// The columns that count tokens, or shares of the whole.
fn counted(table: &Table) -> Vec<usize> {
    static COUNTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"\b(tokens?|jetons|share|proportion|part|percent\w*|documents?|examples?|rows|samples?)\b|%")
    });
    let heads = table.head.iter().enumerate();
    heads.filter(|(_, cell)| matches(&COUNTS, &cell.text)).map(|(column, _)| column).collect()
}

/// The line, the sum of the rows and the total where the two differ by more than a twentieth. Shares must come to a whole
/// where no total is given.
fn disagreement(table: &Table, column: usize) -> Option<(usize, f64, f64)> {
    let mut sum = 0.0;
    let mut total = None;
    let mut shares = true;
    let mut rows = 0;
    for (line, row) in &table.rows {
        let first = row.first().map(|c| c.text.trim().trim_matches('*').to_lowercase()).unwrap_or_default();
        // A column with a hole in it does not say what it adds up to.
        let text = row.get(column).map(|c| c.text.trim()).unwrap_or_default();
        let value = number(text)?;
        if first.starts_with("total") || first == "sum" || first == "all" || first.starts_with("ensemble") {
            total = Some((*line, value));
            continue;
        }
        shares &= text.contains('%');
        sum += value;
        rows += 1;
    }
    let whole = table.rows.first().map(|(line, _)| (*line, 100.0)).filter(|_| shares);
    let (line, total) = total.or(whole).filter(|_| rows >= 2)?;
    ((sum - total).abs() > 0.05 * total.abs().max(1e-9)).then_some((line, sum, total))
}

/// A count as tables write it: "2,006", "1.2T", "600 B", "12,5 %", "3 trillion".
fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_matches(['*', '~', '≈', '`']).trim();
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}')))
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let digits = digits.trim();
    // A comma before three digits parts thousands, another one is the sign of a fraction.
    let fraction = digits.rsplit_once(',').is_some_and(|(_, tail)| tail.trim().len() != 3) && !digits.contains('.');
    let plain: String = digits.chars().filter(|c| c.is_ascii_digit() || *c == '.' || (*c == ',' && fraction)).collect();
    let value: f64 = plain.replace(',', ".").parse().ok()?;
    let unit = unit.trim().to_lowercase();
    let scale = match unit.split_whitespace().next().unwrap_or_default() {
        "" | "%" | "tokens" | "gb" | "tb" => 1.0,
        "k" | "thousand" => 1e3,
        "m" | "million" | "millions" => 1e6,
        "b" | "bn" | "g" | "gt" | "billion" | "billions" => 1e9,
        "t" | "trillion" | "trillions" => 1e12,
        _ => return None,
    };
    Some(value * scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::markdown;

    #[test]
    fn numbers_of_tables() {
        for (text, value) in [
            ("2,006", Some(2006.0)),
            ("1.2T", Some(1.2e12)),
            ("600 B", Some(6e11)),
            ("12,5 %", Some(12.5)),
            ("**11,519**", Some(11519.0)),
            ("1 300", Some(1300.0)),
            ("about 5", None),
            ("", None),
        ] {
            assert_eq!(number(text), value, "{text}");
        }
    }

    #[test]
    fn rows_that_add_up_and_rows_that_do_not() {
        let told = |rows: &str| {
            let doc = markdown::read(&format!("## Training data\n\n| dataset | tokens |\n|---|---|\n{rows}"), 0);
            disagreement(&doc.tables[0], 1).map(|(_, sum, total)| (sum, total))
        };
        assert_eq!(told("| A | 600 B |\n| B | 400 B |\n| Total | 1 T |\n"), None);
        assert_eq!(told("| A | 600 B |\n| B | 400 B |\n| Total | 1.5 T |\n"), Some((1e12, 1.5e12)));
        assert_eq!(told("| A | 60 % |\n| B | 40 % |\n"), None);
        assert_eq!(told("| A | 40 % |\n| B | 20 % |\n"), Some((60.0, 100.0)));
        assert_eq!(told("| A | 600 B |\n| B | unknown |\n| Total | 1 T |\n"), None);
        assert_eq!(told("| A | 600 B |\n| B | 400 B |\n"), None);
    }
}
