//! The page that ranks many releases: how they spread over the levels, what fails most, by whose they are and by year, and a table
//! that sorts and filters. It loads nothing from elsewhere; its one script is allowed by its digest, and writes text, never markup.

mod shapes;

use std::cmp::Ordering;

use askama::Template;
use base64::Engine as _;
use sha2::{Digest as _, Sha256};

use self::shapes::{Bar, Count, GroupRow, grouped, set, theirs};
use super::{About, Named, Tally, VERDICTS, verdict, year};
use crate::finding::{Lang, Verdict};
use crate::survey::Row;
use crate::words::board::Board as Word;

/// The style: that of the page of one release, and what this one adds.
const STYLE: &str = concat!(include_str!("../../html/page.css"), include_str!("board.css"));
/// The script, which sorts and filters.
const SCRIPT: &str = include_str!("board.js");
/// Rows of the table that the page holds at most.
const MOST: usize = 100_000;
/// Rows that are shown at a time.
const SHOWN: usize = 200;
/// Rules, and organisations, that are shown.
const RULES: usize = 20;
const OWNERS: usize = 50;
/// The place of a level that a row does not name, and of what was not audited: behind all others.
const NO_LEVEL: usize = usize::MAX - 1;
const NOT_AUDITED: usize = usize::MAX;

/// The rows that the page will show, gathered as they pass.
#[derive(Debug)]
pub struct Board {
    columns: Vec<String>,
    lines: Vec<Line>,
    dropped: bool,
}

/// A row of the table.
#[derive(Clone, Debug)]
struct Line {
    target: String,
    owner: String,
    /// The place of its level; [`NO_LEVEL`], [`NOT_AUDITED`].
    level: usize,
    /// How high it is, as the row tells, 0 for the highest.
    rank: u32,
    score: Option<f64>,
    /// A verdict a criterion, by its place.
    verdicts: Vec<usize>,
    license: String,
    year: String,
    failure: String,
}

impl Board {
    /// Of no row yet.
    pub fn new(about: &About) -> Board {
        let columns = about.criteria.iter().map(|c| format!("{}_verdict", c.id)).collect();
        Board { columns, lines: vec![], dropped: false }
    }

    /// Keeps of a row what the table shows, while it is among the best; `tally` has counted it.
    pub fn add(&mut self, row: &Row, tally: &Tally) {
        let level = row.level.as_deref().and_then(|id| tally.levels.iter().position(|l| l.id == id));
        let first: Vec<&str> = row.licenses.iter().take(3).map(String::as_str).collect();
        self.lines.push(Line {
            target: theirs(&row.target),
            owner: theirs(row.organisation.as_deref().unwrap_or_default()),
            level: if row.failure.is_some() { NOT_AUDITED } else { level.unwrap_or(NO_LEVEL) },
            rank: row.level_rank.filter(|_| row.failure.is_none()).unwrap_or(u32::MAX),
            score: row.score,
            verdicts: self.columns.iter().map(|c| verdict(row, c).unwrap_or(VERDICTS.len() - 1)).collect(),
            license: theirs(&first.join(", ")),
            year: year(row).unwrap_or_default().to_owned(),
            failure: theirs(row.failure_kind.as_deref().unwrap_or_default()),
        });
        if self.lines.len() >= 2 * MOST {
            self.keep_best();
        }
    }

    fn keep_best(&mut self) {
        self.lines.sort_by(best_first);
        self.dropped |= self.lines.len() > MOST;
        self.lines.truncate(MOST);
    }

    /// Writes the page in one language.
    ///
    /// # Errors
    /// When the template cannot be written, which a text in memory excludes.
    pub fn render(mut self, tally: &Tally, about: &About, lang: Lang) -> askama::Result<String> {
        self.keep_best();
        let page = Page {
            lang,
            style: STYLE,
            style_digest: digest(STYLE),
            script: SCRIPT,
            script_digest: digest(SCRIPT),
            data: data(&self.lines, tally, lang),
            levels: levels(tally, lang),
            criteria: criteria(tally, about, lang),
            worst: worst(tally, about, lang),
            owners: owners(tally, lang),
            years: years(tally, lang),
            first: self.lines.iter().take(SHOWN).map(|line| line.shown(tally, about, lang)).collect(),
            lines: self.lines.len(),
            dropped: self.dropped,
            tally,
            about,
        };
        page.render()
    }
}

