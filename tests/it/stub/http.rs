//! HTTP/1.1 as far as a stub needs it: one request read, one reply written, bytes by range and by entity tag.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use super::Seen;

/// Bytes of a request's head and of its body.
const LONGEST: u64 = 1024 * 1024;
/// How long a client may say nothing, or take nothing.
const PATIENCE: Duration = Duration::from_secs(30);

pub(super) struct Request {
    pub(super) method: String,
    /// Path and query as written.
    pub(super) target: String,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) keep_alive: bool,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn seen(&self) -> Seen {
        let header = |name| self.header(name).map(str::to_owned);
        Seen {
            method: self.method.clone(),
            path_and_query: self.target.clone(),
            authorization: header("authorization"),
            range: header("range"),
            if_none_match: header("if-none-match"),
            user_agent: header("user-agent"),
            accept_encoding: header("accept-encoding"),
        }
    }

    /// The path as written.
    pub(super) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The pairs of the query as written.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &str> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        query.split('&').filter(|pair| !pair.is_empty())
    }

    /// The values of a key of the query.
    pub(super) fn values(&self, key: &str) -> Vec<String> {
        let pairs = self.pairs().map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.filter(|(k, _)| decode(k) == key).map(|(_, value)| decode(&value.replace('+', " "))).collect()
    }

    /// The first value of a key of the query.
    pub(super) fn value(&self, key: &str) -> Option<String> {
        self.values(key).into_iter().next()
    }

    /// Whether the query says that something is wanted.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.value(key).is_some_and(|value| ["", "1", "true", "True"].contains(&value.as_str()))
    }

    /// The segments of the path, decoded; none where one could leave the folder.
    pub(super) fn parts(&self) -> Option<Vec<String>> {
        let path = self.path().strip_prefix('/')?;
        let parts: Vec<String> = path.strip_suffix('/').unwrap_or(path).split('/').map(decode).collect();
        let leaves = |part: &str| matches!(part, "" | "." | "..") || part.contains(['\\', '\0']);
        let wrong = !path.is_empty() && parts.iter().any(|part| part.split('/').any(leaves));
        (!wrong).then_some(parts)
    }
}

/// A percent-encoded text as what it stands for.
pub(super) fn decode(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let hex =
            text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(hex.unwrap_or(bytes[at]));
        at += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A path with all but plain characters percent-encoded.
pub(super) fn encode(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The reading side of a connection.
pub(super) fn reader(stream: &TcpStream) -> io::Result<BufReader<TcpStream>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream.try_clone()?))
}

