//! Politeness: what a host's answers say of its limits, and how long to wait before the next request.
//! Headers: `RateLimit` and `RateLimit-Policy` (IETF draft ratelimit-headers-09), `Retry-After`, GitHub's `X-RateLimit-*`.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// Seconds that a host can ask for and be believed: nobody waits longer, and sums of times stay in bounds.
const MOST: u64 = 7 * 24 * 3600;

/// What hosts ask for, by host and bucket: to be left alone until a moment, and how many requests they grant until their next window.
#[derive(Debug, Default)]
pub(super) struct Budget(Mutex<HashMap<String, Held>>);

#[derive(Clone, Copy, Debug, Default)]
struct Held {
    until: Option<Instant>,
    grant: Option<Grant>,
}

/// Requests that are granted until a window ends.
#[derive(Clone, Copy, Debug)]
struct Grant {
    left: u64,
    end: Instant,
}

/// Time by which two answers may tell the end of one window differently.
const SAME_WINDOW: Duration = Duration::from_secs(3);

impl Budget {
    /// Takes one request from what is granted; else how long to wait before asking again.
    pub(super) fn take(&self, bucket: &str) -> Duration {
        let Ok(mut all) = self.0.lock() else { return Duration::ZERO };
        let Some(held) = all.get_mut(bucket) else { return Duration::ZERO };
        let now = Instant::now();
        let until = held.until.map_or(Duration::ZERO, |t| t.saturating_duration_since(now));
        if !until.is_zero() {
            return until;
        }
        match &mut held.grant {
            Some(grant) if grant.end > now && grant.left == 0 => grant.end.saturating_duration_since(now),
            Some(grant) if grant.end > now => {
                grant.left -= 1;
                Duration::ZERO
            }
            _ => Duration::ZERO,
        }
    }

    /// Nobody asks again for a while.
    pub(super) fn hold(&self, bucket: &str, time: Duration) {
        if let Ok(mut all) = self.0.lock() {
            let then = Instant::now() + time;
            let held = all.entry(bucket.to_owned()).or_default();
            held.until = Some(held.until.map_or(then, |t| t.max(then)));
        }
    }

    /// A host said how many requests it grants until a window ends. Requests under way count already: of two answers about one window
    /// the smaller number holds.
    pub(super) fn grant(&self, bucket: &str, limit: Limit) {
        let (Some(left), Some(reset), Ok(mut all)) = (limit.left, limit.reset, self.0.lock()) else { return };
        // The second after the window's end is in the next one for sure.
        let end = Instant::now() + Duration::from_secs(reset.saturating_add(1));
        let held = all.entry(bucket.to_owned()).or_default();
        let same = held.grant.filter(|g| g.end + SAME_WINDOW >= end);
        held.grant = Some(same.map_or(Grant { left, end }, |g| Grant { left: g.left.min(left), end: g.end }));
    }
}

/// What an answer says of the requests that are left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Limit {
    /// Requests left in the window.
    pub(super) left: Option<u64>,
    /// Seconds to the next window.
    pub(super) reset: Option<u64>,
    /// Seconds that the host asks to wait.
    pub(super) after: Option<u64>,
}

/// Reads the headers of an answer. `clock` is the host's own time, seconds since 1970, for limits that end at a moment.
pub(super) fn limit<'a>(header: impl Fn(&str) -> Option<&'a str>, clock: Option<i64>) -> Limit {
    let number = |name: &str| header(name).and_then(|t| t.trim().parse::<u64>().ok());
    let most = |seconds: u64| seconds.min(MOST);
    let mut out = Limit { after: number("retry-after").map(most), ..Limit::default() };
    if let Some(text) = header("ratelimit") {
        for part in text.split(';').map(str::trim) {
            match part.split_once('=') {
                Some(("r", n)) => out.left = n.parse().ok(),
                Some(("t", n)) => out.reset = n.parse().ok().map(most),
                _ => {}
            }
        }
    } else if let Some(left) = number("x-ratelimit-remaining") {
        out.left = Some(left);
        let end = number("x-ratelimit-reset").and_then(|t| i64::try_from(t).ok());
        out.reset = end.zip(clock).and_then(|(end, now)| u64::try_from(end.saturating_sub(now)).ok()).map(most);
    }
    out
}