/// The highest level first, then the best score, then by name.
fn best_first(a: &Line, b: &Line) -> Ordering {
    let scores = || b.score.unwrap_or(-1.0).total_cmp(&a.score.unwrap_or(-1.0));
    let failed = |line: &Line| line.level == NOT_AUDITED;
    let ranks = failed(a).cmp(&failed(b)).then(a.rank.cmp(&b.rank));
    ranks.then(a.level.cmp(&b.level)).then_with(scores).then_with(|| a.target.cmp(&b.target))
}

fn digest(text: &str) -> String {
    base64::prelude::BASE64_STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// The page of a repository of the hub, where a name is one: built from its parts alone.
fn link(target: &str) -> Option<String> {
    let id = target.strip_prefix("hf:")?;
    let (id, _) = id.split_once('@').unwrap_or((id, ""));
    let (kind, id) = match id.strip_prefix("datasets/") {
        Some(id) => ("datasets/", id),
        None => ("", id),
    };
    let part = |text: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        (1..=96).contains(&text.len()) && text.chars().all(plain) && text.chars().any(|c| c != '.')
    };
    let (owner, name) = id.split_once('/')?;
    (part(owner) && part(name)).then(|| format!("https://huggingface.co/{kind}{owner}/{name}"))
}

/// A row as it stands in the page before a script runs.
struct Shown {
    target: String,
    href: Option<String>,
    owner: String,
    level: String,
    tone: usize,
    score: String,
    /// Sign, word and criterion of each verdict; of what was not audited the last alone.
    verdicts: Vec<(&'static str, &'static str, String)>,
    license: String,
    year: String,
}

impl Line {
    fn shown(&self, tally: &Tally, about: &About, lang: Lang) -> Shown {
        let failed = self.level == NOT_AUDITED;
        let told = |(v, criterion): (&usize, &Named)| {
            let (sign, said) =
                if failed { ("", "") } else { (VERDICTS.get(*v).copied().unwrap_or(""), word(*v, lang)) };
            (sign, said, set(criterion.title.get(lang), lang))
        };
        Shown {
            target: self.target.clone(),
            href: link(&self.target),
            owner: self.owner.clone(),
            level: match tally.levels.get(self.level) {
                Some(level) => set(level.title.get(lang), lang),
                None if failed => not_audited(&self.failure, lang),
                None => "–".into(),
            },
            tone: tone(self.level, tally),
            score: self.score.map(|s| crate::render::number(s, 1, lang)).unwrap_or_default(),
            verdicts: self.verdicts.iter().zip(&about.criteria).map(told).collect(),
            license: self.license.clone(),
            year: self.year.clone(),
        }
    }
}

fn not_audited(kind: &str, lang: Lang) -> String {
    match kind {
        "" => set(Word::NotAudited.say(lang), lang),
        why => set(&Word::NotAuditedWhy.with(lang, &[("why", &why)]), lang),
    }
}

/// The word of a verdict.
fn word(verdict: usize, lang: Lang) -> &'static str {
    let all = [Verdict::Pass, Verdict::Partial, Verdict::Fail, Verdict::Unknown];
    all.get(verdict).map_or("", |v| v.word(lang))
}

/// The colour of a level among six, from good to bad; 6 for what is undetermined or was not audited, and for a level of which no
/// profile tells how good it is.
fn tone(level: usize, tally: &Tally) -> usize {
    const STEPS: usize = 5;
    let mut ranked = tally.levels.iter().take(tally.ranked);
    let known = ranked.clone().filter(|l| l.id != "undetermined").count();
    match ranked.nth(level) {
        Some(named) if named.id != "undetermined" => (level * STEPS / known.saturating_sub(1).max(1)).min(STEPS),
        _ => STEPS + 1,
    }
}

/// How the audited releases spread over the levels.
fn levels(tally: &Tally, lang: Lang) -> Bar {
    Bar::of(level_counts(&tally.whole.levels, tally), tally.audited(), lang)
}

fn level_counts<'a>(counts: &'a [u64], tally: &'a Tally) -> impl Iterator<Item = (&'a Named, usize, u64)> {
    tally.levels.iter().enumerate().map(|(at, l)| (l, tone(at, tally), counts.get(at).copied().unwrap_or(0)))
}

