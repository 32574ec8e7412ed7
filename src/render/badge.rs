//! A badge: the level of a release in a small picture of its own (SVG), and as the JSON from which shields.io draws one.
//!
//! Only a level that is known whole is green: not one that is undetermined, one that may be higher or lower, nor one of bytes that
//! are not those published.

use serde_json::json;

use super::{Standing, clean, escaped, level, level_standing, shorten};
use crate::finding::{Lang, Verdict};
use crate::report::Report;
use crate::words::forge::Forge as Word;

/// Characters of either half.
const LONG: usize = 60;
/// Pixels beside a text.
const MARGIN: f64 = 6.0;

/// A dark green, amber, red and grey: white text on each is read at a contrast of 4.5 to 1 or more.
const WHOLE: &str = "2e7d32";
const SHORT: &str = "9a6700";
const BARRED: &str = "c62828";
const UNTOLD: &str = "5f6368";

/// What a badge says.
struct Badge {
    label: String,
    message: String,
    color: &'static str,
}

impl Badge {
    fn of(report: &Report, lang: Lang) -> Badge {
        let say = |text: &str, or: &str| {
            let text: String = clean(text).chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if text.is_empty() { or.to_owned() } else { shorten(&text, LONG) }
        };
        let openness = Word::Openness.say(lang);
        // The verdict by the three criteria is what the badge is of; any other is named by its framework.
        let label = if report.profile.id == "three-criteria" { "" } else { report.profile.label.get(lang) };
        let message = level(report.verdict.title(lang), &report.level, &report.verdict, lang);
        Badge { label: say(label, openness), message: say(&message, Word::Unknown.say(lang)), color: color(report) }
    }
}

fn color(report: &Report) -> &'static str {
    let alarm = report.criteria.iter().any(|c| c.gate && c.verdict == Verdict::Fail);
    if alarm || !report.gate.passed {
        return BARRED;
    }
    match level_standing(report) {
        Standing::Barred => BARRED,
        Standing::Short => SHORT,
        Standing::Whole if report.verdict.highest.is_none() => WHOLE,
        Standing::Whole | Standing::Untold => UNTOLD,
    }
}

/// Draws the badge. It needs nothing from elsewhere: no font, no style sheet, no picture.
pub fn svg(report: &Report, lang: Lang) -> String {
    let badge = Badge::of(report, lang);
    let (left, right) = (width(&badge.label), width(&badge.message));
    let (label, message) = (xml(&badge.label), xml(&badge.message));
    let colon = crate::words::screen::Screen::Colon.say(lang);
    let (first, second) = (left + 2.0 * MARGIN, right + 2.0 * MARGIN);
    let whole = first + second;
    let text = |x: f64, length: f64, words: &str| {
        format!(
            "    <text x=\"{x:.0}\" y=\"14\" textLength=\"{length:.0}\" lengthAdjust=\"spacingAndGlyphs\">{words}</text>\n"
        )
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole:.0}\" height=\"20\" viewBox=\"0 0 {whole:.0} 20\" role=\"img\" aria-label=\"{label}{colon} {message}\">\n  \
         <title>{label}{colon} {message}</title>\n  \
         <clipPath id=\"r\"><rect width=\"{whole:.0}\" height=\"20\" rx=\"3\"/></clipPath>\n  \
         <g clip-path=\"url(#r)\">\n    \
         <rect width=\"{first:.0}\" height=\"20\" fill=\"#444\"/>\n    \
         <rect x=\"{first:.0}\" width=\"{second:.0}\" height=\"20\" fill=\"#{color}\"/>\n  \
         </g>\n  \
         <g fill=\"#fff\" font-family=\"Verdana,Geneva,DejaVu Sans,sans-serif\" font-size=\"11\" aria-hidden=\"true\">\n\
         {one}{two}  \
         </g>\n\
         </svg>\n",
        color = badge.color,
        one = text(MARGIN, left, &label),
        two = text(first + MARGIN, right, &message),
    )
}

/// The JSON of a badge that shields.io draws (its "endpoint" badge).
pub fn endpoint(report: &Report, lang: Lang) -> String {
    let Badge { label, message, color } = Badge::of(report, lang);
    let is_error = !report.gate.passed;
    let all = json!({ "schemaVersion": 1, "label": label, "message": message, "color": color, "isError": is_error });
    escaped(&format!("{all:#}\n"))
}

/// About how wide a text is in Verdana at 11 pixels, whole pixels. A reader with another font is held to it by `textLength`.
fn width(text: &str) -> f64 {
    let one = |c: char| match c {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 3.6,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' => 4.5,
        'm' | 'M' | 'W' | 'w' | '@' | '%' => 10.0,
        'A'..='Z' | '&' => 7.9,
        c if c.is_ascii() => 6.7,
        // Beyond ASCII: letters with signs are as wide as without, those of the East are as wide as high.
        c if c < '\u{1100}' => 7.2,
        _ => 11.0,
    };
    text.chars().map(one).sum::<f64>().ceil()
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
