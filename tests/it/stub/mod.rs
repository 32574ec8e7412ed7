//! A stand-in for the hub of models and datasets, for code hosts and registers, on loopback. It serves a folder:
//!
//! - `{models,datasets}/ORG/NAME/REV/…`, REV being `main` or a commit, and `{models,datasets}/ORG/NAME/meta.json` with
//!   `gated`, `open_card` (the card is served before the gate), `private`, `disabled`, `renamed`, `branches`, `tags`,
//!   `cardData`, `croissant`, `config`, `safetensors`;
//! - `code/OWNER/NAME/…` with `code/OWNER/NAME/meta.json`: `license`, `other`, `archived`, `empty`, `truncated`, `commit`
//!   (what `main` is at), `branches`, `tags`, `annotated` (those of the tags that are objects of their own);
//! - `zenodo/ID.json`, `datacite/DOI.json` with `_` for `/`, and `web/HOST/PATH`.
//!
//! The hub is at [`Stub::url`]; the others below it at `/code-api`, `/gitlab-api`, `/OWNER/NAME.git`, `/zenodo-api`,
//! `/datacite-api` and `/web`, or behind the stub as a proxy. `hf_good` is a token that every gate lets through,
//! `hf_plain` one that none does, `code_good` one of the code hosts; all others are refused.
//!
//! [`Stub::recorded`] plays replies written down in a folder instead.

mod code;
mod faults;
mod files;
mod http;
mod hub;
mod others;
mod recorded;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;

pub(crate) use self::faults::Fault;
use self::http::{Reply, Request};

/// Connections served at one time.
const CONNECTIONS: usize = 64;
/// Answers of a window where no limit was set, and its length: what the hub says to anonymous callers.
const QUOTA: (usize, Duration) = (500, Duration::from_secs(300));

/// A request as it came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// As written on the wire, percent signs included; of a proxied request `/web/HOST/PATH`.
    pub(crate) path_and_query: String,
    pub(crate) authorization: Option<String>,
    pub(crate) range: Option<String>,
    pub(crate) if_none_match: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) accept_encoding: Option<String>,
}

/// A server that stops when it is dropped.
pub(crate) struct Stub {
    state: Arc<State>,
    accepting: Vec<(SocketAddr, JoinHandle<()>)>,
}

enum Site {
    Folder(PathBuf),
    Recorded(recorded::Recording),
}

struct State {
    site: Site,
    url: String,
    cdn: String,
    settings: Mutex<Settings>,
    seen: Mutex<Vec<Seen>>,
    window: Mutex<Window>,
    hashes: files::Hashes,
    in_flight: AtomicUsize,
    highest: AtomicUsize,
    stop: AtomicBool,
    open: Mutex<HashMap<usize, TcpStream>>,
    opened: AtomicUsize,
}

#[derive(Clone)]
struct Settings {
    delay: Duration,
    limit: Option<(usize, Duration)>,
    retry_after: bool,
    faults: Vec<(String, Fault)>,
    page: usize,
    redirects: bool,
    cdn: String,
}

/// Answers given since the start of a window.
struct Window {
    since: Instant,
    answers: usize,
}

/// What the callers are told of their quota.
#[derive(Clone, Copy)]
struct Quota {
    most: usize,
    left: usize,
    /// Whole seconds, rounded up: after them the window is over.
    seconds: u64,
    length: u64,
    exceeded: bool,
}

impl Stub {
    /// Serves a folder.
    pub(crate) fn serve(root: &Path) -> Stub {
        Stub::start(Site::Folder(root.to_owned()))
    }

    /// Plays the replies that an `index.json` lists.
    pub(crate) fn recorded(folder: &Path) -> Stub {
        Stub::start(Site::Recorded(recorded::Recording::read(folder)))
    }