/// How they spread over the verdicts of each criterion.
fn criteria(tally: &Tally, about: &About, lang: Lang) -> Vec<(String, Bar)> {
    let named: Vec<Named> = (0..VERDICTS.len()).map(|v| Named::bare(word(v, lang))).collect();
    let bar = |counts: &[u64; 4]| {
        let parts = named.iter().zip([0, 2, 5, 6]).zip(counts).map(|((name, tone), n)| (name, tone, *n));
        Bar::of(parts, tally.audited(), lang)
    };
    let both = about.criteria.iter().zip(&tally.verdicts);
    both.map(|(criterion, counts)| (set(criterion.title.get(lang), lang), bar(counts))).collect()
}

/// The rules that are not met most often.
fn worst(tally: &Tally, about: &About, lang: Lang) -> Vec<Count> {
    let title = |id: &str| about.rules.get(id).map_or_else(String::new, |title| set(title.get(lang), lang));
    let all = tally.worst(RULES).into_iter();
    all.map(|(id, n)| Count::of(theirs(id), title(id), n, tally.audited(), lang)).collect()
}

/// The organisations with the most releases.
fn owners(tally: &Tally, lang: Lang) -> Vec<GroupRow> {
    let mut all: Vec<_> = tally.organisations.iter().collect();
    all.sort_by(|a, b| b.1.n.cmp(&a.1.n).then(a.0.cmp(b.0)));
    let name = |name: &str| if name.is_empty() { Word::NoOwner.say(lang).to_owned() } else { theirs(name) };
    all.into_iter().take(OWNERS).map(|(owner, group)| group_row(name(owner), group, tally, lang)).collect()
}

fn years(tally: &Tally, lang: Lang) -> Vec<GroupRow> {
    let name = |year: &str| if year.is_empty() { Word::NoYear.say(lang) } else { year }.to_owned();
    tally.years.iter().rev().map(|(year, group)| group_row(name(year), group, tally, lang)).collect()
}

fn group_row(name: String, group: &super::Group, tally: &Tally, lang: Lang) -> GroupRow {
    let bar = Bar::of(level_counts(&group.levels, tally), group.n, lang);
    GroupRow { name, n: grouped(group.n, lang), bar, mean: group.mean().map(|m| crate::render::number(m, 1, lang)) }
}

/// What the script works on, as JSON that stands in the page as text: no sign of it opens or ends a tag.
fn data(lines: &[Line], tally: &Tally, lang: Lang) -> String {
    let rows: Vec<serde_json::Value> = lines
        .iter()
        .map(|l| {
            let verdicts: String = l.verdicts.iter().map(usize::to_string).collect();
            let level = match l.level {
                NOT_AUDITED => serde_json::json!(-1),
                NO_LEVEL => serde_json::json!(-2),
                level => serde_json::json!(level),
            };
            let verdicts = if l.level == NOT_AUDITED { "" } else { verdicts.as_str() };
            let score = l.score.map(|s| (s * 10.0).round() / 10.0);
            let linked = u8::from(link(&l.target).is_some());
            serde_json::json!([l.target, linked, l.owner, level, score, verdicts, l.license, l.year, l.failure])
        })
        .collect();
    let say = |word: Word| set(word.say(lang), lang);
    let titles: Vec<String> = tally.levels.iter().map(|l| set(l.title.get(lang), lang)).collect();
    let tones: Vec<usize> = (0..=tally.levels.len()).map(|at| tone(at, tally)).collect();
    let words: Vec<&str> = (0..VERDICTS.len()).map(|v| word(v, lang)).collect();
    let data = serde_json::json!({
        "rows": rows, "levels": titles, "tones": tones, "verdicts": words, "signs": VERDICTS, "shown": SHOWN,
        "lang": code(lang),
        "say": {
            "shown": say(Word::Shown), "none": say(Word::NoneShown), "notAudited": say(Word::NotAudited),
            "why": say(Word::NotAuditedWhy),
        },
    });
    data.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en",
        Lang::Fr => "fr",
    }
}

/// Everything on the page.
#[derive(Template)]
#[template(path = "board.html", config = "src/render/rows/page/askama.toml")]
struct Page<'a> {
    lang: Lang,
    style: &'static str,
    style_digest: String,
    script: &'static str,
    script_digest: String,
    data: String,
    levels: Bar,
    criteria: Vec<(String, Bar)>,
    worst: Vec<Count>,
    owners: Vec<GroupRow>,
    years: Vec<GroupRow>,
    first: Vec<Shown>,
    lines: usize,
    dropped: bool,
    tally: &'a Tally,
    about: &'a About<'a>,
}