/// How long to wait after an answer that was a refusal, the `attempt`-th from 0.
pub(super) fn pause(limit: Limit, attempt: u32) -> Duration {
    let growing = Duration::from_millis(500 << attempt.min(6));
    match limit {
        Limit { left: Some(0), reset: Some(t), .. } => Duration::from_secs(t.saturating_add(1)),
        Limit { after: Some(t), .. } => Duration::from_secs(t),
        _ => growing,
    }
}

/// Room for a number of requests at a time.
#[derive(Debug)]
pub(super) struct Room {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Room {
    pub(super) fn new(most: usize) -> Room {
        Room { free: Mutex::new(most.max(1)), freed: Condvar::new() }
    }

    /// Waits for room; it is given back when the guard is dropped.
    pub(super) fn enter(&self) -> Guard<'_> {
        if let Ok(mut free) = self.free.lock() {
            while *free == 0 {
                match self.freed.wait(free) {
                    Ok(again) => free = again,
                    Err(_) => return Guard(self),
                }
            }
            *free -= 1;
        }
        Guard(self)
    }
}

/// Room held by one request.
pub(super) struct Guard<'a>(&'a Room);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if let Ok(mut free) = self.0.free.lock() {
            *free += 1;
        }
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &'static str)], clock: Option<i64>) -> Limit {
        limit(|name| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| *v), clock)
    }

    #[test]
    fn headers_of_limits() {
        let hub = of(&[("ratelimit", "\"api\";r=0;t=37"), ("retry-after", "5")], None);
        assert_eq!(hub, Limit { left: Some(0), reset: Some(37), after: Some(5) });
        assert_eq!(pause(hub, 0), Duration::from_secs(38));
        let github = of(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1010")], Some(1000));
        assert_eq!(pause(github, 0), Duration::from_secs(11));
        assert_eq!(pause(of(&[("retry-after", "7")], None), 3), Duration::from_secs(7));
        assert_eq!(pause(of(&[("retry-after", "Wed, 21 Oct")], None), 1), Duration::from_secs(1));
        assert_eq!(of(&[("ratelimit", "r=x;;t=")], None), Limit::default());
        assert_eq!(of(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "0")], Some(1000)).reset, None);
    }

    #[test]
    fn a_host_that_asks_for_ages_is_no_reason_to_fail() {
        let most = u64::MAX.to_string();
        let ratelimit = format!("\"api\";r=0;t={most}");
        let github = |name: &str| match name {
            "x-ratelimit-remaining" => Some("0"),
            "x-ratelimit-reset" => Some("9223372036854775807"),
            _ => None,
        };
        for limit in [
            limit(|name| (name == "retry-after").then_some(most.as_str()), None),
            limit(|name| (name == "ratelimit").then_some(ratelimit.as_str()), None),
            limit(github, Some(-5_000_000_000)),
        ] {
            let budget = Budget::default();
            let time = pause(limit, 0);
            budget.hold("a", time);
            assert!(time + time > time && budget.take("a") > Duration::from_secs(3600), "{limit:?}");
        }
    }

    #[test]
    fn a_host_is_left_alone_for_a_while() {
        let budget = Budget::default();
        assert_eq!(budget.take("a"), Duration::ZERO);
        budget.hold("a", Duration::from_secs(60));
        budget.hold("a", Duration::from_secs(1));
        assert!(budget.take("a") > Duration::from_secs(50));
        assert_eq!(budget.take("b"), Duration::ZERO);
    }

    #[test]
    fn no_more_is_asked_than_is_granted() {
        let budget = Budget::default();
        let grant = |left, reset| budget.grant("a", Limit { left: Some(left), reset: Some(reset), after: None });
        grant(3, 100);
        // An answer to an earlier request comes late.
        grant(5, 101);
        let taken = (0..10).filter(|_| budget.take("a").is_zero()).count();
        assert_eq!(taken, 3);
        assert!(budget.take("a") > Duration::from_secs(99));
        // The next window.
        grant(2, 300);
        assert_eq!((0..10).filter(|_| budget.take("a").is_zero()).count(), 2);
        budget.grant("b", Limit { left: Some(0), reset: None, after: None });
        assert_eq!(budget.take("b"), Duration::ZERO);
    }
}