    fn start(site: Site) -> Stub {
        // The CDN is another origin: clients follow redirects within the hub, and send the token there.
        let listeners = [0, 1].map(|_| TcpListener::bind("127.0.0.1:0").expect("a port of loopback"));
        let addresses = listeners.each_ref().map(|listener| listener.local_addr().expect("an address"));
        let [url, cdn] = addresses.map(|address| format!("http://{address}"));
        let settings = Settings {
            delay: Duration::ZERO,
            limit: None,
            retry_after: false,
            faults: vec![],
            page: 1000,
            redirects: true,
            cdn: cdn.clone(),
        };
        let state = Arc::new(State {
            site,
            url,
            cdn,
            settings: Mutex::new(settings),
            seen: Mutex::default(),
            window: Mutex::new(Window { since: Instant::now(), answers: 0 }),
            hashes: files::Hashes::default(),
            in_flight: AtomicUsize::new(0),
            highest: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
            open: Mutex::default(),
            opened: AtomicUsize::new(0),
        });
        let start = |(address, listener): (SocketAddr, TcpListener)| {
            let shared = Arc::clone(&state);
            (address, thread::spawn(move || accept(&listener, &shared)))
        };
        let accepting = addresses.into_iter().zip(listeners).map(start).collect();
        Stub { state, accepting }
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    pub(crate) fn url(&self) -> &str {
        &self.state.url
    }

    /// All requests so far, in the order they came.
    pub(crate) fn requests(&self) -> Vec<Seen> {
        held(&self.state.seen).clone()
    }

    /// The most requests that were being answered at one time.
    pub(crate) fn highest_in_flight(&self) -> usize {
        self.state.highest.load(Ordering::SeqCst)
    }

    /// Waits before each answer.
    pub(crate) fn delay(&self, delay: Duration) {
        held(&self.state.settings).delay = delay;
    }

    /// Gives so many answers in a window, from now on; the CDN, other sites and faults do not count.
    pub(crate) fn limit(&self, answers: usize, window: Duration) {
        held(&self.state.settings).limit = Some((answers, window));
        *held(&self.state.window) = Window { since: Instant::now(), answers: 0 };
    }

    /// Whether an answer over the limit holds `Retry-After` also on the hub.
    pub(crate) fn retry_after(&self, on: bool) {
        held(&self.state.settings).retry_after = on;
    }

    /// Fails on all paths that start like this; of several that fit, the first one is used.
    pub(crate) fn fault(&self, prefix: &str, fault: Fault) {
        held(&self.state.settings).faults.push((prefix.to_owned(), fault));
    }

    /// Entries on a page of a listing: 1000 as on the hub, a twentieth where they are expanded.
    pub(crate) fn page_size(&self, entries: usize) {
        held(&self.state.settings).page = entries;
    }

    /// Whether a small file is behind a redirect within the hub, as it is today.
    pub(crate) fn redirect_small_files(&self, on: bool) {
        held(&self.state.settings).redirects = on;
    }

    /// Where the bytes of large files are, another origin than the hub.
    pub(crate) fn cdn(&self) -> &str {
        &self.state.cdn
    }

    /// Sends clients to another URL for the bytes of large files.
    pub(crate) fn cdn_at(&self, url: &str) {
        held(&self.state.settings).cdn = url.to_owned();
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.state.stop.store(true, Ordering::SeqCst);
        for (address, accepting) in self.accepting.drain(..) {
            // Accepting waits for a connection: this is the last one.
            let _ = TcpStream::connect_timeout(&address, Duration::from_secs(1));
            let _ = accepting.join();
        }
        for stream in held(&self.state.open).values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// A lock, also after a thread that held it panicked.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for stream in listener.incoming() {
        if state.stopping() {
            return;
        }
        let Ok(mut stream) = stream else { continue };
        let Ok(handle) = stream.try_clone() else { continue };
        let mut open = held(&state.open);
        if open.len() >= CONNECTIONS {
            let _ = http::write(&mut stream, &Reply::text(503, "too many connections"), false, false);
            continue;
        }
        let id = state.opened.fetch_add(1, Ordering::SeqCst);
        open.insert(id, handle);
        drop(open);
        let state = Arc::clone(state);
        thread::spawn(move || {
            // Clients may leave at any time.
            let _ = converse(&state, &stream);
            let _ = stream.shutdown(Shutdown::Both);
            held(&state.open).remove(&id);
        });
    }
}

/// Answers the requests of one connection.
fn converse(state: &State, mut stream: &TcpStream) -> std::io::Result<()> {
    let mut reader = http::reader(stream)?;
    while !state.stopping() {
        let Some(request) = http::read(&mut reader, &[&state.url, &state.cdn])? else { return Ok(()) };
        let busy = InFlight::new(state);
        held(&state.seen).push(request.seen());
        let settings = held(&state.settings).clone();
        state.pause(settings.delay);
        if let Some(fault) = state.fault_of(&request.target) {
            if !faults::play(&fault, state, &request, stream)? {
                return Ok(());
            }
            continue;
        }
        let reply = state.reply(&request, &settings);
        // A client that asks again at once must not count twice.
        drop(busy);
        let keep = request.keep_alive;
        http::write(&mut stream, &reply, request.method == "HEAD", keep)?;
        if !keep {
            return Ok(());
        }
    }
    Ok(())
}

/// Counts a request for as long as it lives.
struct InFlight<'a>(&'a State);