impl Page<'_> {
    fn say(&self, word: Word) -> String {
        set(word.say(self.lang), self.lang)
    }

    fn code(&self) -> &'static str {
        code(self.lang)
    }

    fn title(&self) -> String {
        let word = if self.tally.all == 1 { Word::TitleOne } else { Word::Title };
        set(&word.with(self.lang, &[("all", &grouped(self.tally.all, self.lang))]), self.lang)
    }

    fn counts(&self) -> String {
        let number = |n: u64| grouped(n, self.lang);
        let (all, audited, failed) = (self.tally.all, self.tally.audited(), self.tally.failed());
        let values = [("all", number(all)), ("audited", number(audited)), ("failed", number(failed))];
        let values: Vec<(&str, &dyn std::fmt::Display)> = values.iter().map(|(k, v)| (*k, v as _)).collect();
        set(&Word::Counts.with(self.lang, &values), self.lang)
    }

    fn judged(&self) -> String {
        set(&Word::JudgedBy.with(self.lang, &[("profile", &self.about.title.get(self.lang))]), self.lang)
    }

    fn on(&self) -> String {
        let date = theirs(self.about.run.started.get(..10).unwrap_or(&self.about.run.started));
        set(&Word::On.with(self.lang, &[("date", &date)]), self.lang)
    }

    fn lacks(&self) -> Option<String> {
        let lack = self.about.lack.as_ref()?;
        Some(set(&Word::Lacks.with(self.lang, &[("what", &lack.get(self.lang))]), self.lang))
    }

    fn owners_left(&self) -> Option<String> {
        let left = self.tally.organisations.len().saturating_sub(OWNERS);
        (left > 0)
            .then(|| set(&Word::OwnersMore.with(self.lang, &[("n", &grouped(left as u64, self.lang))]), self.lang))
    }

    fn failures(&self) -> Vec<(String, String)> {
        self.tally.failures.iter().map(|(kind, n)| (theirs(kind), grouped(*n, self.lang))).collect()
    }

    /// What stands below the table before a script runs.
    fn first_shown(&self) -> String {
        let (n, of) = (grouped(self.first.len() as u64, self.lang), grouped(self.lines as u64, self.lang));
        let word = if self.first.len() == self.lines { Word::AllShown } else { Word::First };
        set(&word.with(self.lang, &[("shown", &n), ("of", &of)]), self.lang)
    }

    fn capped(&self) -> Option<String> {
        let n = grouped(self.lines as u64, self.lang);
        self.dropped.then(|| set(&Word::Capped.with(self.lang, &[("most", &n)]), self.lang))
    }

    /// Columns of the table: what each is called.
    fn columns(&self) -> Vec<String> {
        let mut out =
            vec![self.say(Word::Release), self.say(Word::Owner), self.say(Word::Level), self.say(Word::Score)];
        out.extend(self.about.criteria.iter().map(|c| set(c.title.get(self.lang), self.lang)));
        out.extend([self.say(Word::License), self.say(Word::Year)]);
        out
    }

    fn level_names(&self) -> Vec<String> {
        self.tally.levels.iter().map(|l| set(l.title.get(self.lang), self.lang)).collect()
    }

    /// How the page was made: a name and a value each.
    fn facts(&self) -> Vec<(String, String)> {
        let run = self.about.run;
        let mut out = vec![(Word::MadeTool, format!("{} {}", run.tool.name, run.tool.version))];
        if let Some(profile) = &run.profile {
            out.push((Word::MadeProfile, format!("{}@{}", profile.id, profile.version)));
            out.push((Word::MadeProfileDigest, profile.digest.clone()));
        }
        out.push((Word::MadeList, run.list.digest.clone()));
        let settings: Vec<String> = run.settings.iter().map(|(k, v)| format!("{k}={v}")).collect();
        if !settings.is_empty() {
            out.push((Word::MadeSettings, settings.join(", ")));
        }
        out.push((Word::MadeStarted, run.started.clone()));
        out.into_iter().map(|(word, value)| (self.say(word), theirs(&value))).collect()
    }

    /// The sections: id and title.
    fn contents(&self) -> Vec<(&'static str, String)> {
        let some = |here: bool, id, word| here.then(|| (id, self.say(word)));
        let audited = self.tally.audited() > 0;
        [
            some(audited, "criteria", Word::Criteria),
            some(audited, "worst", Word::Worst),
            some(audited, "owners", Word::Owners),
            some(audited, "years", Word::Years),
            some(self.tally.failed() > 0, "failures", Word::Failures),
            some(true, "releases", Word::Table),
            some(true, "made", Word::Made),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

#[cfg(test)]
mod tests;
