//! What can go wrong between a client and a server.

use std::io::{self, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::http::{self, Reply, Request};
use super::{State, held};

/// How long a fault lasts at most, and how many bytes it sends.
const LONGEST: Duration = Duration::from_secs(20);
const MOST: usize = 1024 * 1024 * 1024;

/// How an answer fails.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// A status and a body, whose first character says whether it is JSON, HTML or text.
    Status(u16, &'static str),
    /// A status and what `Retry-After` says.
    RetryAfter(u16, &'static str),
    /// 200 and a page, as from a portal that wants a login.
    Html,
    /// 200 and JSON that breaks off.
    NotJson,
    /// The true answer, of which the end is missing.
    Truncated,
    /// Spaces without end, in chunks.
    Endless,
    /// A byte now and then.
    Drip,
    /// Nothing, for long.
    Hang,
    /// The connection ends.
    Drop,
    /// 302 to a place.
    Redirect(String),
    /// A redirect to the same path with another query, again and again.
    RedirectLoop,
    /// A mebibyte that unpacks to more than a hundred times its size.
    Gzip,
    /// Something of the above, the first time only.
    Once(Box<Fault>),
}

/// Fails; whether the connection can be used again.
pub(super) fn play(fault: &Fault, state: &State, request: &Request, mut stream: &TcpStream) -> io::Result<bool> {
    let reply = match fault {
        Fault::Status(status, body) => {
            let kind = match body.chars().next() {
                Some('{' | '[') => "application/json; charset=utf-8",
                Some('<') => "text/html; charset=utf-8",
                _ => "text/plain; charset=utf-8",
            };
            Reply::new(*status).body(kind, *body)
        }
        Fault::RetryAfter(status, when) => Reply::text(*status, "later").header("Retry-After", when),
        Fault::Html => Reply::new(200)
            .body("text/html; charset=utf-8", "<!doctype html>\n<title>Log in</title>\n<p>Please log in.\n"),
        Fault::NotJson => Reply::new(200).body("application/json; charset=utf-8", "{\"id\": \"acme-lab/ti"),
        Fault::Redirect(location) => Reply::to(302, location),
        Fault::RedirectLoop => {
            let hop = request.value("hop").and_then(|hop| hop.parse::<usize>().ok()).unwrap_or(0);
            Reply::to(302, &format!("{}?hop={}", request.path(), hop + 1))
        }
        Fault::Gzip => Reply::new(200).body("application/json", bomb()).header("Content-Encoding", "gzip"),
        Fault::Truncated => {
            let settings = held(&state.settings).clone();
            let reply = state.reply(request, &settings);
            let half = reply.body.len() / 2;
            let promised = reply.body.len().max(1);
            stream.write_all(&http::head(&reply, Some(promised), false))?;
            stream.write_all(&reply.body[..half])?;
            return Ok(false);
        }
        Fault::Endless => {
            let chunk = [b"10000\r\n", vec![b' '; 0x10000].as_slice(), b"\r\n"].concat();
            return trickle(state, stream, &chunk, Duration::ZERO);
        }
        Fault::Drip => return trickle(state, stream, b"1\r\n \r\n", Duration::from_millis(100)),
        Fault::Hang => {
            state.pause(LONGEST);
            return Ok(false);
        }
        Fault::Drop => return Ok(false),
        Fault::Once(inner) => return play(inner, state, request, stream),
    };
    http::write(&mut stream, &reply, request.method == "HEAD", request.keep_alive)?;
    Ok(request.keep_alive)
}

/// Sends one chunk after the other, until the client leaves or the bounds are reached.
fn trickle(state: &State, mut stream: &TcpStream, chunk: &[u8], pause: Duration) -> io::Result<bool> {
    let head = Reply::new(200).header("Content-Type", "application/json").header("Transfer-Encoding", "chunked");
    stream.write_all(&http::head(&head, None, false))?;
    let (start, mut sent) = (Instant::now(), 0);
    while sent < MOST && start.elapsed() < LONGEST && !state.stopping() {
        stream.write_all(chunk)?;
        sent += chunk.len();
        state.pause(pause);
    }
    Ok(false)
}

/// A gzip file of one block with the fixed codes: a zero, then copies of it, 258 at a time. Its checksum is wrong, which
/// nobody may find out.
fn bomb() -> Vec<u8> {
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut bits, mut held) = (0_u64, 0);
    let mut put = |code: u64, length: u32, out: &mut Vec<u8>| {
        bits |= code << held;
        held += length;
        while held >= 8 {
            out.push((bits & 255) as u8);
            bits >>= 8;
            held -= 8;
        }
    };
    // Last block, fixed codes; the literal 0 (00110000, its first bit first).
    put(0b011, 3, &mut out);
    put(0b0000_1100, 8, &mut out);
    while out.len() < 1024 * 1024 {
        // Length 258 (11000101, its first bit first), distance 1 (00000).
        put(0b0_0000_1010_0011, 13, &mut out);
    }
    put(0, 7, &mut out);
    put(0, 7, &mut out);
    out.extend([0; 8]);
    out
}
