//! How far an audit has come, on standard error: on a terminal one line that is written over, from the second second on; where
//! nothing can be written over, a line now and then when more was asked for, or nothing.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ouvert::collect::Progress;
use ouvert::net::{Doing, Net};
use ouvert::render::{clean, size};
use ouvert::words::Lang;
use ouvert::words::progress::Progress as Word;

use super::{columns, is_smart};

/// Time before the first line.
const FIRST: Duration = Duration::from_secs(1);
/// Time between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// Time between two lines that stay.
const SELDOM: Duration = Duration::from_secs(10);

/// How progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// On one line that is written over.
    Over,
    /// On lines that stay.
    Lines,
    /// Not at all.
    Not,
}

impl Shown {
    /// How a run shows it: one that is to be quiet never does, and where no line can be written over only one that is to tell
    /// more.
    pub(super) fn of(quiet: bool, verbose: bool) -> Shown {
        match (quiet, is_smart(std::io::stderr().is_terminal())) {
            (true, _) => Shown::Not,
            (_, true) => Shown::Over,
            _ if verbose => Shown::Lines,
            _ => Shown::Not,
        }
    }
}

/// What is watched.
pub(super) struct Watch<'a> {
    pub(super) progress: &'a Progress,
    pub(super) net: &'a Net,
    pub(super) done: &'a AtomicBool,
    /// Whether the bytes that are hashed are fetched first.
    pub(super) fetched: bool,
    pub(super) lang: Lang,
}

/// Looks again and again at what is done, and writes a line about it now and then.
#[derive(Debug, Default)]
pub(super) struct Ticker {
    written: Option<Instant>,
}

impl Ticker {
    /// Shows what `line` tells until it is done. Whoever sets `done` wakes the thread.
    pub(super) fn show(&mut self, shown: Shown, done: &AtomicBool, mut line: impl FnMut() -> Option<String>) {
        let start = Instant::now();
        loop {
            std::thread::park_timeout(LOOK);
            if done.load(Ordering::Relaxed) {
                break;
            }
            let told = line();
            let lately = shown == Shown::Lines && self.written.is_some_and(|at| at.elapsed() < SELDOM);
            if start.elapsed() < FIRST || lately || shown == Shown::Not {
                continue;
            }
            if let Some(told) = told {
                self.written = Some(Instant::now());
                write(shown, &told);
            }
        }
        if self.written.is_some() && shown == Shown::Over {
            // When stderr is gone there is nobody left to show it to.
            let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
        }
    }
}

impl Watch<'_> {
    /// Shows how far it has come until it is done. Whoever sets `done` wakes the thread.
    pub(super) fn show(&self, shown: Shown) {
        let (start, mut hashing): (Instant, Option<Instant>) = (Instant::now(), None);
        Ticker::default().show(shown, self.done, || {
            if self.read(&self.progress.total) > 0 {
                hashing.get_or_insert_with(Instant::now);
            }
            self.line(hashing.map(|at| at.elapsed()).unwrap_or_default(), start.elapsed())
        });
    }

    fn read(&self, counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }

    /// What is being done, in one line.
    fn line(&self, hashing: Duration, all: Duration) -> Option<String> {
        let lang = self.lang;
        let (total, bytes) = (self.read(&self.progress.total), self.read(&self.progress.done));
        let doing = self.net.doing();
        let rest = doing.left_alone.as_ref().filter(|(_, time)| *time >= FIRST);
        if total == 0 || bytes >= total {
            let (sent, _) = self.net.counts();
            return (sent > 0).then(|| Word::LookingUp.with(lang, &[("parts", &looking_up(&doing, sent, all, lang))]));
        }
        let files = (self.read(&self.progress.hashed), self.read(&self.progress.files));
        let mut parts = counted(files, (bytes, total), hashing, lang);
        parts.extend(rest.map(|(host, time)| resting(host, *time, lang)));
        parts.extend(doing.asked.first().filter(|_| rest.is_none()).map(|host| shortened(host)));
        let word = if self.fetched { Word::Fetching } else { Word::Hashing };
        Some(word.with(lang, &[("parts", &parts.join(", "))]))
    }
}

/// Files, bytes, rate and time left.
fn counted(files: (u64, u64), bytes: (u64, u64), time: Duration, lang: Lang) -> Vec<String> {
    let several = if files.1 > 1 { Word::FilesOf } else { Word::FileOf };
    let mut parts = vec![
        several.with(lang, &[("n", &files.0), ("total", &files.1)]),
        Word::BytesOf.with(lang, &[("n", &size(bytes.0, lang)), ("total", &size(bytes.1, lang))]),
    ];
    let rate = bytes.0 as f64 / time.as_secs_f64().max(0.001);
    if rate >= 1.0 {
        let left = bytes.1.saturating_sub(bytes.0) as f64 / rate;
        parts.push(Word::Rate.with(lang, &[("size", &size(rate as u64, lang))]));
        parts.push(Word::Left.with(lang, &[("time", &duration(left, lang))]));
    }
    parts
}

