//! HTTP, the only room that speaks it: bounded in size and time, polite to hosts, deaf to links that lead inward.
//! It knows no hub and no release; who asks says how much of an answer is wanted and what an answer means.

mod address;
mod answer;
mod budget;
mod guard;
mod now;
mod relay;
mod store;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::Read;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::HeaderValue;
use url::Url;

pub use self::address::{Lookup, System};
use self::answer::{fault, http_date, read};
use self::budget::{Budget, Room};
use self::guard::Pins;
pub use self::now::Doing;
use self::now::Now;
pub use self::relay::{Errand, Reply};
use self::store::Store;
use crate::error::{Fault, FaultKind};

/// Redirects followed of one request.
const MOST_REDIRECTS: usize = 5;
/// Times that a refusal for now (429, 5xx, a broken connection) is asked again.
const MOST_ATTEMPTS: u32 = 5;
/// Bytes read of an answer that refuses a stream.
const LONGEST_REFUSAL: usize = 64 * 1024;
/// Times that a host which does not answer is asked.
const MOST_SILENT: u32 = 2;
/// Time to connect.
const CONNECT: Duration = Duration::from_secs(10);
/// Bytes of answers that are remembered beside those kept on disk; beyond it all are forgotten.
const MOST_REMEMBERED: usize = 64 * 1024 * 1024;
/// Whom to speak to, and how.
pub struct Settings {
    /// Services that the user's settings name, each with the token that is for it alone.
    pub endpoints: Vec<Endpoint>,
    /// Folder in which answers are kept.
    pub store: Option<PathBuf>,
    /// Whether only kept answers are used, and no socket is opened.
    pub offline: bool,
    /// The proxy that all requests go through.
    pub proxy: Option<String>,
    /// Whom a host may write to about these requests: a mail address or a page, told in the `User-Agent`.
    pub contact: Option<String>,
    /// Requests at a time.
    pub in_flight: usize,
    /// Time for one request and its answer.
    pub timeout: Duration,
    /// Time that one request may wait for a host that asked to be left alone.
    pub patience: Duration,
    /// What turns names into addresses.
    pub lookup: Arc<dyn Lookup>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            endpoints: vec![],
            store: None,
            offline: false,
            proxy: None,
            contact: None,
            in_flight: 8,
            timeout: Duration::from_secs(30),
            // The hub's window is five minutes.
            patience: Duration::from_secs(310),
            lookup: Arc::new(System),
        }
    }
}

/// A service and the token for it.
#[derive(Clone)]
pub struct Endpoint {
    /// Its base, without a slash at the end.
    pub url: Url,
    /// Sent to this scheme, host and port, and nowhere else.
    pub token: Option<String>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = if self.token.is_some() { "with a token" } else { "without token" };
        write!(f, "{} {token}", self.url)
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Whether the body is wanted.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// First byte and number of bytes.
    pub range: Option<(u64, u64)>,
    /// Bytes of an answer that are read; a longer one is a fault.
    pub longest: usize,
    /// Whether the answer can never change, so that a kept one needs no asking.
    pub immutable: bool,
    /// `Accept`, where one is needed.
    pub accept: Option<&'static str>,
}

/// The two methods that change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Head,
}

impl Ask {
    /// A GET of at most `longest` bytes.
    pub fn get(url: Url, longest: usize) -> Ask {
        Ask { method: Method::Get, url, range: None, longest, immutable: false, accept: None }
    }

    /// What a kept answer is found by.
    fn key(&self, token: Option<&str>) -> String {
        let token = token.map(|t| crate::digest::Digest::of(t.as_bytes()).hex().to_owned()).unwrap_or_default();
        let range = self.range.map(|(at, n)| format!("{at}+{n}")).unwrap_or_default();
        format!("{:?} {} {range} {} {token}", self.method, self.url, self.accept.unwrap_or_default())
    }
}

/// What came back, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where it came from, after redirects.
    pub url: String,
    /// Some headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

type Kept = Arc<OnceLock<Result<Answer, Fault>>>;

