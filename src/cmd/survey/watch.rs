//! How far a survey has come: releases done and failed, how fast, how long still, and what the hub still grants.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use ouvert::net::Net;
use ouvert::words::Lang;
use ouvert::words::progress::Progress as Common;
use ouvert::words::survey::Survey as Word;

use super::super::progress::{Shown, Ticker, duration, shortened};
use super::work::Counts;

/// What is watched.
pub(super) struct Watch<'a> {
    pub(super) counts: &'a Counts,
    pub(super) net: &'a Net,
    pub(super) lang: Lang,
}

impl Watch<'_> {
    /// Shows how far it has come while `work` runs.
    pub(super) fn during<T>(&self, shown: Shown, work: impl FnOnce() -> T) -> T {
        if shown == Shown::Not {
            return work();
        }
        let (start, done) = (Instant::now(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let watcher =
                scope.spawn(|| Ticker::default().show(shown, &done, || Some(self.line(start.elapsed().as_secs_f64()))));
            let result = work();
            done.store(true, Ordering::Relaxed);
            watcher.thread().unpark();
            // The line goes before anything else is written.
            let _ = watcher.join();
            result
        })
    }

    fn line(&self, seconds: f64) -> String {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (total, done, failed) = (read(&self.counts.total), read(&self.counts.done), read(&self.counts.failed));
        let lang = self.lang;
        let mut parts = vec![Word::Releases.with(lang, &[("n", &(done + failed)), ("total", &total)])];
        if failed > 0 {
            parts.push(Word::Failed.with(lang, &[("n", &failed)]));
        }
        let rate = (done + failed) as f64 / seconds.max(0.001);
        if rate > 0.0 {
            let told = if rate < 10.0 { format!("{rate:.1}") } else { format!("{rate:.0}") };
            parts.push(Word::PerSecond.with(lang, &[("n", &told)]));
            let left = total.saturating_sub(done + failed) as f64 / rate;
            parts.push(Common::Left.with(lang, &[("time", &duration(left, lang))]));
        }
        let doing = self.net.doing();
        if let Some((host, time)) = doing.left_alone.filter(|(_, time)| time.as_secs() > 0) {
            let time = duration(time.as_secs_f64(), lang);
            parts.push(Common::Resting.with(lang, &[("host", &shortened(&host)), ("time", &time)]));
        } else if let Some((host, left)) = doing.budget {
            parts.push(Word::Budget.with(lang, &[("host", &shortened(&host)), ("n", &left)]));
        }
        Word::Surveying.with(lang, &[("parts", &parts.join(", "))])
    }
}