/// The host that is asked, how often any was, and for how long.
fn looking_up(doing: &Doing, sent: usize, time: Duration, lang: Lang) -> String {
    let mut parts = Vec::new();
    match (&doing.left_alone, doing.asked.split_first()) {
        (Some((host, time)), _) if *time >= FIRST => parts.push(resting(host, *time, lang)),
        (_, Some((host, []))) => parts.push(shortened(host)),
        (_, Some((host, more))) => {
            parts.push(Word::AndOthers.with(lang, &[("host", &shortened(host)), ("n", &more.len())]));
        }
        _ => {}
    }
    let word = if sent > 1 { Word::Requests } else { Word::Request };
    parts.push(word.with(lang, &[("n", &sent)]));
    parts.push(duration(time.as_secs_f64(), lang));
    parts.join(", ")
}

fn resting(host: &str, time: Duration, lang: Lang) -> String {
    Word::Resting.with(lang, &[("host", &shortened(host)), ("time", &duration(time.as_secs_f64(), lang))])
}

/// A host's name, of a long one its end: that is whose it is.
pub(super) fn shortened(host: &str) -> String {
    const MOST: usize = 40;
    let (host, count) = (clean(host), host.chars().count());
    if count <= MOST { host } else { format!("…{}", host.chars().skip(count - MOST + 1).collect::<String>()) }
}

/// Writes a line over the one before, or below it.
fn write(shown: Shown, line: &str) {
    let mut err = std::io::stderr().lock();
    // When stderr is gone there is nobody left to show it to.
    let _ = match shown {
        // A line that reaches the edge could not be written over.
        Shown::Over => {
            let most = columns(true).saturating_sub(1);
            write!(err, "\r\u{1b}[K{}", line.chars().take(most).collect::<String>())
        }
        Shown::Lines => writeln!(err, "{line}"),
        Shown::Not => Ok(()),
    };
    let _ = err.flush();
}

/// Seconds as a person reads them.
pub(super) fn duration(seconds: f64, lang: Lang) -> String {
    let whole = seconds.clamp(0.0, 1e9).round() as u64;
    let (h, min, s) = (whole / 3600, whole / 60 % 60, whole % 60);
    match whole {
        0..60 => Word::Seconds.with(lang, &[("s", &s)]),
        60..3600 => Word::Minutes.with(lang, &[("min", &min), ("s", &s)]),
        _ => Word::Hours.with(lang, &[("h", &h), ("min", &min)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_unit_that_fits() {
        for (seconds, text) in [(0.4, "0 s"), (59.4, "59 s"), (61.0, "1 min 1 s"), (7260.0, "2 h 1 min")] {
            assert_eq!(duration(seconds, Lang::En), text);
        }
        assert!(duration(f64::INFINITY, Lang::Fr).ends_with(" min"));
    }

    #[test]
    fn a_line_tells_files_bytes_rate_and_time_or_the_host() {
        let parts = counted((3, 12), (1_200_000_000, 8_400_000_000), Duration::from_secs(2), Lang::Fr);
        assert_eq!(parts.join(", "), "3 sur 12 fichiers, 1,20 Go sur 8,40 Go, 600 Mo/s, encore 12 s");
        assert_eq!(counted((0, 1), (0, 10), Duration::ZERO, Lang::En), ["0 of 1 file", "0 bytes of 10 bytes"]);
        let mut doing = Doing { asked: vec!["a.example".into()], left_alone: None, budget: None };
        let told = |doing: &Doing, lang| looking_up(doing, 14, Duration::from_secs(3), lang);
        assert_eq!(told(&doing, Lang::En), "a.example, 14 requests, 3 s");
        doing.asked.push("b.example".into());
        assert_eq!(told(&doing, Lang::Fr), "a.example et 1 de plus, 14 requêtes, 3 s");
        doing.left_alone = Some(("b.example".into(), Duration::from_secs(37)));
        assert_eq!(told(&doing, Lang::En), "b.example asks for 37 s of rest, 14 requests, 3 s");
        assert_eq!(looking_up(&Doing::default(), 1, Duration::ZERO, Lang::Fr), "1 requête, 0 s");
        assert_eq!(shortened(&format!("{}.example", "a".repeat(80))).chars().count(), 40);
    }
}
