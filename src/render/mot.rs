//! A record of the Model Openness Tool, written from an audit, for a maintainer to submit. It lists what was seen to be there, and
//! says of each component under which license it is: one whose license was not seen is `unlicensed`, for a component without a
//! license of its own takes over the release's.

use std::fmt::Write as _;

use crate::evidence::Part;
use crate::finding::Outcome;
use crate::report::{Report, ReportComponent};

/// A scalar that any YAML reader takes for a text: JSON's quotes and escapes are YAML's too. What YAML does not let stand as it
/// is, or takes for the end of a line, is left out.
fn quoted(text: &str) -> String {
    let barred =
        |c: &char| matches!(*c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    let text: String = text.chars().filter(|c| !barred(c)).collect();
    serde_json::Value::String(super::clean(&text)).to_string()
}

/// Writes a record.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    let subject = &report.subject;
    let there: Vec<&ReportComponent> = report.components.iter().filter(|c| c.outcome == Outcome::Met).collect();
    let weights = there.iter().find(|c| c.id == Part::FinalModelParameters).and_then(|c| c.license.as_deref());
    let date = report.audited_at.get(..10).unwrap_or_default();
    let hub = subject.hub_id.clone().or_else(|| {
        let id = subject.locator.strip_prefix("hf:")?;
        Some(id.split('@').next().unwrap_or(id).to_owned())
    });
    let producer = hub.as_deref().and_then(|id| id.split_once('/')).map_or("", |(owner, _)| owner);
    out.push_str(
        "framework:\n  name: \"Model Openness Framework\"\n  version: \"1.0\"\n  date: \"2024-12-15\"\nrelease:\n",
    );
    let huggingface = hub.as_ref().map(|id| format!("https://huggingface.co/{id}")).unwrap_or_default();
    let fields = [
        ("name", subject.name.as_str()),
        ("version", subject.version.as_deref().unwrap_or_default()),
        ("date", date),
        ("type", ""),
        ("architecture", ""),
        ("origin", ""),
        ("producer", producer),
        ("contact", ""),
        ("repository", subject.remote.as_deref().unwrap_or_default()),
        ("huggingface", &huggingface),
    ];
    for (key, value) in fields {
        let missing = match key {
            "date" => " # the day of the audit; write that of the release",
            "type" | "architecture" | "producer" if value.is_empty() => " # fill in",
            _ => "",
        };
        let _ = writeln!(out, "  {key}: {}{missing}", quoted(value));
    }
    match weights {
        Some(license) => {
            let _ = writeln!(out, "  license:\n    distribution:\n      name: {}\n      path: \"\"", quoted(license));
        }
        None => out.push_str("  license: {}\n"),
    }
    out.push_str(if there.is_empty() { "  components: []\n" } else { "  components:\n" });
    for component in there {
        let (name, says) = (quoted(&component.name), quoted(&component.says));
        let _ = writeln!(out, "    -\n      name: {name}\n      description: {says}");
        match component.license.as_deref() {
            // It takes over the license of the release by saying nothing.
            Some(license) if Some(license) == weights => {}
            Some(license) => {
                let _ = writeln!(out, "      license: {}", quoted(license));
            }
            None => out
                .push_str("      license: unlicensed # its license was not seen; write the SPDX id where it has one\n"),
        }
        if let Some(link) = component.links.first() {
            let _ = writeln!(out, "      component_path: {}", quoted(link));
        }
    }
    out
}