/// Reads a request; none where the client has no more.
pub(super) fn read(reader: &mut BufReader<TcpStream>, own: &[&str]) -> io::Result<Option<Request>> {
    let wrong = || io::Error::from(io::ErrorKind::InvalidData);
    let mut head = reader.by_ref().take(LONGEST);
    let mut line = String::new();
    if head.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
        return Err(wrong());
    };
    let mut headers = Vec::new();
    loop {
        line.clear();
        if head.read_line(&mut line)? == 0 {
            return Err(wrong());
        }
        if line.trim().is_empty() {
            break;
        }
        let (key, value) = line.split_once(':').ok_or_else(wrong)?;
        headers.push((key.trim().to_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request { method, target: local(&target, own), headers, body: vec![], keep_alive: true };
    let length = request.header("content-length").map_or(Ok(0), str::parse::<u64>).map_err(|_| wrong())?;
    if length > LONGEST || request.header("transfer-encoding").is_some() {
        return Err(wrong());
    }
    request.body = vec![0; usize::try_from(length).map_err(|_| wrong())?];
    reader.read_exact(&mut request.body)?;
    let close = request.header("connection").is_some_and(|c| c.eq_ignore_ascii_case("close"));
    request.keep_alive = version == "HTTP/1.1" && !close;
    Ok(Some(request))
}

/// What a proxy is asked for has a host: it is served from `web/HOST`.
fn local(target: &str, own: &[&str]) -> String {
    match own.iter().find_map(|own| target.strip_prefix(own)) {
        Some(path) if path.starts_with('/') => path.to_owned(),
        _ => target.strip_prefix("http://").map_or(target.to_owned(), |rest| format!("/web/{rest}")),
    }
}

pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn new(status: u16) -> Reply {
        Reply { status, headers: vec![], body: vec![] }
    }

    pub(super) fn json(status: u16, value: &Value) -> Reply {
        Reply::new(status).body("application/json; charset=utf-8", value.to_string())
    }

    pub(super) fn text(status: u16, text: &str) -> Reply {
        Reply::new(status).body("text/plain; charset=utf-8", text)
    }

    /// A redirect.
    pub(super) fn to(status: u16, location: &str) -> Reply {
        Reply::text(status, &format!("Redirecting to {location}")).header("Location", location)
    }

    pub(super) fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Reply {
        self.body = body.into();
        self.header("Content-Type", kind)
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn headers(self, headers: &[(&str, String)]) -> Reply {
        headers.iter().fold(self, |reply, (name, value)| reply.header(name, value))
    }

    /// Bytes that have an entity tag (without its quotes): whole, in part, or not at all when the client has them.
    pub(super) fn content(request: &Request, kind: &str, bytes: Vec<u8>, tag: &str) -> Reply {
        let tag = format!("\"{tag}\"");
        let with = |reply: Reply| reply.header("ETag", &tag).header("Accept-Ranges", "bytes");
        let same =
            |given: &str| given.split(',').map(|t| t.trim().trim_start_matches("W/")).any(|t| t == tag || t == "*");
        if request.header("if-none-match").is_some_and(same) {
            return with(Reply::new(304));
        }
        let range = request.header("range").filter(|_| request.header("if-range").is_none_or(|given| given == tag));
        match range.and_then(|range| span(range, bytes.len())) {
            None => with(Reply::new(200).body(kind, bytes)),
            Some(None) => with(Reply::new(416)).header("Content-Range", &format!("bytes */{}", bytes.len())),
            Some(Some((from, to))) => {
                let of = format!("bytes {from}-{}/{}", to - 1, bytes.len());
                with(Reply::new(206).body(kind, &bytes[from..to])).header("Content-Range", &of)
            }
        }
    }
}

/// The span that a range asks for: none for what is no single range, and none inside where no byte is in it.
fn span(range: &str, length: usize) -> Option<Option<(usize, usize)>> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.saturating_add(1).min(length)),
        (Ok(from), Err(_)) if to.is_empty() => (from, length),
        (Err(_), Ok(last)) if from.is_empty() => (length.saturating_sub(last), length),
        _ => return None,
    };
    Some((from < to).then_some((from, to)))
}

/// The head of a reply; the length is that of the body, or one that was promised.
pub(super) fn head(reply: &Reply, length: Option<usize>, keep: bool) -> Vec<u8> {
    let reason = match reply.status {
        200 => "OK",
        206 => "Partial Content",
        302 => "Found",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        416 => "Range Not Satisfiable",
        429 => "Too Many Requests",
        503 => "Service Unavailable",
        _ => "-",
    };
    let mut out = format!("HTTP/1.1 {} {reason}\r\n", reply.status);
    for (name, value) in &reply.headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(length) = length.filter(|_| reply.status != 304) {
        out.push_str(&format!("Content-Length: {length}\r\n"));
    }
    out.push_str(if keep { "Connection: keep-alive\r\n\r\n" } else { "Connection: close\r\n\r\n" });
    out.into_bytes()
}

/// Writes a reply, its head only where that was asked for.
pub(super) fn write(stream: &mut impl Write, reply: &Reply, head_only: bool, keep: bool) -> io::Result<()> {
    let mut out = head(reply, Some(reply.body.len()), keep);
    if !head_only {
        out.extend_from_slice(&reply.body);
    }
    stream.write_all(&out)
}
