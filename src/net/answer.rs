//! What came back, read within its bounds: a body to its end, its limit or its time, and what an error of the client means.

use std::collections::BTreeMap;
use std::io::Read;
use std::time::{Duration, Instant};

use reqwest::blocking::Response;
use reqwest::header::HeaderMap;
use url::Url;

use super::{Answer, Ask, Method, shown};
use crate::error::{Fault, FaultKind};
use crate::words::errors::Errors as Word;
use crate::words::foreign;

/// Headers of an answer that are kept; all others are dropped.
const KEPT: &[&str] = &[
    "etag",
    "link",
    "content-type",
    "content-range",
    "x-repo-commit",
    "x-error-code",
    "x-error-message",
    "x-linked-etag",
    "x-linked-size",
    "x-next-page",
];

/// Reads a body to its end, its limit or its time.
pub(super) fn read(ask: &Ask, response: &mut Response, time: Duration) -> Result<Answer, Fault> {
    let url = response.url().clone();
    let status = response.status().as_u16();
    if response.headers().get("content-encoding").is_some_and(|e| e.as_bytes() != b"identity") {
        return Err(Fault::new(FaultKind::BadAnswer, "content-encoding"));
    }
    let headers = kept(response.headers());
    let body = body(response, ask.method, ask.longest, time)?;
    Ok(Answer { status, url: url.into(), headers, body })
}

/// The bytes of a body of at most `longest`, to its end or its time.
///
/// # Errors
/// A [`Fault`] when it is longer, breaks off or takes too long.
pub(super) fn body(response: &mut Response, method: Method, longest: usize, time: Duration) -> Result<Vec<u8>, Fault> {
    let url = response.url().clone();
    let too_long = || Fault::because(FaultKind::TooLong, &shown(&url), &Word::Longer.text(&[("n", &longest)]));
    if method == Method::Get && response.content_length().is_some_and(|n| n > longest as u64) {
        return Err(too_long());
    }
    let mut body = Vec::new();
    let mut chunk = [0u8; 64 * 1024];
    let start = Instant::now();
    loop {
        let count = response.read(&mut chunk).map_err(|e| {
            let timed_out = e.kind() == std::io::ErrorKind::TimedOut;
            Fault::new(if timed_out { FaultKind::Timeout } else { FaultKind::Broken }, &shown(&url))
        })?;
        if count == 0 {
            break;
        }
        if start.elapsed() > time {
            return Err(Fault::new(FaultKind::Timeout, &shown(&url)));
        }
        if body.len() + count > longest {
            return Err(too_long());
        }
        body.extend(chunk.iter().take(count));
    }
    Ok(body)
}

fn kept(headers: &HeaderMap) -> BTreeMap<String, String> {
    let of = |name: &&str| Some(((*name).to_owned(), headers.get(*name)?.to_str().ok()?.to_owned()));
    KEPT.iter().filter_map(of).collect()
}

/// `Date`, as seconds since 1970.
pub(super) fn http_date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(text).ok().map(|time| time.timestamp().as_second())
}

/// What went wrong, by the errors below an error.
pub(super) fn fault(error: &reqwest::Error, url: &Url) -> Fault {
    let mut below: Vec<String> = Vec::new();
    let mut next: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(e) = next {
        below.push(e.to_string());
        next = e.source();
    }
    let words = below.join(": ");
    let low = words.to_lowercase();
    let kind = if error.is_timeout() {
        FaultKind::Timeout
    } else if ["certificate", "tls", "handshake", "invalid message", "corrupt"].iter().any(|w| low.contains(w)) {
        FaultKind::Tls
    } else if error.is_connect() {
        FaultKind::Unreachable
    } else {
        FaultKind::Broken
    };
    let why = below.last().cloned().unwrap_or_default();
    Fault::because(kind, &shown(url), &foreign::told(&why))
}