impl InFlight<'_> {
    fn new(state: &State) -> InFlight<'_> {
        let now = state.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        state.highest.fetch_max(now, Ordering::SeqCst);
        InFlight(state)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

impl State {
    fn stopping(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Waits, but not for a server that stops.
    fn pause(&self, time: Duration) {
        let end = Instant::now() + time;
        while !self.stopping() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left.min(Duration::from_millis(20)));
        }
    }

    /// The fault for a path; one that happens once is taken away.
    fn fault_of(&self, target: &str) -> Option<Fault> {
        let mut settings = held(&self.settings);
        let at = settings.faults.iter().position(|(prefix, _)| target.starts_with(prefix.as_str()))?;
        match settings.faults[at].1.clone() {
            Fault::Once(fault) => {
                settings.faults.remove(at);
                Some(*fault)
            }
            fault => Some(fault),
        }
    }

    /// Counts an answer.
    fn count(&self, settings: &Settings) -> Quota {
        let (most, length) = settings.limit.unwrap_or(QUOTA);
        let mut window = held(&self.window);
        if window.since.elapsed() >= length {
            *window = Window { since: Instant::now(), answers: 0 };
        }
        window.answers += 1;
        let left = most.saturating_sub(window.answers);
        let seconds = length.saturating_sub(window.since.elapsed()).as_secs_f64().ceil() as u64;
        let exceeded = settings.limit.is_some() && window.answers > most;
        // Where no limit was set, nobody may believe that one was reached.
        let left = if settings.limit.is_some() { left } else { left.max(1) };
        Quota { most, left, seconds: seconds.max(1), length: length.as_secs().max(1), exceeded }
    }

    fn reply(&self, request: &Request, settings: &Settings) -> Reply {
        let Some(parts) = request.parts() else { return Reply::json(400, &json!({ "error": "Bad path" })) };
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let root = match &self.site {
            Site::Folder(root) => root,
            Site::Recorded(recording) => {
                let quota = self.count(settings);
                return recording.reply(self, request, quota);
            }
        };
        match parts.as_slice() {
            ["cdn", object] => hub::cdn(self, root, request, object),
            ["web", host, path @ ..] => others::web(root, request, host, path),
            ["zenodo-api", "records", id] => others::zenodo(self, root, id),
            ["datacite-api", "dois", doi @ ..] => others::datacite(root, &doi.join("/")),
            ["code-api", path @ ..] => {
                let quota = self.count(settings);
                code::github(self, root, request, path, quota).headers(&github_quota(quota))
            }
            ["gitlab-api", path @ ..] => {
                let quota = self.count(settings);
                code::gitlab(self, root, request, path, quota).headers(&gitlab_quota(quota))
            }
            [owner, name, "info", "refs"] => code::refs(self, root, request, owner, name),
            path => {
                let quota = self.count(settings);
                let reply = if quota.exceeded {
                    hub_limit(quota, settings.retry_after)
                } else {
                    hub::answer(self, root, request, path, settings)
                };
                reply.headers(&hub_quota(quota)).header("X-Request-Id", &format!("stub-{}", held(&self.seen).len()))
            }
        }
    }
}

/// The hub's answer to a caller who asked too often.
fn hub_limit(quota: Quota, retry_after: bool) -> Reply {
    let most = quota.most;
    let text = format!("We had to rate limit you, you hit the quota of {most} api requests per 5 minutes period.");
    let reply = Reply::json(429, &json!({ "error": text }));
    if retry_after { reply.header("Retry-After", &quota.seconds.to_string()) } else { reply }
}

fn hub_quota(quota: Quota) -> Vec<(&'static str, String)> {
    vec![
        ("RateLimit", format!("\"api\";r={};t={}", quota.left, quota.seconds)),
        ("RateLimit-Policy", format!("\"fixed window\";\"api\";q={};w={}", quota.most, quota.length)),
    ]
}

/// The moment at which a window ends, in seconds since 1970.
fn reset(quota: Quota) -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs()) + quota.seconds
}

fn github_quota(quota: Quota) -> Vec<(&'static str, String)> {
    vec![
        ("x-ratelimit-limit", quota.most.to_string()),
        ("x-ratelimit-remaining", quota.left.to_string()),
        ("x-ratelimit-used", (quota.most - quota.left).to_string()),
        ("x-ratelimit-reset", reset(quota).to_string()),
        ("x-ratelimit-resource", "core".to_owned()),
    ]
}

fn gitlab_quota(quota: Quota) -> Vec<(&'static str, String)> {
    vec![
        ("RateLimit-Limit", quota.most.to_string()),
        ("RateLimit-Remaining", quota.left.to_string()),
        ("RateLimit-Reset", reset(quota).to_string()),
    ]
}