/// The way to the network.
pub struct Net {
    settings: Settings,
    client: OnceLock<Result<Client, String>>,
    pins: Arc<Pins>,
    budget: Budget,
    room: Room,
    store: Option<Store>,
    memory: Mutex<HashMap<String, Kept>>,
    remembered: AtomicUsize,
    sent: AtomicUsize,
    redirects: AtomicUsize,
    reused: AtomicUsize,
    now: Now,
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Net").field("endpoints", &self.settings.endpoints).finish_non_exhaustive()
    }
}

impl Net {
    /// A way to the network; nothing is sent yet.
    pub fn new(settings: Settings) -> Net {
        let store = settings.store.clone().map(Store::new);
        let room = Room::new(settings.in_flight);
        Net {
            settings,
            client: OnceLock::new(),
            pins: Arc::default(),
            budget: Budget::default(),
            room,
            store,
            memory: Mutex::default(),
            remembered: AtomicUsize::new(0),
            sent: AtomicUsize::new(0),
            redirects: AtomicUsize::new(0),
            reused: AtomicUsize::new(0),
            now: Now::default(),
        }
    }

    /// Whether no socket is opened.
    pub fn is_offline(&self) -> bool {
        self.settings.offline
    }

    /// Requests sent, redirects and repeats counted, and answers that were kept ones.
    pub fn counts(&self) -> (usize, usize) {
        (self.sent.load(Ordering::Relaxed), self.reused.load(Ordering::Relaxed))
    }

    /// Requests, among those sent, that went where another's answer redirected to.
    pub fn redirects(&self) -> usize {
        self.redirects.load(Ordering::Relaxed)
    }

    /// What is being done at this moment, for a screen.
    pub fn doing(&self) -> Doing {
        self.now.doing()
    }

    /// Asks, or gives the answer that the same question had before.
    ///
    /// # Errors
    /// A [`Fault`] when no answer came that means anything: refused, unreachable, too long, for now too busy.
    pub fn ask(&self, ask: &Ask) -> Result<Answer, Fault> {
        let key = ask.key(self.token(&ask.url));
        let cell = match self.memory.lock() {
            Ok(mut memory) => memory.entry(key.clone()).or_default().clone(),
            Err(_) => Kept::default(),
        };
        // Two threads with one question: the second waits for the first's answer.
        let answer = cell.get_or_init(|| {
            let fresh = self.fresh(ask, &key);
            self.remember(key.len() + fresh.as_ref().map_or(0, |answer| answer.body.len()));
            fresh
        });
        answer.clone()
    }

    /// Counts the bytes of an answer that is remembered, and forgets all when they are too many.
    fn remember(&self, bytes: usize) {
        if self.remembered.fetch_add(bytes, Ordering::Relaxed) + bytes > MOST_REMEMBERED
            && let Ok(mut memory) = self.memory.lock()
        {
            memory.clear();
            self.remembered.store(0, Ordering::Relaxed);
        }
    }

    fn fresh(&self, ask: &Ask, key: &str) -> Result<Answer, Fault> {
        let kept = self.store.as_ref().and_then(|store| store.get(key));
        if self.settings.offline || (ask.immutable && kept.as_ref().is_some_and(|k| k.status < 300)) {
            self.reused.fetch_add(usize::from(kept.is_some()), Ordering::Relaxed);
            return kept.ok_or_else(|| Fault::new(FaultKind::Offline, ask.url.as_str()));
        }
        let etag = kept.as_ref().filter(|k| k.status < 300).and_then(|k| k.header("etag"));
        let mut response = self.send(ask, etag)?;
        if let (304, Some(kept)) = (response.status().as_u16(), &kept) {
            self.reused.fetch_add(1, Ordering::Relaxed);
            return Ok(kept.clone());
        }
        let _asked = self.now.ask(response.url().host_str());
        let answer = read(ask, &mut response, self.settings.timeout)?;
        if let Some(store) = &self.store {
            store.put(key, &answer);
        }
        Ok(answer)
    }

