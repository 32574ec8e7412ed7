//! `ouvert init TARGET`: writes `ouvert.toml` from what can be seen, digests included, with comments on what to fill in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ouvert::collect::{self, Options};
use ouvert::error::Error;
use ouvert::evidence::{
    ArtifactKind, ClaimSource, CodeTarget, Component, Dataset, Evidence, FileFact, FileStatus, id_of,
};
use ouvert::lists::licenses::{self, Spelling};
use ouvert::parse::manifest::{self, Manifest};
use ouvert::source::{self, BucketId};
use ouvert::words::commands::Commands as Word;
use ouvert::words::errors::{Errors, Wanted};
use ouvert::words::{Lang, Text, foreign};

use super::audit::bytes_of;
use super::world::world;
use super::{Outcome, Screen, print, printable};

#[derive(Args)]
#[command(after_help = "Examples:\n  ouvert init path/to/release\n  ouvert init . --output -          (to the screen)")]
pub(super) struct Init {
    /// The directory of a release, or a release in an object store, whose manifest goes to the screen
    #[arg(default_value = ".")]
    target: PathBuf,
    /// Where to write [default: ouvert.toml in the release; - for standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a manifest that exists
    #[arg(long, conflicts_with = "update")]
    force: bool,
    /// Refresh the digests of a manifest that exists, add files that it does not list, keep all else as it is written
    #[arg(long)]
    update: bool,
}

impl Init {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let path = self.output.clone().unwrap_or_else(|| {
            // A release in the hub's cache or in a store is not ours to write into.
            let target = self.target.to_string_lossy();
            let elsewhere = target.starts_with("hf:") || BucketId::is_meant(&target);
            if elsewhere { PathBuf::from("-") } else { self.target.join(manifest::NAME) }
        });
        let to_screen = path == Path::new("-");
        if self.update {
            return self.refresh(&path, screen.language());
        }
        if !to_screen && !self.force && path.exists() {
            return Err(Error::Exists(path).into());
        }
        let evidence = self.evidence()?;
        let text = write(&evidence)?;
        // What is written must be what `audit` reads.
        Manifest::read(&path, &text)?;
        if to_screen {
            print(&text)?;
            return Ok(ExitCode::SUCCESS);
        }
        std::fs::write(&path, &text).map_err(|cause| Error::Write { path: path.clone(), cause })?;
        let files = text.matches("[[artifact]]").count();
        let lang = screen.language();
        let wrote = Word::Wrote.with(lang, &[("path", &path.display()), ("n", &files)]);
        let next = Word::FillIn.with(lang, &[("target", &self.target.display())]);
        print(&printable(&format!("{wrote}\n{next}\n")))?;
        Ok(ExitCode::SUCCESS)
    }

    /// What is in the release. Digests that people will publish are those of bytes.
    fn evidence(&self) -> Result<Evidence, Error> {
        let (hashing, reach) = bytes_of(&self.target, false);
        let target = self.target.to_string_lossy();
        let source = source::open(&target.parse()?, &world(reach, [&*target])?)?;
        collect::collect(source.as_ref(), &Options { hashing, ..Options::default() })
    }

    /// `--update`: reads the release's manifest and writes it, refreshed, to `path`.
    fn refresh(&self, path: &Path, lang: Lang) -> Outcome {
        let existing = self.target.join(manifest::NAME);
        let text = super::read_text(&existing, Wanted::Manifest)?;
        let evidence = self.evidence()?;
        let wrong = |message: Text| Error::Malformed { path: existing.clone(), line: None, message, shown: None };
        let refreshed = refreshed(&text, &evidence).map_err(wrong)?;
        Manifest::read(path, &refreshed.text)?;
        if path == Path::new("-") {
            print(&refreshed.text)?;
            return Ok(ExitCode::SUCCESS);
        }
        if refreshed.text != text || path != existing {
            std::fs::write(path, &refreshed.text).map_err(|cause| Error::Write { path: path.into(), cause })?;
        }
        let (changed, added) = (refreshed.changed, refreshed.added);
        let values: &[(&str, &dyn std::fmt::Display)] =
            &[("path", &path.display()), ("changed", &changed), ("added", &added)];
        let mut said = Word::Refreshed.with(lang, values) + "\n";
        for gone in refreshed.gone {
            let _ = writeln!(said, "{}", Word::Gone.with(lang, &[("path", &gone)]));
        }
        print(&printable(&said))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// A manifest refreshed.
struct Refreshed {
    text: String,
    changed: usize,
    added: usize,
    gone: Vec<String>,
}

/// Refreshes digests in the text of a manifest; order, comments and every other value stay.
fn refreshed(text: &str, e: &Evidence) -> Result<Refreshed, Text> {
    use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};
    let mut document: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| foreign::told(e.message()))?;
    let found: BTreeMap<&str, &FileFact> = e.files.iter().map(|f| (f.path.as_str(), f)).collect();
    let digest = |path: &str| found.get(path).and_then(|f| f.sha256.as_ref()).map(|d| d.hex().to_owned());
    let (mut changed, mut gone, mut listed) = (0, Vec::new(), BTreeSet::new());
    // Puts a digest in place of an old one; the space and the comment around the old one stay.
    let mut put = |table: &mut Table, key: &str, new: String| {
        let old = table.get(key).and_then(Item::as_str).map(str::to_owned);
        if old.as_deref() == Some(new.as_str()) {
            return;
        }
        changed += 1;
        match table.get_mut(key).and_then(Item::as_value_mut) {
            Some(place) => {
                let decor = place.decor().clone();
                *place = new.into();
                *place.decor_mut() = decor;
            }
            None => {
                table.insert(key, value(new));
            }
        }
    };
    let artifacts = document.entry("artifact").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let artifacts = artifacts.as_array_of_tables_mut().ok_or_else(|| Errors::Inline.text(&[]))?;
    for table in artifacts.iter_mut() {
        let Some(path) = table.get("path").and_then(Item::as_str).map(str::to_owned) else { continue };
        listed.insert(path.trim_start_matches("./").to_owned());
        match digest(path.trim_start_matches("./")) {
            Some(hex) => put(table, "sha256", hex),
            None => gone.push(path),
        }
    }
    let mut added = 0;
    for file in e.files.iter().filter(|f| is_listed(f) && !listed.contains(&f.path)) {
        let Some(hex) = digest(&file.path) else { continue };
        let mut table = Table::new();
        table.insert("path", value(file.path.as_str()));
        table.insert("sha256", value(hex));
        table.insert("kind", value(id_of(file.kind)));
        artifacts.push(table);
        added += 1;
    }
    for table in
        document.get_mut("dataset").and_then(Item::as_array_of_tables_mut).into_iter().flat_map(|a| a.iter_mut())
    {
        let hex = table.get("path").and_then(Item::as_str).and_then(digest);
        for key in ["digest", "revision"] {
            let tagged = table.get(key).and_then(Item::as_str).is_some_and(|v| v.starts_with("sha256:"));
            if let (Some(hex), true) = (&hex, tagged) {
                put(table, key, format!("sha256:{hex}"));
            }
        }
    }
    Ok(Refreshed { text: document.to_string(), changed, added, gone })
}

