//! What is being done at this moment: which hosts are being asked, and how long one of them is still left alone. It is for a screen
//! to show; nothing is decided by it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What is being done at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doing {
    /// The hosts that are being asked, or answer, in order of their names.
    pub asked: Vec<String>,
    /// The host that is left alone for the longest, as it asked to be, and how much longer.
    pub left_alone: Option<(String, Duration)>,
    /// The host that grants the fewest more requests until its next window, and how many, where one said so.
    pub budget: Option<(String, u64)>,
}

/// The requests and the waits under way.
#[derive(Debug, Default)]
pub(super) struct Now(Mutex<Ways>);

#[derive(Debug, Default)]
struct Ways {
    asked: BTreeMap<String, usize>,
    rests: Vec<(String, Instant)>,
    left: BTreeMap<String, u64>,
}

impl Now {
    /// A host is being asked until the guard is dropped.
    pub(super) fn ask(&self, host: Option<&str>) -> Asked<'_> {
        let host = host.unwrap_or_default().to_owned();
        *self.ways().asked.entry(host.clone()).or_default() += 1;
        Asked { now: self, host }
    }

    /// A host said how many more requests it grants for now.
    pub(super) fn grants(&self, host: Option<&str>, left: u64) {
        self.ways().left.insert(host.unwrap_or_default().to_owned(), left);
    }

    /// A host is left alone for a while, or until the guard is dropped.
    pub(super) fn rest(&self, host: Option<&str>, time: Duration) -> Rest<'_> {
        let rest = (host.unwrap_or_default().to_owned(), Instant::now() + time);
        self.ways().rests.push(rest.clone());
        Rest { now: self, rest }
    }

    /// What is being done.
    pub(super) fn doing(&self) -> Doing {
        let ways = self.ways();
        let longest = ways.rests.iter().max_by_key(|(_, until)| *until);
        let left = longest.map(|(host, until)| (host.clone(), until.saturating_duration_since(Instant::now())));
        let budget = ways.left.iter().min_by_key(|(_, left)| **left).map(|(host, left)| (host.clone(), *left));
        let asked = ways.asked.keys().cloned().collect();
        Doing { asked, left_alone: left.filter(|(_, time)| !time.is_zero()), budget }
    }

    /// A thread that died holding it leaves nothing worse behind than a count.
    fn ways(&self) -> MutexGuard<'_, Ways> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way.
pub(super) struct Asked<'a> {
    now: &'a Now,
    host: String,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        let mut ways = self.now.ways();
        if let Some(count) = ways.asked.get_mut(&self.host) {
            *count -= 1;
            if *count == 0 {
                ways.asked.remove(&self.host);
            }
        }
    }
}

/// A wait under way.
pub(super) struct Rest<'a> {
    now: &'a Now,
    rest: (String, Instant),
}

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        let mut ways = self.now.ways();
        if let Some(at) = ways.rests.iter().position(|rest| *rest == self.rest) {
            ways.rests.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_under_way_is_told_and_what_ended_is_not() {
        let now = Now::default();
        assert_eq!(now.doing(), Doing::default());
        let first = now.ask(Some("b.example"));
        let second = now.ask(Some("b.example"));
        let third = now.ask(Some("a.example"));
        drop(first);
        assert_eq!(now.doing().asked, ["a.example", "b.example"]);
        drop((second, third));
        let rest = now.rest(Some("a.example"), Duration::from_secs(60));
        let short = now.rest(Some("b.example"), Duration::ZERO);
        let doing = now.doing();
        assert!(doing.asked.is_empty());
        assert!(doing.left_alone.is_some_and(|(host, time)| host == "a.example" && time > Duration::from_secs(50)));
        drop((rest, short));
        assert_eq!(now.doing(), Doing::default());
        now.grants(Some("a.example"), 7);
        now.grants(Some("b.example"), 3);
        assert_eq!(now.doing().budget, Some(("b.example".to_owned(), 3)));
    }
}