    /// The body of an answer as it comes, from byte `from` on, for bytes that are hashed and not kept; or else the answer
    /// that is no success.
    ///
    /// # Errors
    /// As [`Net::ask`].
    pub fn stream(&self, url: &Url, from: u64) -> Result<Result<Box<dyn Read + Send>, Answer>, Fault> {
        if self.settings.offline {
            return Err(Fault::new(FaultKind::Offline, url.as_str()));
        }
        let range = (from > 0).then_some((from, u64::MAX - from));
        let ask = Ask { range, ..Ask::get(url.clone(), LONGEST_REFUSAL) };
        let mut response = self.send(&ask, None)?;
        match response.status().as_u16() {
            200 if from == 0 => Ok(Ok(Box::new(response))),
            206 => Ok(Ok(Box::new(response))),
            _ => read(&ask, &mut response, self.settings.timeout).map(Err),
        }
    }

    /// Sends a request, follows redirects, and asks again where the refusal is one for now.
    fn send(&self, ask: &Ask, etag: Option<&str>) -> Result<Response, Fault> {
        let mut url = ask.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            self.check(&url, false)?;
            let response = self.patiently(&url, &|| self.once(ask, &url, etag))?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return Ok(response);
            }
            let location = response.headers().get("location").and_then(|l| l.to_str().ok());
            let next = location.and_then(|l| url.join(l).ok());
            url = next.ok_or_else(|| Fault::new(FaultKind::BadAnswer, "redirect"))?;
            self.redirects.fetch_add(1, Ordering::Relaxed);
        }
        Err(Fault::new(FaultKind::Redirects, ask.url.as_str()))
    }

    /// One request to one place, repeated while the host says "not now".
    fn patiently(&self, url: &Url, once: &dyn Fn() -> Result<Response, Fault>) -> Result<Response, Fault> {
        let bucket = bucket(url);
        let mut waited = Duration::ZERO;
        let mut attempt = 0;
        loop {
            let wait = self.budget.take(&bucket);
            if !wait.is_zero() {
                self.bear(&mut waited, wait, url, || Fault::new(FaultKind::RateLimited, &shown(url)))?;
                continue;
            }
            let result = {
                let _room = self.room.enter();
                let _asked = self.now.ask(url.host_str());
                once()
            };
            let (fault, pause) = match result {
                Ok(response) => {
                    let status = response.status().as_u16();
                    let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok());
                    let clock = header("date").and_then(http_date);
                    let limit = budget::limit(header, clock);
                    // GitHub says 403 where it means 429; its second limit tells only when to come again.
                    let asked = limit.left == Some(0) || limit.after.is_some();
                    let limited = status == 429 || (matches!(status, 403 | 503) && asked);
                    self.budget.grant(&bucket, limit);
                    limit.left.iter().for_each(|left| self.now.grants(url.host_str(), *left));
                    if !limited && !matches!(status, 500..=599) {
                        return Ok(response);
                    }
                    let kind = if limited { FaultKind::RateLimited } else { FaultKind::Status(status) };
                    let pause = budget::pause(limit, attempt);
                    if limited {
                        self.budget.hold(&bucket, pause);
                    }
                    (Fault::new(kind, &shown(url)), pause)
                }
                Err(fault) if fault.kind.is_passing() => (fault, budget::pause(budget::Limit::default(), attempt)),
                Err(fault) => return Err(fault),
            };
            attempt += 1;
            // A host that does not answer at all takes its whole time to say so.
            let most = if fault.kind.is_passing() { MOST_SILENT } else { MOST_ATTEMPTS };
            if attempt >= most {
                return Err(fault);
            }
            if fault.kind != FaultKind::RateLimited {
                self.bear(&mut waited, pause, url, || fault)?;
            }
        }
    }

    /// Waits, unless that would be longer than anybody should: then it gives the reason for waiting.
    fn bear(&self, waited: &mut Duration, time: Duration, url: &Url, why: impl FnOnce() -> Fault) -> Result<(), Fault> {
        *waited += time;
        if *waited > self.settings.patience {
            return Err(why());
        }
        let _rest = self.now.rest(url.host_str(), time);
        std::thread::sleep(time);
        Ok(())
    }

    fn once(&self, ask: &Ask, url: &Url, etag: Option<&str>) -> Result<Response, Fault> {
        let mut request = self.request(ask.method, url)?;
        if let Some(token) = self.token(url) {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| Fault::new(FaultKind::BadToken, url.host_str().unwrap_or_default()))?;
            value.set_sensitive(true);
            request = request.header("authorization", value);
        }
        if let Some(etag) = etag {
            request = request.header("if-none-match", etag);
        }
        if let Some((from, count)) = ask.range {
            let last = from.saturating_add(count).saturating_sub(1);
            let range = if last > u64::MAX / 2 { format!("bytes={from}-") } else { format!("bytes={from}-{last}") };
            request = request.header("range", range);
        }
        if let Some(accept) = ask.accept {
            request = request.header("accept", accept);
        }
        self.count();
        request.send().map_err(|e| fault(&e, url))
    }

    /// A request to a place, with nothing in it that is of one place alone.
    fn request(&self, method: Method, url: &Url) -> Result<RequestBuilder, Fault> {
        let client = self.client()?;
        let request = match method {
            Method::Get => client.get(url.clone()),
            Method::Head => client.head(url.clone()),
        };
        // Bodies come as they are: sizes are those of files, and nothing is inflated here.
        Ok(request.header("accept-encoding", "identity"))
    }

    /// Counts a request that is being sent.
    fn count(&self) {
        self.sent.fetch_add(1, Ordering::Relaxed);
    }

    fn client(&self) -> Result<&Client, Fault> {
        let build = || {
            // Who runs it, else the project's own page, as soon as it has one.
            let page = Some(env!("CARGO_PKG_REPOSITORY")).filter(|page| !page.is_empty());
            let contact = self.settings.contact.as_deref().or(page).map(|c| format!("; +{c}")).unwrap_or_default();
            let agent = format!("ouvert/{} (openness audit{contact})", env!("CARGO_PKG_VERSION"));
            let mut builder = Client::builder()
                .user_agent(agent)
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .retry(reqwest::retry::never())
                .connect_timeout(CONNECT.min(self.settings.timeout))
                .timeout(self.settings.timeout)
                .dns_resolver(self.pins.clone())
                .no_proxy();
            if let Some(proxy) = &self.settings.proxy {
                let proxy = reqwest::Proxy::all(proxy).map_err(|e| e.to_string())?;
                builder = builder.proxy(proxy.no_proxy(reqwest::NoProxy::from_env()));
            }
            builder.build().map_err(|e| e.to_string())
        };
        let client = self.client.get_or_init(build);
        client.as_ref().map_err(|why| Fault::new(FaultKind::Unreachable, why))
    }

    /// The token for the service that a URL belongs to.
    fn token(&self, url: &Url) -> Option<&str> {
        let own = self.settings.endpoints.iter().filter(|e| same_origin(&e.url, url));
        // Two services may share a host: the longer path decides, and one without a token gets none of the other's.
        let fits = own.filter(|e| url.path().starts_with(e.url.path().trim_end_matches('/')));
        let longest = fits.max_by_key(|e| (e.url.path().trim_end_matches('/').len(), e.token.is_some()));
        longest.and_then(|e| e.token.as_deref())
    }
}

/// A URL as a report may show it: what follows the path may be a signature that opens a gated file, and what stands
/// before the host a password.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // A URL that can have neither has none to take away.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host() == b.host() && a.port_or_known_default() == b.port_or_known_default()
}

/// The limits that a request counts against: the hub has one for its API and one for files.
fn bucket(url: &Url) -> String {
    let kind = if url.path().starts_with("/api/") { "api" } else { "files" };
    format!("{}:{} {kind}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
}

#[cfg(test)]
mod tests;