/// Whether a manifest lists a file: not itself, and not what version control or a client keeps beside a release.
fn is_listed(file: &FileFact) -> bool {
    file.path != manifest::NAME && file.kind != ArtifactKind::Housekeeping && file.status != FileStatus::Missing
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|i| quoted(i)).collect::<Vec<_>>().join(", "))
}

/// The manifest's text.
fn write(e: &Evidence) -> Result<String, Error> {
    let mut out = String::from(
        "# What this release declares of itself, beside what its card and its files already say. Schema 1.\n\
         # `ouvert audit` reads it; `ouvert explain RULE` tells what each rule asks.\n\
         schema = 1\n\n[release]\n",
    );
    let _ = writeln!(out, "name = {}", quoted(&e.subject.name));
    let version = e
        .subject
        .version
        .as_deref()
        .map_or("# version = \"1.0.0\"            # semantic version of this release".to_owned(), |v| {
            format!("version = {}", quoted(v))
        });
    let _ = writeln!(out, "{version}");
    match license(e) {
        Some(id) => {
            let _ = writeln!(out, "license = {}", quoted(&id));
        }
        None => out.push_str("# license = \"Apache-2.0\"       # SPDX expression of the weights' license\n"),
    }
    out.push_str("# homepage = \"https://...\"\n# contact = \"...\"\n\n");
    datasets(e, &mut out);
    recipe(e, &mut out);
    bases(e, &mut out);
    artifacts(e, &mut out);
    Ok(out)
}

/// The license to write: the one that the front matter or the text names, when it is spelt so that it parses.
fn license(e: &Evidence) -> Option<String> {
    let by = |s: ClaimSource| e.licenses.iter().filter(move |c| c.source == s && c.component == Component::Weights);
    let order = [ClaimSource::Manifest, ClaimSource::FrontMatter, ClaimSource::LicenseText, ClaimSource::Bom];
    let claim = order.into_iter().find_map(|s| by(s).find(|c| c.expression.is_some()))?;
    let expression = claim.expression.clone()?;
    matches!(licenses::spelling(&expression), Spelling::Valid).then_some(expression)
}

