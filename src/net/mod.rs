//! HTTP, the only room that speaks it: bounded in size and time, polite to hosts, deaf to links that lead inward.
//! It knows no hub and no release; who asks says how much of an answer is wanted and what an answer means.

mod address;
mod budget;
mod store;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::Read;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use reqwest::blocking::{Client, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderValue};
use url::{Host, Url};

pub use self::address::{Lookup, System};
use self::budget::{Budget, Room};
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
    sent: AtomicUsize,
    redirects: AtomicUsize,
    reused: AtomicUsize,
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Net").field("endpoints", &self.settings.endpoints).finish_non_exhaustive()
    }
}

/// The addresses that were looked up and found fit; connections are made to these and to no other.
#[derive(Debug, Default)]
struct Pins(Mutex<HashMap<String, Vec<SocketAddr>>>);

impl Resolve for Pins {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().trim_end_matches('.');
        let found = self.0.lock().ok().and_then(|pins| pins.get(name).cloned()).unwrap_or_default();
        Box::pin(async move {
            match found.is_empty() {
                true => Err("this name was not looked up".into()),
                false => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
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
            sent: AtomicUsize::new(0),
            redirects: AtomicUsize::new(0),
            reused: AtomicUsize::new(0),
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
        cell.get_or_init(|| self.fresh(ask, &key)).clone()
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
            let response = self.patiently(ask, &url, etag)?;
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
    fn patiently(&self, ask: &Ask, url: &Url, etag: Option<&str>) -> Result<Response, Fault> {
        self.check(url)?;
        let bucket = bucket(url);
        let mut waited = Duration::ZERO;
        let mut attempt = 0;
        loop {
            let wait = self.budget.wait(&bucket);
            if !wait.is_zero() {
                self.bear(&mut waited, wait, || Fault::new(FaultKind::RateLimited, &shown(url)))?;
                continue;
            }
            let result = {
                let _room = self.room.enter();
                self.once(ask, url, etag)
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
                    if limit.left == Some(0)
                        && let Some(reset) = limit.reset
                    {
                        self.budget.hold(&bucket, Duration::from_secs(reset.saturating_add(1)));
                    }
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
                self.bear(&mut waited, pause, || fault)?;
            }
        }
    }

    /// Waits, unless that would be longer than anybody should: then it gives the reason for waiting.
    fn bear(&self, waited: &mut Duration, time: Duration, why: impl FnOnce() -> Fault) -> Result<(), Fault> {
        *waited += time;
        if *waited > self.settings.patience {
            return Err(why());
        }
        std::thread::sleep(time);
        Ok(())
    }

    fn once(&self, ask: &Ask, url: &Url, etag: Option<&str>) -> Result<Response, Fault> {
        let client = self.client()?;
        let mut request = match ask.method {
            Method::Get => client.get(url.clone()),
            Method::Head => client.head(url.clone()),
        };
        // Bodies come as they are: sizes are those of files, and nothing is inflated here.
        request = request.header("accept-encoding", "identity");
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
        self.sent.fetch_add(1, Ordering::Relaxed);
        request.send().map_err(|e| fault(&e, url))
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

    /// Refuses a URL that a release has no business to name, and looks its host up. Nothing has been sent yet.
    fn check(&self, url: &Url) -> Result<(), Fault> {
        let refuse = |why: &str| Err(Fault::new(FaultKind::Refused, &format!("{} ({why})", shown(url))));
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("not http");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("with a password");
        }
        let own = self.settings.endpoints.iter().any(|e| same_origin(&e.url, url));
        let port = url.port_or_known_default().unwrap_or(443);
        let fit = |address: IpAddr| own || address::is_public(address);
        match url.host() {
            None => refuse("no host"),
            Some(Host::Ipv4(v4)) if !fit(v4.into()) => refuse("not a public address"),
            Some(Host::Ipv6(v6)) if !fit(v6.into()) => refuse("not a public address"),
            Some(Host::Ipv4(_) | Host::Ipv6(_)) => Ok(()),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.').to_owned();
                let pinned = self.pins.0.lock().ok().and_then(|pins| pins.get(&name).cloned());
                if let Some(pinned) = pinned {
                    // The settings may name a host of a private network: its other ports are not for a release to name.
                    return match pinned.iter().all(|a| fit(a.ip())) {
                        true => Ok(()),
                        false => refuse("not a public address"),
                    };
                }
                let found = match self.settings.lookup.lookup(&name, port) {
                    Ok(found) => found,
                    // Behind a proxy the names of the internet may be unknown here; the proxy looks them up.
                    Err(_) if self.settings.proxy.is_some() => return self.pin_proxy(),
                    Err(_) => return Err(Fault::new(FaultKind::UnknownHost, &name)),
                };
                let fits: Vec<SocketAddr> = found.iter().filter(|a| fit(a.ip())).map(without_port).collect();
                if fits.is_empty() {
                    return match found.is_empty() {
                        true => Err(Fault::new(FaultKind::UnknownHost, &name)),
                        false => refuse("not a public address"),
                    };
                }
                if let Ok(mut pins) = self.pins.0.lock() {
                    pins.insert(name, fits);
                }
                self.pin_proxy()
            }
        }
    }

    /// Looks the user's own proxy up, once.
    fn pin_proxy(&self) -> Result<(), Fault> {
        let Some(proxy) = self.settings.proxy.as_deref().and_then(|p| Url::parse(p).ok()) else { return Ok(()) };
        let (Some(Host::Domain(name)), port) = (proxy.host(), proxy.port_or_known_default().unwrap_or(3128)) else {
            return Ok(());
        };
        let found = self.settings.lookup.lookup(name, port).map_err(|_| Fault::new(FaultKind::UnknownHost, name))?;
        if let Ok(mut pins) = self.pins.0.lock() {
            pins.insert(name.to_owned(), found.iter().map(without_port).collect());
        }
        Ok(())
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

/// An address whose port is left to the URL: the same host may be asked at another one later.
fn without_port(address: &SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip(), 0)
}

fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host() == b.host() && a.port_or_known_default() == b.port_or_known_default()
}

/// The limits that a request counts against: the hub has one for its API and one for files.
fn bucket(url: &Url) -> String {
    let kind = if url.path().starts_with("/api/") { "api" } else { "files" };
    format!("{}:{} {kind}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
}

/// Reads a body to its end, its limit or its time.
fn read(ask: &Ask, response: &mut Response, time: Duration) -> Result<Answer, Fault> {
    let url = response.url().clone();
    let status = response.status().as_u16();
    if response.headers().get("content-encoding").is_some_and(|e| e.as_bytes() != b"identity") {
        return Err(Fault::new(FaultKind::BadAnswer, "content-encoding"));
    }
    let headers = kept(response.headers());
    let too_long = || Fault::new(FaultKind::TooLong, &format!("{} ({} bytes)", shown(&url), ask.longest));
    if ask.method == Method::Get && response.content_length().is_some_and(|n| n > ask.longest as u64) {
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
        if body.len() + count > ask.longest {
            return Err(too_long());
        }
        body.extend(chunk.iter().take(count));
    }
    Ok(Answer { status, url: url.into(), headers, body })
}

fn kept(headers: &HeaderMap) -> BTreeMap<String, String> {
    let of = |name: &&str| Some(((*name).to_owned(), headers.get(*name)?.to_str().ok()?.to_owned()));
    KEPT.iter().filter_map(of).collect()
}

/// `Date`, as seconds since 1970.
fn http_date(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::parse(text).ok().map(|time| time.timestamp().as_second())
}

/// What went wrong, by the errors below an error.
fn fault(error: &reqwest::Error, url: &Url) -> Fault {
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
    Fault::new(kind, &format!("{} ({why})", shown(url)))
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpListener;

    use super::*;

    /// A resolver that counts, and gives every name the same addresses.
    struct Always(Vec<IpAddr>, AtomicUsize);

    impl Lookup for Always {
        fn lookup(&self, _: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
            self.1.fetch_add(1, Ordering::Relaxed);
            Ok(self.0.iter().map(|ip| SocketAddr::new(*ip, port)).collect())
        }
    }

    fn net(addresses: &[&str], own: &[&str]) -> (Net, Arc<Always>) {
        let lookup = Arc::new(Always(addresses.iter().map(|a| a.parse().unwrap()).collect(), AtomicUsize::new(0)));
        let endpoints = own.iter().map(|url| Endpoint { url: Url::parse(url).unwrap(), token: None }).collect();
        let timeout = Duration::from_secs(2);
        let patience = Duration::ZERO;
        (Net::new(Settings { endpoints, timeout, patience, lookup: lookup.clone(), ..Settings::default() }), lookup)
    }

    fn get(net: &Net, url: &str) -> Result<Answer, FaultKind> {
        net.ask(&Ask::get(Url::parse(url).unwrap(), 1000)).map_err(|fault| fault.kind)
    }

    /// A listener on loopback to which nobody may connect.
    fn trap() -> (TcpListener, u16) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    }

    /// A server on loopback that answers `count` times with these lines, and waits ten seconds for that.
    fn serve(head: String, count: usize) -> (u16, std::thread::JoinHandle<Vec<String>>) {
        let (listener, port) = trap();
        (port, answer(listener, head, count))
    }

    fn answer(listener: TcpListener, head: String, count: usize) -> std::thread::JoinHandle<Vec<String>> {
        std::thread::spawn(move || {
            let (mut seen, start) = (Vec::new(), Instant::now());
            while seen.len() < count && start.elapsed() < Duration::from_secs(10) {
                let Ok((mut stream, _)) = listener.accept() else {
                    std::thread::sleep(Duration::from_millis(2));
                    continue;
                };
                stream.set_nonblocking(false).unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
                let mut request = Vec::new();
                let mut byte = [0];
                while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                    request.push(byte[0]);
                }
                seen.push(String::from_utf8(request).unwrap());
                write!(stream, "HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").unwrap();
            }
            seen
        })
    }

    #[test]
    fn names_that_lead_inward_are_refused_before_anything_is_sent() {
        let (listener, port) = trap();
        for addresses in [
            &["127.0.0.1"][..],
            &["10.0.0.1"],
            &["169.254.169.254"],
            &["::1"],
            &["127.0.0.1", "10.0.0.1", "::1", "fd00:ec2::254"],
        ] {
            for scheme in ["http", "https"] {
                let (net, lookup) = net(addresses, &["https://hub.example"]);
                let url = format!("{scheme}://data.example:{port}/x");
                assert_eq!(get(&net, &url), Err(FaultKind::Refused), "{addresses:?}");
                let streamed = net.stream(&Url::parse(&url).unwrap(), 0).map(|_| ()).map_err(|f| f.kind);
                assert_eq!(streamed, Err(FaultKind::Refused));
                assert_eq!((net.counts(), lookup.1.load(Ordering::Relaxed)), ((0, 0), 2), "{addresses:?}");
            }
        }
        assert!(listener.accept().is_err(), "a connection was made");
    }

    #[test]
    fn of_a_mix_of_addresses_only_the_public_ones_are_kept() {
        let (net, _) = net(&["127.0.0.1", "93.184.216.34", "::1", "10.0.0.1"], &[]);
        net.check(&Url::parse("https://data.example/x").unwrap()).unwrap();
        let pins = net.pins.0.lock().unwrap();
        // No port: the same host may be asked by http first and by https then.
        assert_eq!(pins["data.example"], ["93.184.216.34:0".parse().unwrap()]);
    }

    #[test]
    fn a_name_is_looked_up_once() {
        let (net, lookup) = net(&["93.184.216.34"], &["https://data.example"]);
        for url in ["http://data.example/a", "https://data.example/b", "https://DATA.example./c"] {
            net.check(&Url::parse(url).unwrap()).unwrap();
        }
        assert_eq!(lookup.1.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn links_that_lead_inward_or_are_not_http_are_refused() {
        let (listener, port) = trap();
        let (net, lookup) = net(&["127.0.0.1"], &["https://hub.example"]);
        for url in [
            &format!("http://127.0.0.1:{port}/"),
            &format!("http://[::1]:{port}/"),
            &format!("http://2130706433:{port}/"),
            &format!("http://0x7f.1:{port}/"),
            &format!("http://[::ffff:127.0.0.1]:{port}/"),
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://0.0.0.0/",
            "http://[fd00:ec2::254]/",
            "file:///etc/passwd",
            "ftp://data.example/x",
            "data:text/plain,x",
            "https://user:password@data.example/",
            "https://user@data.example/",
        ] {
            assert_eq!(get(&net, url), Err(FaultKind::Refused), "{url}");
        }
        assert_eq!((net.counts().0, lookup.1.load(Ordering::Relaxed)), (0, 0));
        assert!(listener.accept().is_err(), "a connection was made");
    }

    #[test]
    fn a_redirect_that_leads_inward_is_refused() {
        let (listener, port) = trap();
        for to in [
            format!("http://127.0.0.1:{port}/"),
            format!("http://data.example:{port}/"),
            "http://169.254.169.254/".to_owned(),
            "file:///etc/passwd".to_owned(),
            "http://user:password@hub.example/".to_owned(),
        ] {
            let (own, server) = serve(format!("302 Found\r\nLocation: {to}"), 1);
            let own = format!("http://hub.example:{own}");
            let (net, _) = net(&["127.0.0.1"], &[&own]);
            assert_eq!(get(&net, &format!("{own}/a")), Err(FaultKind::Refused), "{to}");
            assert_eq!((net.counts().0, server.join().unwrap().len()), (1, 1), "{to}");
        }
        assert!(listener.accept().is_err(), "a connection was made");
    }

    #[test]
    fn what_the_settings_name_may_be_on_loopback_and_its_other_ports_may_not() {
        let (listener, port) = trap();
        let (own, server) = serve("204 No Content".to_owned(), 2);
        let named = format!("http://hub.example:{own}");
        let (net, _) = net(&["127.0.0.1"], &[&named, &format!("http://127.0.0.1:{own}")]);
        assert_eq!(get(&net, &format!("{named}/a")).map(|a| a.status), Ok(204));
        assert_eq!(get(&net, &format!("http://127.0.0.1:{own}/a")).map(|a| a.status), Ok(204));
        for other in [format!("http://hub.example:{port}/"), format!("http://127.0.0.1:{port}/")] {
            assert_eq!(get(&net, &other), Err(FaultKind::Refused), "{other}");
        }
        assert_eq!((net.counts().0, server.join().unwrap().len()), (2, 2));
        assert!(listener.accept().is_err(), "a connection was made");
    }

    #[test]
    fn tokens_by_service() {
        let endpoint = |url: &str, token: Option<&str>| Endpoint {
            url: Url::parse(url).unwrap(),
            token: token.map(str::to_owned),
        };
        let endpoints = vec![
            endpoint("https://one.example", None),
            endpoint("https://one.example", Some("hub")),
            endpoint("https://one.example/code-api", None),
            endpoint("https://one.example/git-api", Some("git")),
        ];
        let net = Net::new(Settings { endpoints, ..Settings::default() });
        for (url, token) in [
            ("https://one.example/api/models/a/b", Some("hub")),
            ("https://one.example/code-api/repos/a/b", None),
            ("https://one.example/git-api/projects/a", Some("git")),
            ("http://one.example/api/models/a/b", None),
            ("https://one.example:444/api", None),
            ("https://cdn.one.example/api", None),
            ("https://two.example/git-api", None),
        ] {
            assert_eq!(net.token(&Url::parse(url).unwrap()), token, "{url}");
        }
    }

    #[test]
    fn one_question_is_asked_once() {
        let (own, server) = serve("200 OK".to_owned(), 1);
        let (net, _) = net(&[], &[&format!("http://127.0.0.1:{own}")]);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(get(&net, &format!("http://127.0.0.1:{own}/a")).map(|a| a.status), Ok(200)));
            }
        });
        let seen = server.join().unwrap();
        assert_eq!(net.counts().0, 1);
        assert!(seen[0].contains(&format!("user-agent: ouvert/{}", env!("CARGO_PKG_VERSION"))), "{seen:?}");
        assert!(seen[0].contains("accept-encoding: identity") && !seen[0].contains("cookie"), "{seen:?}");
    }

    #[test]
    fn a_kept_answer_is_asked_for_again_by_its_tag() {
        let store = tempfile::tempdir().unwrap();
        let url = |port| format!("http://hub.example:{port}");
        let with = |own: &str, offline| {
            let (inner, _) = net(&["127.0.0.1"], &[own]);
            Net::new(Settings { store: Some(store.path().into()), offline, ..inner.settings })
        };
        let (port, server) = serve("200 OK\r\nETag: \"one\"".to_owned(), 1);
        let first = get(&with(&url(port), false), &format!("{}/a", url(port))).unwrap();
        assert!(!server.join().unwrap()[0].contains("if-none-match"));
        // The port is a part of the question: the next server has to stand at the same one.
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let offline = with(&url(port), true);
        assert_eq!(get(&offline, &format!("{}/a", url(port))), Ok(first.clone()));
        assert_eq!((get(&offline, &format!("{}/b", url(port))), offline.counts()), (Err(FaultKind::Offline), (0, 1)));
        assert!(listener.accept().is_err(), "a connection was made offline");
        let server = answer(listener, "304 Not Modified".to_owned(), 1);
        let again = with(&url(port), false);
        assert_eq!((get(&again, &format!("{}/a", url(port))), again.counts()), (Ok(first), (1, 1)));
        assert!(server.join().unwrap()[0].contains("if-none-match: \"one\""));
    }

    #[test]
    fn a_fault_tells_no_signature_of_a_link() {
        let (storage, server) = serve("500 Internal Server Error".to_owned(), 1);
        let to = format!("http://hub.example:{storage}/file?Signature=secret");
        let (own, first) = serve(format!("302 Found\r\nLocation: {to}"), 1);
        let (own, storage) = (format!("http://hub.example:{own}"), format!("http://hub.example:{storage}"));
        let (net, _) = net(&["127.0.0.1"], &[&own, &storage]);
        let fault = net.ask(&Ask::get(Url::parse(&format!("{own}/a")).unwrap(), 1000)).unwrap_err();
        assert!(fault.detail.contains(&format!("{storage}/file")) && !fault.detail.contains("secret"), "{fault}");
        drop((server.join(), first.join()));
    }
}