fn datasets(e: &Evidence, out: &mut String) {
    out.push_str("# One entry for each set it was trained on, for every stage.\n");
    if e.datasets.is_empty() {
        out.push_str("# [[dataset]]\n# id = \"ORG/NAME\"               # or url, doi, swhid; path for data inside this release\n# revision = \"...\"              # commit, tag or digest\n# license = \"CC0-1.0\"\n# stage = \"pretraining\"         # or fine-tuning, preference\n");
    }
    for set in &e.datasets {
        dataset(set, out);
    }
    out.push_str("\n[data]\n# complete = true              # your word that it was trained on nothing else\n");
    let code: Vec<String> = e.data.processing.iter().filter_map(|c| target(&c.target)).collect();
    match code.is_empty() {
        true => out.push_str("# processing-code = \"URL@COMMIT\"\n"),
        false => {
            let _ = writeln!(out, "processing-code = {}", list(&code));
        }
    }
}

fn dataset(set: &Dataset, out: &mut String) {
    let (key, value) = match set.target.as_deref() {
        Some(t) if t.starts_with("hub:") => ("id", t.trim_start_matches("hub:")),
        Some(t) if t.starts_with("doi:") => ("doi", t.trim_start_matches("doi:")),
        Some(t) if t.starts_with("swh:") => ("swhid", t),
        Some(t) if t.starts_with("path:") => ("path", t.trim_start_matches("path:")),
        Some(t) => ("url", t),
        None => ("id", set.name.as_str()),
    };
    let _ = writeln!(out, "[[dataset]]\n{key} = {}", quoted(value));
    match &set.revision {
        Some(revision) => {
            let _ = writeln!(out, "revision = {}", quoted(revision));
        }
        None => out.push_str("# revision = \"...\"\n"),
    }
    match set.license.as_ref().filter(|l| matches!(licenses::spelling(l), Spelling::Valid)) {
        Some(license) => {
            let _ = writeln!(out, "license = {}", quoted(license));
        }
        None => out.push_str("# license = \"...\"\n"),
    }
    out.push_str("# stage = \"pretraining\"\n");
}

fn target(code: &CodeTarget) -> Option<String> {
    match code {
        CodeTarget::Local { path, .. } => Some(path.clone()),
        CodeTarget::Url(url) => Some(url.clone()),
        CodeTarget::Missing(_) => None,
    }
}

fn recipe(e: &Evidence, out: &mut String) {
    out.push_str("\n[recipe]\n");
    let code: Vec<String> = e.recipe.code.iter().filter_map(|c| target(&c.target)).collect();
    let of = |kind: ArtifactKind| {
        e.files.iter().filter(|f| f.kind == kind && f.bytes.is_some()).map(|f| f.path.clone()).collect::<Vec<_>>()
    };
    let mut row = |key: &str, items: Vec<String>, hint: &str| {
        if items.is_empty() {
            let _ = writeln!(out, "# {key} = {hint}");
        } else {
            let _ = writeln!(out, "{key} = {}", list(&items));
        }
    };
    row("code", code, "\"URL@COMMIT\"           # or a path in this release");
    row("environment", of(ArtifactKind::Environment), "[\"uv.lock\"]      # lock file or image digest");
    row("config", of(ArtifactKind::TrainingConfig), "[\"train.yaml\"]");
    row("logs", of(ArtifactKind::Log), "[\"...\"]");
    row("checkpoints", of(ArtifactKind::Checkpoint), "[\"...\"]");
    row("report", of(ArtifactKind::Report), "\"https://arxiv.org/abs/...\"");
    out.push_str(
        "# license = \"Apache-2.0\"       # of the training code\n# seeds = [42]\n# hardware = \"8 x ...\"\n# hours = 1.5\n# energy-kwh = 2.0\n\
         # The commands from raw data to the published weights, in order:\n# [[recipe.step]]\n# run = \"python3 train.py\"\n# in = [\"...\"]\n# out = [\"model.safetensors\"]\n",
    );
}

fn bases(e: &Evidence, out: &mut String) {
    out.push_str("\n# Models that this one was made from.\n");
    if e.bases.models.is_empty() {
        out.push_str("# [[base]]\n# id = \"ORG/NAME\"\n# revision = \"...\"\n");
    }
    for base in &e.bases.models {
        let _ = writeln!(out, "[[base]]\nid = {}", quoted(&base.id));
    }
}

fn artifacts(e: &Evidence, out: &mut String) {
    out.push_str("\n# Every file with its SHA-256, so that anyone can tell whether the bytes are these.\n");
    for file in &e.files {
        let Some(digest) = file.sha256.as_ref().filter(|_| is_listed(file)) else { continue };
        let kind = id_of(file.kind);
        let _ = writeln!(
            out,
            "[[artifact]]\npath = {}\nsha256 = {}\nkind = {}\n",
            quoted(&file.path),
            quoted(digest.hex()),
            quoted(&kind)
        );
    }
    let trimmed = out.trim_end().len();
    out.truncate(trimmed);
    out.push('\n');
}
